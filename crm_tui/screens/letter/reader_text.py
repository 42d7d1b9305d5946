"""A letter as paragraphs to read: who, what about, what is known of the sender, files, text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from crm_tui.domain.letter.flags import Flag
from crm_tui.domain.text import clean
from crm_tui.i18n import N_, _, ngettext
from crm_tui.parsing import quotes
from crm_tui.parsing.quotes import Block
from crm_tui.screens.letter.file_types import type_label
from crm_tui.screens.letter.mail_recognised import kind_text
from crm_tui.screens.letter.mail_source import recipients_text
from crm_tui.screens.wording import full_date, size_text
from crm_tui.services.inquiry.askers import Candidate
from crm_tui.store.queries.bounces import Undelivered
from crm_tui.store.queries.claims import ALONE, Shared
from crm_tui.store.queries.letters import AttachmentRow, LetterCard
from crm_tui.widgets.letter_view import Paragraph, paragraphs

MOST_NOT_REACHED = 20
FEWEST_FOLDED = 4
"""Quoted lines at the end of a letter that are worth folding."""
KINDS = {"customer": N_("customer"), "contact": N_("contact person"), "lead": N_("lead")}


@dataclass(frozen=True, slots=True)
class Known:
    """What the program knows beside the letter itself."""

    contact: Candidate | None = None
    interests: tuple[str, ...] = ()
    """Names of the Interests that the letter belongs to."""
    remote_images: int = 0
    headers: str = ""
    """All headers as they were sent, cleaned; empty to show the main ones."""
    undelivered: tuple[Undelivered, ...] = ()
    """Whom a letter of ours did not reach."""
    recognised: tuple[Paragraph, ...] = ()
    """What the letter says beside its text: a meeting, addresses that were not reached."""
    shared: Shared = ALONE
    """What others at a group mailbox do with it."""
    arriving: str = ""
    """What is to be said in the place of a text that is being fetched."""
    is_own: bool = False
    """Whether we wrote it; then the contact is whom it went to."""


def letter_paragraphs(
    card: LetterCard, known: Known, zone: tzinfo, *, quotes_folded: bool = True, files_listed: bool = True
) -> list[Paragraph]:
    """The whole letter, headers first; its files too where the screen has no other place for them."""
    shown = list(paragraphs(known.headers, "label")) if known.headers else list(_main_headers(card, zone))
    shown += [_labelled(_("Contact"), contact_text(card, known.contact, is_own=known.is_own))]
    shown += list(_state(card, known, zone))
    if kind := kind_text(card):
        shown.append(_labelled(_("Kind"), kind))
    shown += known.recognised
    if files_listed:
        shown += _files(card.attachments)
    shown += [Paragraph(_blocked(known.remote_images), "notice")]
    return shown + list(_body(card, known.arriving, folded=quotes_folded))


def contact_text(card: LetterCard, contact: Candidate | None, *, is_own: bool = False) -> str:
    """Whom the letter is from, or went to, as far as the base knows (MAIL-38), and what can be done about it."""
    if contact is not None:
        kind = _(KINDS[contact.kind])
        if contact.reason == "address":
            return f"{contact.name} ({kind})"
        return _("perhaps {name} ({kind}): the same domain").format(name=contact.name, kind=kind)
    if card.row.inquiry or is_own:
        return _("unknown")
    return _("unknown — a accept, x decline")


def _main_headers(card: LetterCard, zone: tzinfo) -> Iterator[Paragraph]:
    row = card.row
    yield Paragraph(row.subject or _("(no subject)"), "title")
    who = row.sender if row.sender == card.sender_address else f"{row.sender} <{card.sender_address}>"
    yield _labelled(_("From"), who)
    for field, label in (("to", _("To")), ("cc", _("Cc"))):
        people = recipients_text(row, field)
        if people:
            yield _labelled(label, people)
    yield _labelled(_("Date"), full_date(row.date, zone))


def _state(card: LetterCard, known: Known, zone: tzinfo) -> Iterator[Paragraph]:
    """What was decided and what is under way, in words: the list has only signs for it."""
    said = list(_colleagues(known.shared, zone))
    if card.row.inquiry == "accepted":
        said.append(_("accepted"))
    elif card.row.inquiry == "declined":
        reason = clean(card.reason)
        said.append(_("declined: {reason}").format(reason=reason) if reason else _("declined"))
    if known.shared.decided_by and known.shared.decided_at is not None:
        date = full_date(known.shared.decided_at, zone)
        said.append(_("by {name}, {date}").format(name=clean(known.shared.decided_by), date=date))
    if card.row.flags & Flag.ANSWERED:
        said.append(_("answered"))
    if card.row.flags & Flag.FLAGGED:
        said.append(_("important"))
    if not card.row.flags & Flag.SEEN:
        said.append(_("unread"))
    # Not of the read mark: the line would come and go, and the text below it jump, with each letter opened.
    if card.row.pending_beyond_read:
        said.append(_("changed here, not yet on the server"))
    if said:
        yield _labelled(_("State"), " · ".join(said))
    for one in known.undelivered[:MOST_NOT_REACHED]:
        yield _labelled(_("Delivery"), _not_reached(one))
    for name in known.interests:
        yield _labelled(_("Interest"), name)


def _not_reached(one: Undelivered) -> str:
    text = _("could not be delivered to {address}") if one.permanent else _("not yet delivered to {address}")
    return ": ".join(filter(None, (text.format(address=clean(one.address)), clean(one.reason))))


def _colleagues(shared: Shared, zone: tzinfo) -> Iterator[str]:
    """Who has the letter now, or that another program has dealt with it (story B8)."""
    if shared.is_held:
        name = clean(shared.holder) or _("somebody")
        since = full_date(shared.since, zone) if shared.since is not None else ""
        pattern = _("✎ {name} is answering it") if shared.answering else _("✎ {name} has it open")
        yield " ".join(filter(None, (pattern.format(name=name), since)))
    if shared.processed_elsewhere:
        yield _("processed in another program")


def _files(files: Sequence[AttachmentRow]) -> list[Paragraph]:
    return [
        _labelled(_("File"), f"[{kind}] {clean(one.name) or _('without a name')} ({size_text(one.size)})")
        for one in files
        if not one.inline
        for kind in (type_label(one.content_type, one.name),)
    ]


def _blocked(images: int) -> str:
    if not images:
        return ""
    return ngettext("{n} remote image is not fetched.", "{n} remote images are not fetched.", images).format(
        n=images
    )


def _body(card: LetterCard, arriving: str, *, folded: bool) -> Iterator[Paragraph]:
    if card.text is None:
        text = arriving or {
            "unfetchable": _("The server does not give the text of this letter."),
            "erased": _("This letter was erased: it held the data of a person who had them erased."),
            "none": _("The text of this letter is not here yet. Enter: fetch it."),
        }.get(card.body_state, _("This letter has no text."))
        yield Paragraph(text, "notice")
        return
    if not card.text.strip():
        yield Paragraph(_("This letter has no text."), "notice")
        return
    blocks = quotes.split(card.text).blocks
    tail = _tail(blocks) if folded else len(blocks)
    for block in blocks[:tail]:
        yield from paragraphs(block.text, "own" if block.kind == "own" else "quote")
    if tail < len(blocks):
        count = sum(block.text.count("\n") + 1 for block in blocks[tail:])
        text = ngettext("[{n} quoted line: Z shows it]", "[{n} quoted lines: Z shows them]", count)
        yield Paragraph("")
        yield Paragraph(text.format(n=count), "notice")


def _tail(blocks: Sequence[Block]) -> int:
    """Where the quotation at the end begins, if it is worth folding; a signature after it goes with it."""
    start = len(blocks)
    while start and (blocks[start - 1].kind != "own" or not blocks[start - 1].text.strip()):
        start -= 1
    first = next((place for place in range(start, len(blocks)) if blocks[place].kind == "quote"), len(blocks))
    lines = sum(block.text.count("\n") + 1 for block in blocks[first:])
    return first if lines >= FEWEST_FOLDED else len(blocks)


def _labelled(label: str, text: str) -> Paragraph:
    return Paragraph(f"{label}: {text}", "label")
