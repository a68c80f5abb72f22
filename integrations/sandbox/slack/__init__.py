"""A Slack of our own: one workspace that speaks the Web API and the signed deliveries, as strict as the real one.

Facts: `facts/slack.md` 1 (limits), 2 (semantics), 7 (playground). Nothing here knows the app.
"""
