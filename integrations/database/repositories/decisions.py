"""Redirection plans with the look at ourselves before them, and considerations of ending."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

import sqlalchemy as sa

from integrations.database import tables
from integrations.database.repositories.records import Record, Scope
from rules.decisions.decision import Decision
from rules.decisions.perspective import Perspective
from rules.decisions.plan import Plan

PLAN = Record(tables.plans, Plan, "This plan is not here any more.")
PERSPECTIVE = Record(tables.perspectives, Perspective, "These answers are not here any more.")
DECISION = Record(tables.decisions, Decision, "This decision is not here any more.")

_plan = tables.plans.c
_perspective = tables.perspectives.c
_decision = tables.decisions.c

PLANS_OF_CLIENT = PLAN.where(_plan.client_id == sa.bindparam("client")).order_by(
    _plan.started_at.desc(), _plan.id.desc()
)
PLANS_OF_CLIENTS = PLAN.where(_plan.client_id.in_(sa.bindparam("clients", expanding=True))).order_by(
    _plan.started_at.desc(), _plan.id.desc()
)
PLANS_RUNNING = PLAN.where(_plan.ended_at.is_(None)).order_by(_plan.started_at, _plan.id)
PERSPECTIVES_OF = PERSPECTIVE.where(_perspective.client_id == sa.bindparam("client")).order_by(
    _perspective.at.desc(), _perspective.id.desc()
)
CURRENT = (
    DECISION.where(_decision.client_id == sa.bindparam("client"), _decision.dropped_at.is_(None))
    .order_by(_decision.opened_at.desc(), _decision.id.desc())
    .limit(1)
)


class PlanRows:
    """A plan runs until `ended_at` is set."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def save(self, plan: Plan) -> None:
        PLAN.put(self._scope, plan)

    def get(self, plan_id: str) -> Plan:
        return PLAN.get(self._scope, id=plan_id)

    def of_client(self, client_id: str) -> list[Plan]:
        return PLAN.many(self._scope, PLANS_OF_CLIENT, client=client_id)

    def of_clients(self, client_ids: Collection[str]) -> dict[str, list[Plan]]:
        found: dict[str, list[Plan]] = defaultdict(list)
        for plan in PLAN.many(self._scope, PLANS_OF_CLIENTS, clients=sorted(client_ids)) if client_ids else ():
            found[plan.client_id].append(plan)
        return dict(found)

    def running(self) -> list[Plan]:
        return PLAN.many(self._scope, PLANS_RUNNING)


class PerspectiveRows:
    """Each stays as it was written on its day."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def save(self, perspective: Perspective) -> None:
        PERSPECTIVE.put(self._scope, perspective)

    def newest(self, client_id: str) -> Perspective | None:
        return PERSPECTIVE.first(self._scope, PERSPECTIVES_OF.limit(1), client=client_id)


class DecisionRows:
    """A client has one current decision at most."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def save(self, decision: Decision) -> None:
        DECISION.put(self._scope, decision)

    def get(self, decision_id: str) -> Decision:
        return DECISION.get(self._scope, id=decision_id)

    def current(self, client_id: str) -> Decision | None:
        return DECISION.first(self._scope, CURRENT, client=client_id)
