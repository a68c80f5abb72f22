"""Notes on screen: the form, the receipt, the private questions."""
