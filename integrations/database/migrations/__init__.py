"""Alembic's migrations, run by `migrate`; the engine brings its own for its own tables."""
