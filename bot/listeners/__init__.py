"""One file per feature: its commands, forms and buttons, then `register`. Listeners get calls and return replies."""
