"""A stand-in for Trello that speaks REST 1 for exactly the calls that we make, as strictly as the real one."""

from integrations.sandbox.trello.standin import TrelloStandIn

__all__ = ["TrelloStandIn"]
