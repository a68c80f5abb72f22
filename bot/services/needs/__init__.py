"""What needs somebody, gathered from every part: the one list that Home, the digest and nudges show."""
