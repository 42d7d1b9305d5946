"""The intake wizard: who asks, what for, into which Interest; Enter three times for the ordinary letter (KZ-02).

From a letter, from a call, or by hand. Whoever has an open Interest is led to it at once: what for is asked only of
what is new (story A9).
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection
from textual import work as in_worker
from textual.app import ComposeResult
from textual.containers import Grid, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from crm_tui.commands.command import Command
from crm_tui.domain.errors import CrmError, Invalid
from crm_tui.i18n import N_, _
from crm_tui.screens.acting import Acting
from crm_tui.screens.base import CrmDialog
from crm_tui.screens.forms.lacking import make_whole
from crm_tui.screens.inquiry.intake_text import Coming, Proposal, interest_options, proposed, who_text
from crm_tui.screens.shell.type_ahead import COMMANDS
from crm_tui.services.inquiry import inquiries, intake
from crm_tui.services.inquiry.askers import Candidate
from crm_tui.services.inquiry.inquiries import Accepted
from crm_tui.services.inquiry.intake_interest import Acceptance
from crm_tui.services.interest import purposes
from crm_tui.services.interest.purposes import Known
from crm_tui.widgets.choice_field import ChoiceField
from crm_tui.widgets.choice_lines import ChoiceLines
from crm_tui.widgets.footer import Footer
from crm_tui.widgets.text_field import TextBox, TextField

WHO, WHAT, INTEREST = range(3)
STEPS = (N_("Who asks"), N_("What for"), N_("Which Interest"))
RULES = {
    purposes.CUSTOMER: N_("whose customer it is"),
    purposes.LEAST_LOADED: N_("who has the fewest open Interests"),
}
NEW = "new"
PAUSE = 0.3
"""Seconds without a key after which it is looked for who that may be."""


class IntakeWizard(Acting, CrmDialog[Accepted]):
    """Accepts one inquiry. Enter goes on, Esc goes back, on the first step it gives up."""

    SCOPES = ("form",)

    def __init__(self, letter_id: int | None, coming: Coming | None = None) -> None:
        super().__init__()
        self._letter_id = letter_id
        self._coming = coming or Coming()
        self._way = [WHO]
        self._proposal: Proposal | None = None
        self._found: Sequence[Candidate] = ()
        self._asked = self._looked = 0
        """Which of the changes of what is told was the last, and up to which it was looked who that may be."""

    def compose(self) -> ComposeResult:
        by_letter = self._letter_id is not None
        with Vertical(classes="dialog form"):
            yield Static(Content(""), classes="dialog-title")
            yield Static(Content(""), classes="dialog-intro")
            with Grid(classes="form-fields step") as grid:
                # A row that is "auto" is as high as the text in it: the list of candidates grows with them.
                grid.styles.grid_rows = "auto"
                who = ChoiceLines([(NEW, _("a new lead"))], id="who")
                if by_letter:
                    yield from self._labelled(_("Who"), who)
                yield from self._labelled(_("Name"), TextField(id="name"))
                yield from self._labelled(_("Company"), TextField(id="company"))
                yield from self._labelled(_("Phone"), TextField(id="phone"))
                if not by_letter:
                    yield from self._labelled(_("E-mail"), TextField(id="email"))
                    yield from self._labelled(_("Tax number"), TextField(id="tax"))
                    yield from self._labelled(_("Who"), who)
                yield from self._labelled(_("Open Interests"), Static(Content(""), id="open"))
            with Grid(classes="form-fields step"):
                yield from self._labelled(_("Purpose"), ChoiceField([], id="purpose"))
                yield from self._labelled(_("Scenario"), Static(Content(""), id="scenario"))
                yield from self._labelled(_("Owner"), Static(Content(self.actor.name), id="owner"))
            with Grid(classes="form-fields step") as grid:
                grid.styles.grid_rows = "auto"
                yield from self._labelled(_("Interest"), ChoiceLines([(NEW, "")], id="interest"))
                yield from self._labelled(_("Title"), TextField(id="title"))
                if not by_letter:
                    box = TextBox(id="result")
                    box.styles.height = 3
                    yield from self._labelled(_("What was said"), box)
            yield Static(Content(""), classes="dialog-note")
        yield Footer()

    async def on_mount(self) -> None:
        self._show_step()
        proposal = await self.look(partial(proposed, self._letter_id, self._coming))
        self._proposal = proposal
        known = [(one.code, one.name) for one in proposal.purposes]
        self.query_one("#purpose", ChoiceField).offer(known)
        self._offer_candidates(proposal.candidates)
        self.query_one("#phone", TextField).value = next(iter(proposal.phones), "")
        intro = {"call": _("By phone"), "meeting": _("By hand")}.get(self._coming.kind, "")
        if proposal.card is not None:
            card = proposal.card
            intro = f"{card.row.sender} <{card.sender_address}>\n{card.row.subject}"
            self.query_one("#name", TextField).value = card.row.sender
            self.query_one("#title", TextField).value = card.row.subject
        self.query_one(".dialog-intro", Static).update(Content(intro))
        self._show_step()

    def title_of(self, command: Command) -> str:
        return _("Finish") if command.id == "form.save" else super().title_of(command)

    def command_everywhere_back(self, argument: str = "") -> None:
        """A step back; from the first one out."""
        if len(self._way) == 1:
            self.dismiss(None)
        else:
            self._way.pop()
            self._show_step()

    async def command_form_save(self, argument: str = "") -> None:
        """Accept with what is filled in, whichever step this is."""
        if self._proposal is None:
            return
        await self._look_anew()
        if INTEREST not in self._way:
            self._offer_interests()
        try:
            accepted = await make_whole(self, "inquiry.accept", self._accept, self._made)
        except CrmError as error:
            self._say(f"! {self.shell.explain(error)}")
            return
        self.dismiss(accepted)

    def on_input_submitted(self, _event: Input.Submitted) -> None:
        self._go_on()

    def on_choice_field_submitted(self, _event: ChoiceField.Submitted) -> None:
        self._go_on()

    def on_choice_field_changed(self, _event: ChoiceField.Changed) -> None:
        self._show_choices()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Of a call it is looked anew who that may be, once the typing rests."""
        if self._letter_id is None and event.input.id in ("name", "company", "phone", "email", "tax"):
            self._asked += 1
            self.set_timer(PAUSE, partial(self._look_again, self._asked))

    @in_worker(exclusive=True)
    async def _look_again(self, asked: int) -> None:
        if asked == self._asked:
            await self._look_anew()

    async def _look_anew(self) -> None:
        """Who that may be by what is told now, unless it was looked already."""
        asked = self._asked
        if asked == self._looked:
            return
        told = {name: self._text(name) for name in ("name", "company", "phone", "email", "tax")}

        def read(connection: Connection) -> list[Candidate]:
            return intake.candidates(
                connection,
                name=told["name"] or told["company"],
                email=told["email"],
                phones=[told["phone"]] if told["phone"] else [],
                tax_number=told["tax"],
            )

        found = await self.look(read)
        if asked == self._asked and self._step == WHO:
            self._looked = asked
            self._offer_candidates(found)
            self._show_choices()

    @property
    def _step(self) -> int:
        return self._way[-1]

    def _go_on(self) -> None:
        """To the next step: whoever has an open Interest is led to it, and only what is new is asked what for."""
        if self._proposal is None:
            return
        if self._step == WHO and self._who() is None and not self._text("name"):
            self._say("! " + self.shell.explain(Invalid("name_missing", kind="lead")))
            return
        if self._step == WHO and self._looked != self._asked:
            self.run_worker(self._look_and_go_on(), group=COMMANDS)
            return
        if self._step == WHO:
            has_open = self._offer_interests()
            self._way.append(INTEREST if has_open else WHAT)
        elif self._step == WHAT:
            self._way.append(INTEREST)
        elif self._is_new() and WHAT not in self._way:
            self._way.append(WHAT)
        else:
            self.shell.run_command("form.save")
            return
        self._show_step()

    async def _look_and_go_on(self) -> None:
        await self._look_anew()
        if self._looked == self._asked:
            self._go_on()

    def _accept(self, work: Any) -> Accepted:
        purpose = self._purpose()
        interest = self.query_one("#interest", ChoiceLines).value
        choice = Acceptance(
            purpose=purpose.code,
            scenario=purpose.scenario,
            interest_id=None if interest == NEW else int(interest),
            interest_name=self._text("title"),
            who=self._who(),
            name=self._text("name"),
            company=self._text("company"),
            phone=self._text("phone"),
        )
        if self._letter_id is not None:
            return inquiries.accept(work, self._letter_id, choice)
        return intake.register(
            work,
            choice.with_email(self._text("email"), "call" if self._coming.kind == "call" else "hand"),
            kind=self._coming.kind,
            phone=self._text("phone"),
            result=self.query_one("#result", TextBox).text,
        )

    def _made(self, accepted: Accepted) -> list[tuple[str, int]]:
        """What is new of it, and therefore asked for what is required."""
        if accepted.task_id is None:  # it went into an Interest that was there
            return []
        lead_id = accepted.lead_id if self._who() is None else None
        return [("interest", accepted.interest_id), *([("lead", lead_id)] if lead_id is not None else [])]

    def _purpose(self) -> Known:
        assert self._proposal is not None
        code = self.query_one("#purpose", ChoiceField).value
        return next(one for one in self._proposal.purposes if one.code == code)

    def _who(self) -> Candidate | None:
        value = self.query_one("#who", ChoiceLines).value
        return None if value == NEW else self._found[int(value)]

    def _is_new(self) -> bool:
        return self.query_one("#interest", ChoiceLines).value == NEW

    def _text(self, name: str) -> str:
        return self.query_one(f"#{name}", TextField).value.strip()

    def _offer_candidates(self, found: Sequence[Candidate]) -> None:
        """The likeliest one is taken unless another is chosen, where it is likely enough."""
        self._found = found
        options = [(str(place), who_text(one)) for place, one in enumerate(found)]
        sure = bool(found) and found[0].percent >= intake.SURE
        self.query_one("#who", ChoiceLines).offer([*options, (NEW, _("a new lead"))], "0" if sure else NEW)

    def _offer_interests(self) -> bool:
        """Offer the open Interests of who is chosen; whether there is one."""
        with self.store.read() as connection:
            options = interest_options(connection, self._who())
        self.query_one("#interest", ChoiceLines).offer([*options, (NEW, _("a new Interest"))])
        return bool(options)

    def _show_step(self) -> None:
        pattern = _("Accept inquiry — {step} of 3: {name}")
        title = pattern.format(step=self._step + 1, name=_(STEPS[self._step]))
        self.query_one(".dialog-title", Static).update(Content(title))
        for number, step in enumerate(self.query(".step")):
            step.display = number == self._step
        first = "#name" if self._step == WHO and self._letter_id is None else ChoiceField
        list(self.query(".step"))[self._step].query(first).first().focus()
        self._say("")
        self._show_choices()

    def _show_choices(self) -> None:
        who = self._who()
        if self._letter_id is not None:
            for name in ("name", "company", "phone"):
                self.query_one(f"#{name}", TextField).disabled = who is not None
        if self._step == WHO:
            with self.store.read() as connection:
                names = [text for _key, text in interest_options(connection, who)]
            self.query_one("#open", Static).update(Content("\n".join(names[:4]) or "–"))
        if self._proposal is not None and self._proposal.purposes:
            purpose = self._purpose()
            named = self._proposal.colleagues.get(purpose.owner_rule.removeprefix(purposes.USER))
            rule = _(RULES[purpose.owner_rule]) if purpose.owner_rule in RULES else named or self.actor.name
            scenario = self._proposal.scenarios.get(purpose.scenario, purpose.scenario)
            self.query_one("#scenario", Static).update(Content(scenario))
            self.query_one("#owner", Static).update(Content(rule))
        self.query_one("#title", TextField).disabled = not self._is_new()

    def _say(self, text: str) -> None:
        self.query_one(".dialog-note", Static).update(Content(text))

    @staticmethod
    def _labelled(label: str, field: Any) -> ComposeResult:
        yield Static(Content(label), classes="form-label")
        yield field
