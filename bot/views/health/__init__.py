"""Health on the screen."""
