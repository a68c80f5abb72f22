"""The composition root: the one place that knows every adapter and puts the parts together."""

from bot.bootstrap.house import House
from bot.bootstrap.opening import checked, lead, prepare_database, problems, read_settings, today, try_settings

__all__ = ["House", "checked", "lead", "prepare_database", "problems", "read_settings", "today", "try_settings"]
