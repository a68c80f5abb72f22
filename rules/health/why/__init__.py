"""What makes a score plain: what moved it, what comes of it, what to do, and what it weighs against."""
