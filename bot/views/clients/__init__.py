"""Clients and their channels on screen."""
