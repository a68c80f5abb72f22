"""views.*: dialogs and Home tabs."""

from __future__ import annotations

from typing import Any

from integrations.sandbox.slack import wire
from integrations.sandbox.slack.api.arguments import Arguments, invalid_arguments
from integrations.sandbox.slack.api.chat import name_blocks
from integrations.sandbox.slack.api.files import require_usable
from integrations.sandbox.slack.blockkit.limits import check_view
from integrations.sandbox.slack.workspace import Json, SlackError, View, Workspace

MOST_STACKED = 3


def open_dialog(workspace: Workspace, args: Arguments) -> Json:
    body = _dialog(workspace, args)
    person_id = workspace.spend_trigger(args.need("trigger_id"))
    with workspace.changed:
        workspace.dialogs[person_id] = []
        return {"view": wire.view(workspace, stack(workspace, person_id, body))}


def push(workspace: Workspace, args: Arguments) -> Json:
    body = _dialog(workspace, args)
    person_id = workspace.spend_trigger(args.need("trigger_id"))
    with workspace.changed:
        if not workspace.dialogs.get(person_id):
            raise SlackError("not_found")
        return {"view": wire.view(workspace, stack(workspace, person_id, body))}


def update(workspace: Workspace, args: Arguments) -> Json:
    view_id, external_id = args.text("view_id"), args.text("external_id")
    if not view_id and not external_id:
        raise invalid_arguments("[ERROR] missing required field: view_id")
    body = _body(args)
    with workspace.changed:
        shown = _find(workspace, view_id, external_id)
        check_view(body, home=shown.body["type"] == "home")
        require_usable(workspace, body["blocks"], "/view/blocks")
        if args.text("hash") and args.text("hash") != shown.hash:
            raise SlackError("hash_conflict")
        replace(workspace, shown, body)
        return {"view": wire.view(workspace, shown)}


def publish(workspace: Workspace, args: Arguments) -> Json:
    person = workspace.person(args.need("user_id"))
    body = _body(args)
    check_view(body, home=True)
    require_usable(workspace, body["blocks"], "/view/blocks")
    with workspace.changed:
        shown = workspace.homes.get(person.id)
        if shown and args.text("hash") and args.text("hash") != shown.hash:
            raise SlackError("hash_conflict")
        if shown is None:
            view_id = workspace.new_id("V")
            shown = View(id=view_id, person_id=person.id, body=body, hash="", root_id=view_id)
            workspace.homes[person.id] = shown
        replace(workspace, shown, body)
        return {"view": wire.view(workspace, shown)}


def stack(workspace: Workspace, person_id: str, body: Json) -> View:
    """Shows a dialog on top of the person's open ones."""
    with workspace.changed:
        shown = workspace.dialogs.setdefault(person_id, [])
        if len(shown) >= MOST_STACKED:
            raise SlackError("push_limit_reached")
        view_id = workspace.new_id("V")
        view = View(
            id=view_id,
            person_id=person_id,
            body={},
            hash="",
            root_id=shown[0].id if shown else view_id,
            previous_id=shown[-1].id if shown else "",
        )
        replace(workspace, view, body)
        shown.append(view)
        return view


def replace(workspace: Workspace, shown: View, body: Json) -> None:
    """New content; what the person entered stays where block and action keep their names."""
    before = shown.values
    shown.body = {**body, "blocks": name_blocks(workspace, body["blocks"])}
    shown.hash = workspace.new_hash()
    named = {
        (block["block_id"], element.get("action_id"))
        for block in shown.body["blocks"]
        for element in (block.get("element"), block.get("accessory"), *(block.get("elements") or []))
        if isinstance(element, dict)
    }
    shown.values = {
        block_id: kept
        for block_id, states in before.items()
        if (kept := {name: state for name, state in states.items() if (block_id, name) in named})
    }
    workspace.touch()


def _find(workspace: Workspace, view_id: str, external_id: str) -> View:
    for shown in workspace.all_views():
        if shown.id == view_id or (external_id and shown.body.get("external_id") == external_id):
            return shown
    raise SlackError("not_found")


def _body(args: Arguments) -> Any:
    body = args.structure("view")
    if not isinstance(body, dict):
        raise invalid_arguments("[ERROR] missing required field: view")
    return body


def _dialog(workspace: Workspace, args: Arguments) -> Json:
    body: Json = _body(args)
    check_view(body, home=False)
    require_usable(workspace, body["blocks"], "/view/blocks")
    return body
