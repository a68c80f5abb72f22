"""Answers about roles, visibility and the log."""
