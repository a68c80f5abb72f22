"""What workers do: names and order only. A step is one call of a service; arguments are ids, dates and numbers."""
