"""Bringing in what a team knew before Amicable: clients, notes, invoices and hours from files."""
