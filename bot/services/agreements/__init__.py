"""What is measured against an agreement: money, hours, answers. What is measured logs itself and says so."""
