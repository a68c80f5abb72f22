"""How a parting ends: what must be settled first, the lessons, the look back."""
