"""Answers about agreements, invoices, hours and awaited replies."""
