"""How long words are kept, how they leave on demand, and how they go for good."""
