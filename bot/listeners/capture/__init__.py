"""Answers to who logs a note, by words, shortcut or reaction."""
