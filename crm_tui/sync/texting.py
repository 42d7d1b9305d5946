"""Sending text messages by a program of the settings (``sms.command``, RM-16): each once, or said to be uncertain.

A message is claimed before the program runs. Exit code 0 is sent; any other is a failure, tried again after a pause;
of a program that was ended in its time, or whose starter died, nobody can tell whether the message has gone: it is
not sent again, and its owner is told.
"""

import shlex
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from crm_tui.domain.text import clean, shorten
from crm_tui.services import programs
from crm_tui.services.task.notifications import notify
from crm_tui.store.engine import Store
from crm_tui.store.tables import table_of
from crm_tui.store.tables.processes import TextMessage
from crm_tui.store.work import Work

PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
"""Before the tries after the first; when the last has failed, the message has."""
FAILED, UNCERTAIN = "sms_failed", "sms_uncertain"
"""Codes of notifications."""
AT_ONCE = 100
MOST_SAID = 4000
_GRACE = timedelta(seconds=30)

message = table_of(TextMessage)


def send_due(store: Store, *, stopped: Callable[[], bool] = lambda: False) -> int:
    """Send what is due, until ``stopped``; how many were sent. Without a program all waits.

    Raises StoreBusy, StoreDamaged.
    """
    from crm_tui import config

    wanted = config.load().config.sms
    command = wanted.command.strip()
    if not command:
        return 0
    sent = 0
    with store.read() as connection:
        query = select(message.c.id).where(
            message.c.status.in_(("queued", "sending")), message.c.next_try_at <= store.clock()
        )
        due = connection.scalars(query.order_by(message.c.next_try_at).limit(AT_ONCE)).all()
    for message_id in due:
        if stopped():
            break
        taken = _claim(store, message_id, wanted.seconds)
        if taken is not None:
            sent += _finish(store, taken, *_run(command, taken, wanted.seconds))
    return sent


def _claim(store: Store, message_id: int, seconds: float) -> TextMessage | None:
    """The message, which nobody else sends from now on; None where another was faster, or its sender has died."""
    with store.facts("sms.claim") as work:
        row = work.get(TextMessage, message_id)
        if row.next_try_at > work.now or row.status not in ("queued", "sending"):
            return None
        if row.status == "sending":
            work.change(row, status="uncertain")
            _tell(work, row, UNCERTAIN)
            return None
        until = work.now + timedelta(seconds=seconds) + _GRACE
        work.change(row, status="sending", attempts=row.attempts + 1, next_try_at=until)
        return row


def _run(command: str, row: TextMessage, seconds: float) -> tuple[str, str]:
    """What became of it: ``sent``, ``queued`` for another try, or ``uncertain``; and what the program said."""
    try:
        argv = [*shlex.split(command), row.number]
        ended = programs.run(argv, row.text.encode(), seconds=seconds, most=MOST_SAID, errors_only=True)
    except (OSError, ValueError) as error:
        return "queued", str(getattr(error, "strerror", None) or error)
    lines = clean(ended.printed.decode("utf-8", "replace"), multiline=True).splitlines()
    said = shorten(next((line.strip() for line in lines if line.strip()), ""), 200)
    if ended.is_late:
        return "uncertain", said or f"> {seconds:g} s"
    return ("sent", "") if ended.code == 0 else ("queued", said or str(ended.code))


def _finish(store: Store, taken: TextMessage, status: str, said: str) -> bool:
    with store.facts("sms.done") as work:
        row = work.get(TextMessage, taken.key)
        if row.status != "sending":
            return False
        if status == "sent":
            work.change(row, status=status, error="", sent_at=work.now)
        elif status == "queued" and row.attempts <= len(PAUSES):
            work.change(row, status=status, error=said, next_try_at=work.now + PAUSES[row.attempts - 1])
        else:
            failed = status == "queued"
            work.change(row, status="failed" if failed else status, error=said)
            _tell(work, row, FAILED if failed else UNCERTAIN)
    return status == "sent"


def _tell(work: Work, row: TextMessage, code: str) -> None:
    if row.user_id is not None:
        notify(
            work, row.user_id, code, kind=row.object_kind, subject_id=row.object_id,
            number=row.number, detail=row.error,
        )  # fmt: skip
