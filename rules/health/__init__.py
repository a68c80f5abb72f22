"""What was noticed about a client, and what it adds up to on a day."""
