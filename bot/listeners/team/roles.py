"""Roles, who sees a client, and the audit log."""

from __future__ import annotations

from bot.calls import Call, ClickCall, Desk, FormCall
from bot.ids import Action, Form
from bot.replies import Reply, Show
from bot.services.team.log import LogService
from bot.services.team.roles import RoleService
from bot.services.team.visibility import VisibilityService
from bot.views.blocks import notice_view
from bot.views.team import log as log_views
from bot.views.team import roles as views
from bot.views.team import visibility as visibility_views


class RoleDesk:
    """For admins; who sees a client is also its owner's word."""

    def __init__(self, roles: RoleService, visibility: VisibilityService, log: LogService) -> None:
        self._roles = roles
        self._visibility = visibility
        self._log = log

    def show(self, call: Call) -> Reply:
        return Show(views.roles_dialog(self._roles.roles(call.workspace_id, call.member)))

    def ask_roles(self, call: ClickCall) -> Reply:
        return Show(views.roles_form(self._roles.roles(call.workspace_id, call.member)))

    def name(self, call: FormCall) -> Reply:
        admins, deciders = views.read_roles(call.values, call.memo)
        self._roles.name(call.workspace_id, call.member, admins, deciders)
        return Show(notice_view(views.roles_saved()))

    def ask_contractor(self, call: ClickCall) -> Reply:
        return Show(views.contractor_form(self._roles.roles(call.workspace_id, call.member).today))

    def name_contractor(self, call: FormCall) -> Reply:
        self._roles.name_contractor(call.workspace_id, call.member, *views.read_contractor(call.values))
        return self.show(call)

    def end_contract(self, call: ClickCall) -> Reply:
        self._roles.end_contract(call.workspace_id, call.member, call.value)
        return self.show(call)

    def ask_visibility(self, call: ClickCall) -> Reply:
        return Show(
            visibility_views.visibility_form(self._visibility.client(call.workspace_id, call.member, call.value))
        )

    def set_visibility(self, call: FormCall) -> Reply:
        people = visibility_views.read_visibility(call.values)
        about = call.workspace_id, call.member, call.memo["client"]
        client = (
            self._visibility.show_to_everyone(*about)
            if people is None
            else self._visibility.show_to(*about, person_ids=people)
        )
        return Show(notice_view(visibility_views.visibility_set(client)))

    def read_log(self, call: ClickCall) -> Reply:
        kind, before = log_views.read_place(call.value)
        return Show(log_views.log_dialog(self._log.page(call.workspace_id, call.member, kind, before)))


def register(desk: Desk, here: RoleDesk) -> None:
    desk.click(Action.ROLES, here.show)
    desk.click(Action.CHANGE_ROLES, here.ask_roles)
    desk.form(Form.ROLES, here.name)
    desk.click(Action.NAME_CONTRACTOR, here.ask_contractor)
    desk.form(Form.CONTRACTOR, here.name_contractor)
    desk.click(Action.END_CONTRACT, here.end_contract)
    desk.click(Action.VISIBILITY, here.ask_visibility)
    desk.form(Form.VISIBILITY, here.set_visibility)
    desk.click(Action.AUDIT_LOG, here.read_log)
