"""Trello as a tracker: only the calls that facts/trackers.md 2.3 names, through `fetch_json` alone."""
