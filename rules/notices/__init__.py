"""The letter that ends it: drafted, checked, reviewed by a person, never sent by us (BR10, BR11)."""
