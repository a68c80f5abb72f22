"""How roles, visibility and the log look."""
