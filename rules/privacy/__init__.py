"""What each stored field holds, and what is left of a row when its words have to go."""
