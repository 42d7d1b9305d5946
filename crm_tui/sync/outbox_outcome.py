"""What a server said to a letter, and what comes of it: sent, tried again later, or given up (sync.md §5)."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from crm_tui.domain.text import clean
from crm_tui.services.task.notifications import notify
from crm_tui.services.writing.outbox import SERVED
from crm_tui.store.tables import MailAccount, Outbox
from crm_tui.store.work import Work
from crm_tui.sync.outbox_claim import Claim
from crm_tui.sync.outbox_filing import file_copy, read_body
from crm_tui.sync.smtp import Outcome

PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
"""After the first try, the second, the third, and all the others."""
GIVE_UP = timedelta(hours=48)
_TOLD_BY_NAME = 3


def finish(claim: Claim, account: MailAccount, row: Outbox, outcome: Outcome) -> None:
    """Store the server's answers in one commit: who got it, who is tried again, who never will.

    Raises ClaimLost, and stores nothing, when the letter is another's meanwhile.
    """
    answers = _answers(row, outcome)
    results = {**row.results, **{one: [code, clean(text)] for one, (code, text) in answers.items()}}
    later = [one for one, (code, _) in answers.items() if 400 <= code < 500]
    served = any(code in SERVED for code, _ in results.values())
    body = read_body(row.raw) if served and row.letter_id is None else None
    with claim.store.facts("outbox.done") as work:
        started = max(row.created_at, row.not_before or row.created_at)
        if later and work.now - started >= GIVE_UP:
            later = []
        values: dict[str, Any] = {"phase": "", "claimed_by": "", "results": results, "recipients": later}
        if later:
            pause = PAUSES[min(row.attempts, len(PAUSES)) - 1]
            values |= {"status": "deferred", "next_try_at": work.now + pause}
        else:
            values |= {"status": "sent" if served else "failed"}
        if served:
            values["sent_at"] = row.sent_at or work.now
        claim.write(work, **values)
        if outcome.takes:
            work.change(work.get(MailAccount, account.key), smtp_size=outcome.takes)
        if body is not None:
            file_copy(work, account, row, body)
        refused = [one for one, (code, _) in answers.items() if code not in SERVED and one not in later]
        if refused:
            tell(
                work, account, row, "letter_not_sent", address=_named(refused), reason=results[refused[0]][1]
            )


def tell(work: Work, account: MailAccount, row: Outbox, code: str, /, **facts: str) -> None:
    """Notify who wrote the letter, else whose account it is; the notification leads to the letter."""
    user_id = row.author_id or account.owner_id
    if user_id is not None:
        notify(work, user_id, code, kind="outbox", subject_id=row.key, **facts)


def _answers(row: Outbox, outcome: Outcome) -> dict[str, tuple[int, str]]:
    """Each recipient's answer: a refusal of its own, else what was said to the letter as a whole."""
    code, text = outcome.letter
    if not outcome.recipients:
        return dict.fromkeys(row.recipients, (code, text))
    return {
        one: answer if answer[0] not in SERVED or code in SERVED else (code, text)
        for one, answer in outcome.recipients.items()
    }


def _named(addresses: Iterable[str]) -> str:
    named = list(addresses)
    return ", ".join(named[:_TOLD_BY_NAME]) + (" …" if len(named) > _TOLD_BY_NAME else "")
