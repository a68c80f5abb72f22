"""The tasks of a parting: what applies, who has which, and what the client wants done with open work."""
