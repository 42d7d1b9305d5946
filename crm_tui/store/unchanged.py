"""Whether what was read is still so: asked before something kept is shown again."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from crm_tui.store.feed import EVERYTHING

if TYPE_CHECKING:
    from crm_tui.store.engine import Store


class Unchanged:
    """Watches some tables, with commits of other programs. A commit that does not say what it touched counts."""

    def __init__(self, store: "Store", tables: Iterable[str]) -> None:
        self._store = store
        self._tables = frozenset({EVERYTHING, *tables})
        self._version: int | None = None
        self._seen = 0

    def since_asked(self) -> bool:
        """Whether nothing was committed to these tables since this was last asked; False the first time.

        Ask before reading: what is committed in between is then noticed the next time. Microseconds where nothing
        was committed at all. Raises what the store raises.
        """
        version = self._store.data_version()
        if version == self._version:
            return True
        is_first, self._version = self._version is None, version
        if is_first:
            self._seen = self._store.last_change()
            return False
        seen = self._seen
        oldest, rows = self._store.changes_after(seen)
        if not rows:
            return False
        self._seen = rows[-1][0]
        is_whole = oldest <= seen + 1
        return is_whole and all(self._tables.isdisjoint(topics) for _, _, topics in rows)
