"""The page of the tasks, shown and awake, and what is read off it."""

from ui.action.action_list import Heading
from ui.action.action_page import ActionPage


def shown_tasks(qtbot, room, task: str = "") -> ActionPage:
    """Return the page with the keys in its list and a task beside it: this one, or the first."""
    shown = ActionPage(room)
    qtbot.addWidget(shown)
    shown.resize(1198, 694)
    with qtbot.waitActive(shown):
        shown.show()
        shown.activateWindow()
    shown.enter(task)
    qtbot.waitUntil(lambda: shown.board is not None and shown.detail.isVisible())
    qtbot.waitUntil(lambda: not task or (shown.detail.action is not None and shown.detail.action.id == task))
    qtbot.waitUntil(lambda: shown.isActiveWindow() and shown.list.hasFocus())
    return shown


def headings(page: ActionPage) -> list[str]:
    """Return what stands above the groups of tasks."""
    return [row.spoken() for row in page.rows.rows if isinstance(row, Heading)]
