"""Answers about plans and decisions."""
