"""The sandbox in a browser: a client of the stand-ins, as Slack's own client is one of Slack."""
