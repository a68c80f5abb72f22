"""A letter held against its facts and read for its tone. Findings only: what may stand is for `review` to say."""
