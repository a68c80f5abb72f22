"""What follows when a guest's time as a contractor is over."""

from __future__ import annotations

from bot.bulletins.contracts import ContractBulletin
from bot.services.team.roles import RoleService
from rules.ports import Runner, Workflow


def workflows(roles: RoleService, bulletin: ContractBulletin) -> list[Workflow]:
    def end_contract(run: Runner, workspace_id: str, person_id: str, due_at: str) -> None:
        if run.step(roles.contract_over, workspace_id, person_id):
            run.step(bulletin.clear, workspace_id, person_id, due_at)
        run.step(roles.contract_settled, workspace_id, person_id)

    return [Workflow(name="end_contract", queue="flows", run=end_contract)]
