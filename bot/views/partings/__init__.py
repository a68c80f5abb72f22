"""Partings on screen: the tasks, how they stand, and the letter."""
