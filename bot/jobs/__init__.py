"""What workers do: each job of `bot/agenda.py`, and what is posted for it. A step is one call; no rule lives here."""
