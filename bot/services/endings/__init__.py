"""Use cases of how a parting ends: what is still owed either way, the receipt, the close, and what was learnt."""
