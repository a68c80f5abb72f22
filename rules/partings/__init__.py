"""Everything after the decision: the last day, the tasks, and their tickets."""
