"""How the program ends when nobody pressed a key for it: a lost line, a signal, a fault of our own."""

import asyncio
import contextlib
import os
import signal
import threading
from typing import TYPE_CHECKING

from rich.text import Text
from textual.worker import WorkerFailed

from crm_tui.domain.errors import CrmError
from crm_tui.i18n import _
from crm_tui.screens.late import is_by_leaving, is_left
from crm_tui.services import crash

if TYPE_CHECKING:
    from textual.app import App

    from crm_tui.services.ports import Ports

    Base = App[int]
else:
    Base = object

SIGNALS = (signal.SIGHUP, signal.SIGTERM)
LAST_WORDS_SECONDS = 3.0


class Ending(Base):
    """For the app: ``stop_listening`` when it ends."""

    if TYPE_CHECKING:
        ports: Ports

        def keep_at_once(self) -> None: ...

        def say(self, text: str, *, trouble: bool = False) -> None: ...

        def explain(self, error: CrmError) -> str: ...

    def on_load(self) -> None:
        """Before the terminal is ours: leave in order when the line is lost or the system ends us."""
        if threading.current_thread() is threading.main_thread():
            loop = asyncio.get_running_loop()
            for number in SIGNALS:
                loop.add_signal_handler(number, self._hang_up, number)
            loop.add_signal_handler(signal.SIGINT, self._interrupted)

    def stop_listening(self) -> None:
        """Leave the signals to whoever had them before."""
        if threading.current_thread() is threading.main_thread():
            for number in (*SIGNALS, signal.SIGINT):
                asyncio.get_running_loop().remove_signal_handler(number)

    def line_is_lost(self) -> None:
        """The terminal takes and gives no more, whether or not the system tells us by SIGHUP."""
        self._hang_up(signal.SIGHUP)

    def _interrupted(self) -> None:
        """Ctrl+C comes as a key; as a signal while the terminal is lent to an editor, and is meant for that."""
        if getattr(self._driver, "_auto_restart", True):
            self._hang_up(signal.SIGINT)

    def _hang_up(self, number: int) -> None:
        """Keep what is typed, then leave within three seconds."""
        if not self.is_headless:  # a terminal that takes no more output must not keep us
            last = threading.Timer(LAST_WORDS_SECONDS, os._exit, (128 + number,))
            last.daemon = True
            last.start()
        if not is_left(self):
            self.keep_at_once()
            self.exit(return_code=128 + number)

    def _handle_exception(self, error: Exception) -> None:
        """What a worker beside the screen was refused is said; any other error is a fault of ours."""
        if is_left(self) and is_by_leaving(error):
            return
        refused = error.error if isinstance(error, WorkerFailed) else None
        if isinstance(refused, CrmError):
            self.say(self.explain(refused), trouble=True)
        else:
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """A fault of ours: no traceback with data on the screen, but a report that names only our own lines."""
        if self._exit_renderables:  # of one fault follow others
            return
        error = self._exception
        if not is_left(self):
            with contextlib.suppress(Exception):  # the store may be what failed
                self.keep_at_once()
        self._exit = True
        text = _("The program stopped by its own fault. What was typed is kept.")
        if error is not None:
            with contextlib.suppress(OSError):  # a full disk may be what failed
                text += "\n" + _("Report: {file}").format(file=crash.write(error, self.ports.clock))
        self._exit_renderables.append(Text(text))
        self._close_messages_no_wait()
