"""Answers about how a parting ends."""
