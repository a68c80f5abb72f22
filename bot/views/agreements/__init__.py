"""Agreements and what is measured against them, on screen."""
