"""Stand-ins for Jira Cloud (REST v3) and Data Center (v2): just the calls that we make, as strict as the real ones."""

from integrations.sandbox.jira.datacenter import DataCenterStandIn
from integrations.sandbox.jira.standin import JiraStandIn

__all__ = ["DataCenterStandIn", "JiraStandIn"]
