"""What is told unasked: to whom, when, and what has become of it."""
