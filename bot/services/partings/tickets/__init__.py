"""From tasks to tickets and back: who sees the destination, opening at most once, what the tracker says."""
