"""What is measured against an agreement: money, hours, answers. Sensors log by themselves and say so."""
