"""Answers about health."""
