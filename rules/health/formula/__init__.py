"""The formulas, each version in modules of its own: v1 still says what it said of the past, v2 judges today."""
