"""The outside world for those who have none, as strict as the real one. A running app never imports it."""
