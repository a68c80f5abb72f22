"""Where tickets go, and who is asked about it."""
