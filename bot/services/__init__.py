"""Use cases over ports. They know no Slack and no engine; each public method is one transaction or one wire call."""
