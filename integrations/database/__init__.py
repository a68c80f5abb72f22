"""Rows in SQLite or PostgreSQL, behind the repositories of `rules/ports`. Nothing here decides about a client."""
