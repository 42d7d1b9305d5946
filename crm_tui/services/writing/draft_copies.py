"""Copies of drafts in the Drafts folder of the server, so that another device can go on with them.

A copy is a letter with a placement like any other: the sync uploads it, and takes the one before it away. Each has
a Message-ID of its own. When a draft was edited here and on another device, both stay: ours is uploaded anew, theirs
lies in Drafts as a letter. A copy that was sent or thrown away elsewhere takes a draft with it that nobody has
touched here since.
"""

import secrets
from datetime import tzinfo
from typing import TYPE_CHECKING

from crm_tui.domain.errors import Refused
from crm_tui.domain.identity import address
from crm_tui.domain.letter.flags import Flag
from crm_tui.domain.text import fold, shorten
from crm_tui.services.letter import letter_origin
from crm_tui.services.letter.letter_origin import Box
from crm_tui.services.writing import compose, draft_files, drafts, letter_build
from crm_tui.services.writing.compose import Begun, Writing
from crm_tui.store.tables import (
    Attachment,
    Draft,
    Folder,
    Letter,
    LetterRaw,
    LetterText,
    MailAccount,
    Placement,
    User,
)
from crm_tui.store.work import Work

if TYPE_CHECKING:
    from crm_tui.parsing.fields import Mailbox

SNIPPET = 200
_KEY = 200


def publish(work: Work, draft_id: int, zone: tzinfo) -> None:
    """Put a copy of the draft as it is now into the Drafts of its account, in place of the one before.

    For ``store.facts``, when the writing pauses. Nothing happens for an unchanged or empty draft, or where there is
    no such folder.
    """
    draft = work.find(Draft, id=draft_id)
    account = work.find(MailAccount, id=draft.account_id) if draft and draft.account_id else None
    if draft is None or account is None:
        return
    folder = work.find(Folder, account_id=account.key, role="drafts", hidden=False)
    known = work.find(Placement, id=draft.placement_id) if draft.placement_id else None
    there = known is not None and folder is not None and known.folder_id == folder.key
    if folder is None or (there and draft.copied_at is not None and draft.copied_at >= draft.changed_at):
        return
    writing = drafts.draft(work.connection, draft_id)
    files = draft_files.contents(work.connection, draft_id)
    if not (files or writing.body.strip() or writing.subject.strip() or writing.to.strip()):
        return
    answered = work.find(Letter, id=draft.reply_to_letter_id) if draft.reply_to_letter_id else None
    message_id = f"{secrets.token_hex(16)}@{address.domain_of(account.address)}"
    raw = letter_build.build(
        (account.sender_name, account.address),
        _usable(writing.to),
        _usable(writing.cc),
        bcc=_usable(writing.bcc),
        subject=writing.subject,
        body=writing.body,
        message_id=message_id,
        answered=answered,
        at=work.now.astimezone(zone),
        form=writing.format,
        files=files,
    )
    drafts.drop_copy(work, draft.placement_id)
    placement = _filed(work, raw, folder.key, answered.thread_key if answered else message_id)
    work.change(draft, placement_id=placement.key, message_id=message_id, copied_at=work.now)


def open_copy(work: Work, placement_id: int, *, owner_id: int | None = None) -> int:
    """The draft whose copy this is; one that another device wrote becomes a draft of ours. Answers its id.

    Raises Refused (``not_a_draft``, ``draft_of_other``) and NotFound (``body_not_here``).
    """
    placement = work.get(Placement, placement_id)
    known = work.find(Draft, placement_id=placement_id)
    if known is not None:
        if None not in (known.owner_id, owner_id) and known.owner_id != owner_id:
            raise Refused("draft_of_other", name=work.get(User, known.owner_id or 0).name)
        return known.key
    folder = work.get(Folder, placement.folder_id)
    if folder.role != "drafts":
        raise Refused("not_a_draft")
    raw = letter_origin.raw(work.connection, placement.letter_id)
    draft_id = drafts.begin(work, _read(work, raw, folder.account_id), owner_id=owner_id)
    work.change(
        work.get(Draft, draft_id),
        placement_id=placement_id,
        message_id=work.get(Letter, placement.letter_id).message_id,
        copied_at=work.now,
    )
    return draft_id


def settle(work: Work) -> None:
    """Follow what other devices did to the copies: for ``store.facts``, before drafts are listed."""
    for draft in work.all(Draft):
        if draft.placement_id is None or _stands(work, draft.placement_id):
            continue
        if draft.copied_at is not None and draft.changed_at <= draft.copied_at:
            drafts.discard(work, draft.key)
        else:
            work.change(draft, placement_id=None, copied_at=None)


def _stands(work: Work, placement_id: int) -> bool:
    """Whether the copy is in Drafts, or it is not known yet where it went."""
    placement = work.find(Placement, id=placement_id)
    if placement is None or placement.deleted:
        return False
    return placement.limbo > 0 or work.get(Folder, placement.folder_id).role == "drafts"


def _usable(field: str) -> list[Box]:
    """The recipients that are typed to the end; what is not stays in our draft alone."""
    return [
        (name, letter_build.wire_address(where))
        for name, where in address.split_list(field)
        if address.is_valid(where)
        and where.rpartition("@")[0].isascii()
        and address.domain_of(where).isascii()
    ]


def _filed(work: Work, raw: bytes, folder_id: int, thread_key: str) -> Placement:
    from crm_tui.parsing.letter import identity, parse  # the whole parser: not at every start

    read = parse(raw)
    letter = work.add(
        Letter(
            identity=identity(raw),
            size=len(raw),
            message_id=read.message_id,
            in_reply_to=read.in_reply_to,
            references=" ".join(read.references),
            thread_key=thread_key,
            subject=read.subject,
            sender_name=read.sender.name,
            sender_address=read.sender.address.casefold(),
            recipients={
                name: [[box.name, box.address] for box in getattr(read, name)]
                for name in ("to", "cc", "bcc", "reply_to")
            },
            date=work.now,
            snippet=shorten(" ".join(read.text.split())[: SNIPPET * 2], SNIPPET),
            has_attachments=any(not one.inline for one in read.attachments),
            body_state="full",
        )
    )
    work.add(LetterRaw(letter_id=letter.key, raw=raw))
    work.add(LetterText(letter_id=letter.key, text=read.text))
    for one in read.attachments:
        work.add(
            Attachment(
                letter_id=letter.key,
                part=one.part,
                name=one.name,
                content_type=one.type,
                size=one.size,
                inline=one.inline,
            )
        )
    return work.add(
        Placement(
            letter_id=letter.key,
            folder_id=folder_id,
            flags=int(Flag.SEEN | Flag.DRAFT),
            unread=False,
            date_key=int(work.now.timestamp()),
            sender_key=fold(read.sender.name or read.sender.address)[:_KEY],
            subject_key=fold(read.subject)[:_KEY],
        )
    )


def _read(work: Work, raw: bytes, account_id: int) -> Begun:
    from crm_tui.parsing.letter import parse  # the whole parser: not at every start

    read = parse(raw)
    answered = work.find(Letter, message_id=read.in_reply_to) if read.in_reply_to else None
    writing = Writing(
        account_id=account_id,
        to=_field(read.to),
        cc=_field(read.cc),
        bcc=_field(read.bcc),
        subject=read.subject,
        body=read.text,
        reply_to_letter_id=answered.key if answered else None,
    )
    return Begun(writing, letter_origin.files(raw))


def _field(boxes: "tuple[Mailbox, ...]") -> str:
    return compose.joined((box.name, box.address) for box in boxes)
