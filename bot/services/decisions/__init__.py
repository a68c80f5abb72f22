"""Mending by a plan, and a fair decision to end when mending did not help."""
