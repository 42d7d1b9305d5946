"""The thread that looks whether the time of a process or a trigger has come (``process_tick``, ``trigger_tick``)."""

import threading

from crm_tui.domain.errors import CrmError
from crm_tui.services import crash
from crm_tui.services.process import process_hold, trigger_events
from crm_tui.store.engine import Store


class ProcessClock(threading.Thread):
    """Waits to be woken, and does what is due; until ``stop`` is set."""

    def __init__(self, store: Store, stop: threading.Event) -> None:
        super().__init__(name="processes", daemon=True)
        self.store, self.stop = store, stop
        self._look = threading.Event()
        self._reported = False

    def wake(self) -> None:
        """See whether something is due."""
        self._look.set()

    def run(self) -> None:
        """The life of the thread."""
        while not self.stop.is_set():
            self._look.wait()
            self._look.clear()
            try:
                self._do_due()
            except CrmError:  # the store is held by another: the next tick tries again
                continue
            except Exception as error:
                if not self._reported:  # once: the next tick meets the same
                    self._reported = True
                    crash.write(error, self.store.clock)

    def _do_due(self) -> None:
        store, is_stopped = self.store, self.stop.is_set
        with store.read() as connection:
            timed, triggers = process_hold.any_timed(connection), trigger_events.any_at_a_time(connection)
        # What they read costs a tenth of a second, and is not read where nothing waits for a time.
        if timed:
            from crm_tui.services.process import process_tick

            process_tick.run(store, stopped=is_stopped)
        if triggers and not is_stopped():
            from crm_tui.services.process import trigger_tick

            trigger_tick.tick(store)
