"""Pictures for Slack."""
