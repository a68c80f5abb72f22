"""The composition root: the one place that knows every adapter and puts the parts together."""

from bot.bootstrap.house import House

__all__ = ["House"]
