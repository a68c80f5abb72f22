"""How a parting ends, on screen: deliverables, debts, the close and the look back."""
