"""What people typed and what it was, and how like it a text is."""
