"""The Slack app: listeners turn payloads into calls, services do the work, views draw what came of it.

Data flows one way: payload -> listener -> service -> rules -> service -> view -> announcer.
"""
