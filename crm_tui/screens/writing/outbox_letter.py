"""A letter in the outbox as it will go out, with what became of it so far."""

from collections.abc import Iterable, Iterator
from datetime import timedelta, tzinfo

from textual.widget import Widget

from crm_tui.domain.identity import address
from crm_tui.domain.text import clean
from crm_tui.i18n import _
from crm_tui.parsing.letter import Letter
from crm_tui.screens.base import CrmScreen
from crm_tui.screens.letter.file_types import type_label
from crm_tui.screens.wording import full_date, size_text
from crm_tui.services.writing.outbox import SERVED, WITH_THE_JOB
from crm_tui.store.queries.outbox import WaitingLetter
from crm_tui.widgets.letter_view import LetterView, Paragraph, paragraphs

MOMENTS = timedelta(minutes=5)


class OutgoingLetter(CrmScreen[None]):
    """``letter`` is what the bytes of ``row`` say."""

    def __init__(self, row: WaitingLetter, letter: Letter, zone: tzinfo) -> None:
        super().__init__()
        self._shown = list(letter_paragraphs(row, letter, zone))

    def compose_body(self) -> Iterable[Widget]:
        yield LetterView()

    def on_mount(self) -> None:
        view = self.query_one(LetterView)
        view.show(self._shown)
        view.focus()


def is_timed(letter: WaitingLetter) -> bool:
    """Whether a time was meant for it, beyond the moments in which it can be called back."""
    if letter.not_before is None or letter.next_try_at == WITH_THE_JOB:
        return False
    return letter.automatic or letter.not_before - letter.created_at > MOMENTS


def trouble_lines(letter: WaitingLetter) -> list[str]:
    """What servers said that did not take it, a line for each address."""
    return [
        _("{address}: {code} {text}").format(address=clean(where), code=code, text=clean(said))
        for where, (code, said) in letter.results.items()
        if code not in SERVED
    ]


def letter_paragraphs(row: WaitingLetter, letter: Letter, zone: tzinfo) -> Iterator[Paragraph]:
    """Headers, fate, files and text."""
    yield Paragraph(clean(letter.subject) or _("(no subject)"), "title")
    yield _labelled(_("From"), address.joined(letter.sender.name, letter.sender.address))
    for label, boxes in ((_("To"), letter.to), (_("Cc"), letter.cc)):
        if boxes:
            yield _labelled(label, ", ".join(address.joined(one.name, one.address) for one in boxes))
    shown = {one.address for one in (*letter.to, *letter.cc)}
    hidden = [one for one in (*row.recipients, *row.results) if one not in shown]
    if hidden:
        yield _labelled(_("Bcc"), ", ".join(dict.fromkeys(hidden)))
    if is_timed(row) and row.not_before is not None:
        yield _labelled(_("Meant for"), full_date(row.not_before, zone))
    for line in trouble_lines(row):
        yield _labelled(_("Trouble"), line)
    for file in letter.attachments:
        yield _labelled(_("File"), f"{clean(file.name)} ({type_label(file.type)}, {size_text(file.size)})")
    yield Paragraph("")
    yield from paragraphs(clean(letter.text, multiline=True))


def _labelled(label: str, text: str) -> Paragraph:
    return Paragraph(f"{label}: {clean(text)}", "label")
