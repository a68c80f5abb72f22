"""How a note comes in, whatever its way, and how it is taken back."""
