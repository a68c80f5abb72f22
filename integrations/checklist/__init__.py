"""The tracker of those who have none: the tasks stay in Amicable and are ticked in Slack."""
