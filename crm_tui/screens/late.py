"""What falls due while the program is being left does nothing any more.

From ``exit`` on Textual mounts no widget, and takes the screens apart one after the other, while messages and timers
are still on their way: a handler finds half of its screen, or none. What was typed is kept before ``exit``.
"""

import inspect
from typing import TYPE_CHECKING, Any

from textual import events, messages
from textual.app import ScreenError, UnknownModeError
from textual.css.query import QueryError
from textual.dom import NoScreen
from textual.message import Message
from textual.widget import MountError
from textual.worker import Worker, WorkerFailed

from crm_tui.domain.errors import CrmError

if TYPE_CHECKING:
    from textual.app import App

LAST_MESSAGES = (
    messages.ExitApp,
    messages.Prune,
    messages.CloseMessages,
    events.Unmount,
    events.Callback,
)
"""By these Textual ends what runs, or waits for it."""
TAKEN_APART = (MountError, QueryError, ScreenError, NoScreen, UnknownModeError)
"""What Textual raises where nothing can be mounted, or what is asked for is gone already."""


class Late:
    """For the app, screens and dialogs: once the program is left, they hear only what ends them."""

    async def _dispatch_message(self, message: Message) -> None:
        app: App[Any] = self.app  # type: ignore[attr-defined]
        if not is_left(app) or isinstance(message, LAST_MESSAGES):
            await super()._dispatch_message(message)  # type: ignore[misc]

    def run_worker(self, work: Any, *arguments: Any, **named: Any) -> Worker[Any]:
        """Textual's own."""
        worker: Worker[Any] = super().run_worker(work, *arguments, **named)  # type: ignore[misc]
        close_with(worker, work)
        return worker


def close_with(worker: Worker[Any], work: object) -> None:
    """A coroutine whose worker is cancelled before its first step is closed: Python would complain of it on the
    terminal, when the program has left that."""
    if inspect.iscoroutine(work) and worker._task is not None:
        worker._task.add_done_callback(lambda _task: work.close())


def is_left(app: "App[Any]") -> bool:
    """Whether the program is being left, by a key, a signal or a fault."""
    return app._exit


def is_by_leaving(error: BaseException) -> bool:
    """Whether the error of a program that is being left says no more than that its screens are gone."""
    reason = error.error if isinstance(error, WorkerFailed) else error
    return isinstance(reason, (*TAKEN_APART, CrmError))
