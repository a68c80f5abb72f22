"""Jira Cloud and Data Center as a tracker: only the calls that facts/trackers.md 1.7 names."""
