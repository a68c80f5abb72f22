"""What is posted unasked: a service gives the value, a view draws it, the announcer posts it."""
