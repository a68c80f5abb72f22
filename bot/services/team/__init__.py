"""Who may do what, who sees which client, and the log of both."""
