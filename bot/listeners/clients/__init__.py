"""Answers about clients and their channels."""
