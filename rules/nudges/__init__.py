"""When a word that nobody asked for may reach a person, and when it has to wait."""
