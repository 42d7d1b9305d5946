"""The thread that looks whether the time of a process or a trigger has come (``process_tick``, ``trigger_tick``), and
sends the text messages that their rules wrote."""

import threading

from crm_tui.services.process import process_hold, trigger_events
from crm_tui.store.engine import Store
from crm_tui.sync.looking import Looking


class ProcessClock(Looking):
    """Does what is due, until ``stop`` is set."""

    def __init__(self, store: Store, stop: threading.Event) -> None:
        super().__init__("processes", store, stop)

    def look(self) -> None:
        store, is_stopped = self.store, self.stop.is_set
        with store.read() as connection:
            timed, triggers = process_hold.any_timed(connection), trigger_events.any_at_a_time(connection)
            texts = process_hold.any_texts(connection)
        # What they read costs a tenth of a second, and is not read where nothing waits for a time.
        if timed:
            from crm_tui.services.process import process_tick

            process_tick.run(store, stopped=is_stopped)
        if triggers and not is_stopped():
            from crm_tui.services.process import trigger_tick

            trigger_tick.tick(store)
        if texts and not is_stopped():
            from crm_tui.sync import texting

            texting.send_due(store, stopped=is_stopped)
