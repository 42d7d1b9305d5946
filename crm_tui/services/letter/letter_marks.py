"""The marks of a letter that was answered or sent on (RFC 9051 section 2.3.2, keyword ``$Forwarded`` of RFC 5788)."""

from collections.abc import Mapping
from typing import Any

from crm_tui.domain.letter.flags import FORWARDED, Flag
from crm_tui.services.letter import mail
from crm_tui.store.tables import Placement
from crm_tui.store.work import Work


def after_sending(work: Work, written: Mapping[str, Any]) -> None:
    """Mark the letters that a sent one answers or sends on; ``written`` is its ``Outbox.draft``.

    What was answered was read.
    """
    for placement in _places(work, written.get("reply_to_letter_id")):
        work.change(placement, flags=placement.flags | Flag.ANSWERED | Flag.SEEN, unread=False)
    sent_on = _places(work, written.get("forward_letter_id"))
    mail.set_keyword(work, [placement.key for placement in sent_on], FORWARDED)


def _places(work: Work, letter_id: int | None) -> list[Placement]:
    return [] if letter_id is None else work.all(Placement, letter_id=letter_id, deleted=False)
