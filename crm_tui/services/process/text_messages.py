"""Text messages that rules write (RM-16): kept in the unit of work of what caused them, sent after it by a program.

Which program is a setting of the machine (``sms.command``), never of the store: whoever may write into the store
says what is sent, not what runs. Where none is set, rules say that nothing is sent.
"""

from datetime import timedelta

from crm_tui.services.process.process_object import About
from crm_tui.store.tables.processes import TextMessage
from crm_tui.store.work import Work

CALL_BACK = timedelta(seconds=10)
"""So long it waits as a letter does, so that an undo calls it back."""


def are_sent() -> bool:
    """Whether a program is set that sends them."""
    from crm_tui import config

    return bool(config.load().config.sms.command.strip())


def queue(
    work: Work,
    number: str,
    text: str,
    key: str,
    *,
    about: About,
    told: int | None,
    process_id: int | None = None,
) -> None:
    """Keep the message to be sent, once for each ``key``. ``number`` is in E.164; ``told`` is the user who hears
    of it when it cannot be sent."""
    if work.find(TextMessage, dedupe_key=key) is not None:
        return  # its step was taken back after the message had gone
    work.add(
        TextMessage(
            number=number,
            text=text,
            dedupe_key=key,
            next_try_at=work.now + CALL_BACK,
            user_id=told,
            object_kind=about.kind,
            object_id=about.id,
            process_id=process_id,
            created_at=work.now,
        )
    )


def keep_back(work: Work, process_id: int) -> None:
    """Messages of the process that still wait are not sent: it was ended (BP-17)."""
    for message in work.all(TextMessage, process_id=process_id, status="queued"):
        work.change(message, status="cancelled")
