"""What a client's days add up to: the band that people see, and since when it has been so."""
