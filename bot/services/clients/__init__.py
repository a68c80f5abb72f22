"""The clients, their names and their channels."""
