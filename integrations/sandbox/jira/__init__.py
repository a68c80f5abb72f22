"""A stand-in for Jira Cloud that speaks REST v3 for exactly the calls that we make, as strictly as the real one."""

from integrations.sandbox.jira.standin import JiraStandIn

__all__ = ["JiraStandIn"]
