"""`amicable setup`: asks for what is needed."""
