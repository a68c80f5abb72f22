"""Tasks of the workspace's own, for admins (BR07, BR08)."""

from __future__ import annotations

from bot.calls import ClickCall, Desk, FormCall
from bot.ids import Action, Form
from bot.replies import Reply, Show
from bot.services.partings.tasks.tasklist import TaskList, TaskListService
from bot.views.partings import tasklist as views


class TaskListDesk:
    """The list, its forms, and what was put into them."""

    def __init__(self, tasks: TaskListService) -> None:
        self._tasks = tasks

    def show(self, call: ClickCall) -> Reply:
        return _shown(self._listed(call))

    def ask_new(self, call: ClickCall) -> Reply:
        return Show(views.own_task_form(None, is_frozen=self._listed(call).is_frozen))

    def ask_change(self, call: ClickCall) -> Reply:
        listed = self._listed(call)
        task = next((each for each in listed.own if each.code == call.value), None)
        return Show(views.own_task_form(task, is_frozen=listed.is_frozen)) if task else _shown(listed)

    def save(self, call: FormCall) -> Reply:
        wanted = views.read_own_task(call.values)
        return _shown(self._tasks.save_own(call.workspace_id, call.member, call.memo.get("task", ""), wanted))

    def drop(self, call: ClickCall) -> Reply:
        return _shown(self._tasks.drop_own(call.workspace_id, call.member, call.value))

    def ask_switch(self, call: ClickCall) -> Reply:
        return Show(views.switch_form(self._listed(call)))

    def switch(self, call: FormCall) -> Reply:
        shown, on = views.read_switched(self._listed(call), call.values)
        return _shown(self._tasks.switch(call.workspace_id, call.member, shown, on))

    def ask_people(self, call: ClickCall) -> Reply:
        return Show(views.people_form(self._listed(call)))

    def set_people(self, call: FormCall) -> Reply:
        language, people = views.read_people(call.values)
        return _shown(self._tasks.set_people(call.workspace_id, call.member, language, people))

    def _listed(self, call: ClickCall | FormCall) -> TaskList:
        return self._tasks.tasks(call.workspace_id, call.member)


def _shown(listed: TaskList) -> Reply:
    return Show(views.task_list_dialog(listed))


def register(desk: Desk, tasks: TaskListService) -> None:
    here = TaskListDesk(tasks)
    desk.click(Action.TASK_LIST, here.show)
    desk.click(Action.ADD_TASK, here.ask_new)
    desk.click(Action.CHANGE_TASK, here.ask_change)
    desk.click(Action.DROP_TASK, here.drop)
    desk.form(Form.OWN_TASK, here.save)
    desk.click(Action.SWITCH_TASKS, here.ask_switch)
    desk.form(Form.SWITCH_TASKS, here.switch)
    desk.click(Action.TASK_PEOPLE, here.ask_people)
    desk.form(Form.TASK_PEOPLE, here.set_people)
