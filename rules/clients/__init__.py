"""Who the clients are, where they are spoken of, who may see them, and which stage the relationship is in."""
