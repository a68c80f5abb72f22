"""Block Kit's rules as tables: what may stand where, and how long it may be (facts 1)."""
