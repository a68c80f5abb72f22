"""Lists that other programs write: whose columns they are, and in which notation their days and numbers stand.

Nothing here knows files or our database.
"""
