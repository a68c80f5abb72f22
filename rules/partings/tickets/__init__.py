"""What the tickets of a parting say."""
