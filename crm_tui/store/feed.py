"""The change feed: which rows of which tables a commit touched, for every thread and every process.

In one process a commit publishes at once. Another process sees our commit by ``PRAGMA data_version`` and reads the
``change`` rows it has not seen. Topics are table names; the topic ``*`` means "too much changed, read all anew", and
a topic without ids means any row of that table.
"""

import threading
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_tui.store.engine import Store

Topics = dict[str, set[int]]
EVERYTHING = "*"


class Feed:
    """What changed since the last ``drain``."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._lock = threading.Lock()
        self._pending: Topics = {}
        self._listeners: list[Callable[[], None]] = []
        self._data_version = 0
        self._seen = 0

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` (from any thread) when something is waiting; the answer unsubscribes it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def publish(self, topics: Mapping[str, set[int]]) -> None:
        """Add to what is waiting and wake the listeners."""
        if not topics:
            return
        with self._lock:
            _merge(self._pending, topics)
        for listener in list(self._listeners):
            listener()

    def drain(self) -> Topics:
        """Take all that is waiting."""
        with self._lock:
            taken, self._pending = self._pending, {}
        return taken

    def start(self) -> None:
        """Remember the present as the starting point of ``poll``."""
        self._data_version = self._store.data_version()
        self._seen = self._store.last_change()

    def poll(self) -> bool:
        """Look for commits of other processes and publish them. Costs microseconds when there are none."""
        version = self._store.data_version()
        if version == self._data_version:
            return False
        self._data_version = version
        oldest, rows = self._store.changes_after(self._seen)
        if not rows:
            return False
        gap = oldest > self._seen + 1
        self._seen = rows[-1][0]
        topics: Topics = {EVERYTHING: set()} if gap else {}
        for _, origin, touched in rows:
            if origin != self._store.origin:
                _merge(topics, touched)
        self.publish(topics)
        return bool(topics)


def _merge(into: Topics, more: Mapping[str, Collection[int]]) -> None:
    """Add topics to others; one that means any row keeps that meaning."""
    for topic, ids in more.items():
        known = into.get(topic)
        if not ids or known == set():
            into[topic] = set()
        else:
            into.setdefault(topic, set()).update(ids)
