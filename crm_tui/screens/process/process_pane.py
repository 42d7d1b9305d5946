"""What stands on an Interest of the process that controls it: the step, until when, what is missing (BP-04…10)."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from crm_tui.i18n import _
from crm_tui.screens.wording import due_text, span_text
from crm_tui.widgets.wrapping import wrap

if TYPE_CHECKING:
    from crm_tui.services.process.process_needs import Missing
    from crm_tui.services.process.process_view import ProcessNow, StepNow

KeyOf = Callable[[str], str]
"""The key of a command as it is shown; empty for one without."""
BROUGHT_BY = {
    "call": "interest.log_call",
    "meeting": "interest.log_call",
    "conference": "interest.log_call",
    "message": "interest.log_call",
    "phone": "interest.log_call",
    "letter": "interest.write",
    "proposal": "interest.proposal",
    "invoice": "interest.invoice",
}
"""What a step asks for → the command that brings it."""
_MARKS = ("**", "__", "`")
_LINKS = re.compile(r"!?\[([^\[\]\n]*)\]\(([^()\s]*)\)")
_HEADS = re.compile(r"^#{1,6}\s+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Pane:
    """How the process is shown: when, to whom, and on how much room."""

    at: datetime
    zone: tzinfo
    key_of: KeyOf
    me: int | None
    """Whose the step is stands there where it is not this user's."""
    width: int
    """Cells."""
    instruction_lines: int
    """At most so many of each instruction."""

    def text(self, now: "ProcessNow") -> str:
        """The process in a few lines, the step that is done here first."""
        return "\n".join(part for line in self._lines(now) for part in _wrapped(line, self.width))

    def _lines(self, now: "ProcessNow") -> Iterable[str]:
        here = [step for step in now.steps if step.of_interest]
        beside = [step for step in now.steps if not step.of_interest]
        if now.is_stopped:
            yield _("! {process} was stopped: it cannot go on by itself. :resume lets it try again.").format(
                process=now.title
            )
        elif not here:
            yield _("{process}: no step is to be done here now").format(process=now.title)
        for step in here:
            yield _joined(f"{now.title}: {step.name}", *standing(step, self.at, self.zone, self.me))
            yield from (f"  {line}" for line in self._told(step))
            yield "  " + what_to_do(step, self.key_of)
        for name, until in now.waits:
            waits = due_text(until, self.at, self.zone)
            until_text = _("until {date}").format(date=waits) if waits else ""
            yield _joined("  " + _("waits for {what}").format(what=name), until_text)
        for step in beside:
            said = _("beside it: {step}").format(step=step.name)
            yield _joined("  " + said, *standing(step, self.at, self.zone, self.me))

    def _told(self, step: "StepNow") -> list[str]:
        """The instruction, or its beginning."""
        told = [part for line in plain(step.instruction).splitlines() for part in wrap(line, self.width - 2)]
        most = self.instruction_lines
        if len(told) > most:
            told[most - 1 :] = [f"{told[most - 1][: self.width - 4]} …"]
        return told


def standing(step: "StepNow", at: datetime, zone: tzinfo, me: int | None) -> list[str]:
    """Until when, and whose where it is somebody else's: ``due Fri 11:40, in 3 h`` · ``Ivan``."""
    return [deadline_text(step.due_at, at, zone), "" if step.performer_id == me else step.performer]


def deadline_text(due_at: datetime | None, at: datetime, zone: tzinfo) -> str:
    """``due Fri 11:40, in 3 h``; what is late has a sign."""
    if due_at is None:
        return ""
    due = due_text(due_at, at, zone)
    if due_at < at:
        return _("! due {date}, late by {span}").format(date=due, span=span_text(at - due_at))
    return _("due {date}, in {span}").format(date=due, span=span_text(due_at - at))


def what_to_do(step: "StepNow", key_of: KeyOf, do: str = "interest.task_done") -> str:
    """What is missing with what to press for it; else how the step is completed."""
    if step.missing:
        missing = ", ".join(missing_text(one, key_of, step.drafts.get(one.of)) for one in step.missing)
        return _("Missing: {what}").format(what=missing)
    key = key_of(do)
    if len(step.outcomes) > 1:
        return f"{key}: " + " · ".join(f"{n} {one.name}" for n, one in enumerate(step.outcomes, 1))
    name = step.outcomes[0].name if step.outcomes else _("execute")
    return f"{key}: {name}" + (" " + _("(with the result)") if step.ask_result else "")


def missing_text(one: "Missing", key_of: KeyOf, draft_has_file: bool | None = None) -> str:
    """What is missing, and what to press for it: ``Phone call (c)``. ``draft_has_file``: of a document that is there
    as a draft."""
    from crm_tui.services.process import process_needs  # its tables are not read at the start

    said = process_needs.said(one)
    if draft_has_file:
        return _("{what} (a draft: {key} sends its file)").format(what=said, key=key_of("interest.write"))
    if draft_has_file is not None:
        return _("{what} (a draft without a file: {key})").format(
            what=said, key=key_of("everywhere.documents")
        )
    usual = "everywhere.documents" if one.kind == "document" else "interest.edit"
    key = key_of(BROUGHT_BY.get(one.of, usual))
    return f"{said} ({key})" if key else said


def plain(markdown: str) -> str:
    """Markdown as text: lists stay, links show where they lead, emphasis and heads lose their marks."""
    text = _LINKS.sub(lambda found: f"{found[1]} ({found[2]})" if found[2] else found[1], markdown)
    text = _HEADS.sub("", text)
    for mark in _MARKS:
        text = text.replace(mark, "")
    return "\n".join(line.rstrip() for line in text.strip().splitlines() if line.strip())


def _wrapped(line: str, width: int) -> Iterable[str]:
    """A line in pieces, those after the first indented like what belongs to it."""
    first, *rest = wrap(line, width)
    yield first
    for piece in rest:
        yield from (f"    {part}" for part in wrap(piece.strip(), width - 4))


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
