"""Mending first (plan), and a fair decision (gate) when mending did not help."""
