"""A thread that waits to be woken, and looks for what is due."""

import threading

from crm_tui.domain.errors import CrmError
from crm_tui.services import crash
from crm_tui.store.engine import Store


class Looking(threading.Thread):
    """Looks each time it is woken, until ``stop`` is set."""

    def __init__(self, name: str, store: Store, stop: threading.Event) -> None:
        super().__init__(name=name, daemon=True)
        self.store, self.stop = store, stop
        self._woken = threading.Event()
        self._reported = False

    def wake(self) -> None:
        """See whether something is due."""
        self._woken.set()

    def look(self) -> None:
        """Do what is due now. Raises CrmError where the store is held by another: the next tick tries again."""
        raise NotImplementedError

    def run(self) -> None:
        """The life of the thread."""
        while not self.stop.is_set():
            self._woken.wait()
            self._woken.clear()
            try:
                self.look()
            except CrmError:
                continue
            except Exception as error:
                self.report(error)

    def report(self, error: Exception) -> None:
        """Write down a fault of ours, once: the next tick meets the same, and it must not keep all else waiting."""
        if not self._reported:
            crash.write(error, self.store.clock)
        self._reported = True
