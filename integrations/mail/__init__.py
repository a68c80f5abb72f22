"""A letter as a file for somebody's mail program. Nothing here sends (design, promise 1)."""
