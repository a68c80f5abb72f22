"""Answers about partings and letters."""
