"""Use cases of a parting: its tasks, their tickets, and the letter."""
