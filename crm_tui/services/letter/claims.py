"""Who has which letter of a group mailbox (story B8, C-17): kept in the store for colleagues at the same one, and as
keywords on the server for everybody else."""

from datetime import timedelta

from sqlalchemy import select

from crm_tui.domain.letter.flags import CLAIMED, PROCESSED
from crm_tui.services.letter import mail
from crm_tui.store.tables import Folder, LetterClaim, MailAccount, Placement, table_of
from crm_tui.store.work import Work

OPEN_MINUTES = 10
"""A letter that is open is claimed so long; its claim ends by itself then."""
ANSWER_MINUTES = 60
"""The same while it is answered."""

_CLAIM, _PLACEMENT = table_of(LetterClaim), table_of(Placement)


def claim(work: Work, letter_id: int, user_id: int, *, answering: bool = False) -> bool:
    """The user has the letter open, or answers it. False, and nothing happens, outside of group mailboxes."""
    expire(work)
    places = _shared_places(work, letter_id)
    if not places:
        return False
    until = work.now + timedelta(minutes=ANSWER_MINUTES if answering else OPEN_MINUTES)
    known = work.find(LetterClaim, letter_id=letter_id, user_id=user_id)
    if known is None:
        work.add(
            LetterClaim(
                letter_id=letter_id, user_id=user_id, since=work.now, until=until, answering=answering
            )
        )
    else:
        work.change(known, until=max(known.until, until), answering=known.answering or answering)
    mail.set_keyword(work, places, CLAIMED)
    return True


def release(work: Work, letter_id: int, user_id: int, *, answered: bool = False) -> None:
    """The letter is closed. A claim for answering stays until it is ``answered``, or given up."""
    known = work.find(LetterClaim, letter_id=letter_id, user_id=user_id)
    if known is not None and (answered or not known.answering):
        _end(work, [known])


def expire(work: Work) -> None:
    """End the claims whose time has passed, whatever became of those who made them."""
    ended = work.connection.scalars(select(_CLAIM.c.id).where(_CLAIM.c.until <= work.now)).all()
    _end(work, [work.get(LetterClaim, key) for key in ended])


def mark_processed(work: Work, letter_id: int) -> None:
    """The letter was accepted or declined: other programs at a group mailbox see that it is dealt with."""
    mail.set_keyword(work, _shared_places(work, letter_id), PROCESSED)


def _end(work: Work, claims: list[LetterClaim]) -> None:
    for one in claims:
        work.remove(one)
        if work.find(LetterClaim, letter_id=one.letter_id) is None:
            mail.set_keyword(work, _shared_places(work, one.letter_id), CLAIMED, on=False)


def _shared_places(work: Work, letter_id: int) -> list[int]:
    """Where the letter lies in group mailboxes."""
    folder, account = table_of(Folder), table_of(MailAccount)
    query = (
        select(_PLACEMENT.c.id)
        .join(folder, folder.c.id == _PLACEMENT.c.folder_id)
        .join(account, account.c.id == folder.c.account_id)
        .where(_PLACEMENT.c.letter_id == letter_id, ~_PLACEMENT.c.deleted, account.c.shared)
    )
    return list(work.connection.scalars(query))
