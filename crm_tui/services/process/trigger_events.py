"""What happens that a trigger may wait for: said by verbs, acted on at the end of their unit of work (BP-02, IDX-31).

Said in the hot paths of the program, so nothing of triggers is read here but whether there is one: the tables of
processes are not imported at the start (``store.tables``).
"""

from collections.abc import Iterable
from weakref import WeakKeyDictionary

from sqlalchemy import Boolean, Connection, bindparam, column, select, table

from crm_tui.services.process import process_hold
from crm_tui.store.tables import Interaction, Task
from crm_tui.store.work import Work

_trigger = table("process_trigger", column("object_kind"), column("event"), column("enabled", Boolean))
# Asked by nearly every verb, and making a statement costs more than asking it.
_WAITING = (
    select(_trigger.c.enabled)
    .where(_trigger.c.object_kind == bindparam("of_kind"), _trigger.c.event == bindparam("of_event"))
    .where(_trigger.c.enabled)
    .limit(1)
)
_asked: "WeakKeyDictionary[Work, dict[tuple[str, str], bool]]" = WeakKeyDictionary()


def happened(work: Work, kind: str, record_ids: Iterable[int], event: str) -> None:
    """This happened to these cards: ``created``, ``changed``, ``state``, ``status``, ``task_done``, ``held``,
    ``letter`` or ``accepted``; to a call or meeting ``held``, ``planned`` or ``cancelled``. What triggers do about
    it, they do once all else of the unit of work is written."""
    ids = tuple(record_ids)
    if event == "created" and kind != "interest" and not _is_of_the_past(work):
        # An Interest starts its processes itself: its state and its first task are theirs.
        for record_id in ids:
            process_hold.start_created(work, kind, record_id)
    if not _waits(work, kind, event):
        return
    from crm_tui.services.process import trigger_run  # it reads tables that the start does not need

    if ids:
        trigger_run.happens(work, kind, ids, event)


def happened_in(work: Work, row: Interaction | Task, event: str) -> None:
    """This happened to a call, a meeting or a task: to the cards that it belongs to, and to a call or meeting
    itself."""
    if isinstance(row, Interaction):
        happened(work, "interaction", (row.key,), event)
    for kind in ("interest", "customer", "contact", "lead"):
        record_id: int | None = getattr(row, f"{kind}_id", None)
        if record_id is not None:
            happened(work, kind, (record_id,), event)


def any_at_a_time(connection: Connection) -> bool:
    """Whether a trigger waits for a time of day (``trigger_tick``)."""
    query = select(_trigger.c.enabled).where(_trigger.c.event.like("at %"), _trigger.c.enabled)
    return connection.execute(query.limit(1)).first() is not None


def _is_of_the_past(work: Work) -> bool:
    """What was long ago is written down: nobody is to be written to about it, and nothing starts."""
    return work.command.endswith(".import") or work.command.startswith("demo.")


def _waits(work: Work, kind: str, event: str) -> bool:
    if _is_of_the_past(work):
        return False
    asked = _asked.setdefault(work, {})
    if (kind, event) not in asked:
        asked[kind, event] = _is_any(work.connection, kind, event)
    return asked[kind, event]


def _is_any(connection: Connection, kind: str, event: str) -> bool:
    return connection.execute(_WAITING, {"of_kind": kind, "of_event": event}).first() is not None
