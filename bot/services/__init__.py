"""Use cases over ports, no rules. They know no Slack and no engine; a public method is one transaction or wire call."""
