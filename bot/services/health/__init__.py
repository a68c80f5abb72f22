"""What the notes add up to, for one reader."""
