"""A plain page on which the outside world can be looked at."""
