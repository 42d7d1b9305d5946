"""The intake wizard: who asks, what for, into which Interest. Three times Enter for the ordinary letter."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from textual.app import ComposeResult
from textual.containers import Grid, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from crm_tui.commands.command import Command
from crm_tui.domain import phone
from crm_tui.domain.errors import CrmError, NotFound
from crm_tui.i18n import N_, _
from crm_tui.screens.acting import Acting
from crm_tui.screens.base import CrmDialog
from crm_tui.services import inquiries, scenarios
from crm_tui.services.contact_info import REGION
from crm_tui.services.inquiries import Acceptance, Accepted, Candidate
from crm_tui.store.queries import letters
from crm_tui.store.queries.letters import LetterCard
from crm_tui.widgets.choice_field import ChoiceField
from crm_tui.widgets.footer import Footer
from crm_tui.widgets.text_field import TextField

STEPS = (N_("Who asks"), N_("What for"), N_("Which Interest"))
REASONS = {"address": N_("same address"), "phone": N_("same phone"), "domain": N_("same firm's domain")}
KINDS = {"customer": N_("customer"), "contact": N_("contact person"), "lead": N_("lead")}
NEW = "new"
SIGNATURE_CHARACTERS = 1500
"""So much of the end of a letter is looked through for a phone number."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the letter itself tells of its sender."""

    card: LetterCard
    phones: tuple[str, ...]
    candidates: tuple[Candidate, ...]


class IntakeWizard(Acting, CrmDialog[Accepted]):
    """Accepts one letter. Enter goes on, Esc goes back, on the first step it gives up."""

    SCOPES = ("form",)

    def __init__(self, letter_id: int) -> None:
        super().__init__()
        self._letter_id = letter_id
        self._step = 0
        self._proposal: Proposal | None = None

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog form"):
            yield Static(Content(""), classes="dialog-title")
            yield Static(Content(""), classes="dialog-intro")
            with Grid(classes="form-fields step"):
                yield from self._labelled(_("Who"), ChoiceField([(NEW, _("a new lead"))], id="who"))
                yield from self._labelled(_("Name"), TextField(id="name"))
                yield from self._labelled(_("Company"), TextField(id="company"))
                yield from self._labelled(_("Phone"), TextField(id="phone"))
            with Grid(classes="form-fields step"):
                options = [(code, _(name)) for code, name, _scenario in scenarios.PURPOSES]
                yield from self._labelled(_("Purpose"), ChoiceField(options, id="purpose"))
                yield from self._labelled(_("Scenario"), Static(Content(""), id="scenario"))
                yield from self._labelled(_("Owner"), Static(Content(self.actor.name), id="owner"))
            with Grid(classes="form-fields step"):
                yield from self._labelled(_("Interest"), ChoiceField([(NEW, "")], id="interest"))
                yield from self._labelled(_("Title"), TextField(id="title"))
            yield Static(Content(""), classes="dialog-note")
        yield Footer()

    async def on_mount(self) -> None:
        self._show_step()
        proposal = await self.look(self._read)
        self._proposal = proposal
        card = proposal.card
        self.query_one(".dialog-intro", Static).update(
            Content(f"{card.row.sender} <{card.sender_address}>\n{card.row.subject}")
        )
        self.query_one("#who", ChoiceField).offer(
            [
                *((str(index), _who_text(one)) for index, one in enumerate(proposal.candidates)),
                (NEW, _("a new lead")),
            ]
        )
        self.query_one("#name", TextField).value = card.row.sender
        self.query_one("#phone", TextField).value = proposal.phones[0] if proposal.phones else ""
        self.query_one("#title", TextField).value = card.row.subject
        self._show_step()

    def title_of(self, command: Command) -> str:
        return _("Finish") if command.id == "form.save" else super().title_of(command)

    def command_everywhere_back(self, argument: str = "") -> None:
        """A step back; from the first one out."""
        if self._step == 0:
            self.dismiss(None)
        else:
            self._step -= 1
            self._show_step()

    async def command_form_save(self, argument: str = "") -> None:
        """Accept with what is filled in, whichever step this is."""
        if self._proposal is None:
            return
        if self._step < 2:
            self._offer_interests()
        try:
            accepted = await self.act("inquiry.accept", self._accept)
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

    def _go_on(self) -> None:
        if self._proposal is None:
            return
        if self._step == 2:
            self.shell.run_command("form.save")
            return
        self._step += 1
        if self._step == 2:
            self._offer_interests()
        self._show_step()

    def _read(self, connection: Connection) -> Proposal:
        place = letters.places(connection, [self._letter_id]).get(self._letter_id)
        card = None if place is None else letters.card(connection, place)
        if card is None:
            raise NotFound("no_such_record", kind="letter", id=self._letter_id)
        phones = phone.find_phones((card.text or "")[-SIGNATURE_CHARACTERS:], REGION)
        found = inquiries.candidates(connection, card.sender_address, phones)
        return Proposal(card, tuple(phones), tuple(found))

    def _accept(self, work: Any) -> Accepted:
        assert self._proposal is not None
        interest = self.query_one("#interest", ChoiceField).value
        purpose = self.query_one("#purpose", ChoiceField).value
        return inquiries.accept(
            work,
            self._letter_id,
            Acceptance(
                purpose=purpose,
                scenario=_scenario_of(purpose),
                interest_id=None if interest == NEW else int(interest),
                interest_name=self.query_one("#title", TextField).value,
                who=self._who(),
                name=self.query_one("#name", TextField).value,
                company=self.query_one("#company", TextField).value,
                phone=self.query_one("#phone", TextField).value,
            ),
        )

    def _who(self) -> Candidate | None:
        value = self.query_one("#who", ChoiceField).value
        if value == NEW or self._proposal is None:
            return None
        return self._proposal.candidates[int(value)]

    def _offer_interests(self) -> None:
        who = self._who()
        found = []
        if who is not None:
            with self.store.read() as connection:
                found = inquiries.open_interests(connection, who)
        options = [
            (str(key), _("{name} ({state})").format(name=name, state=_(state))) for key, name, state in found
        ]
        self.query_one("#interest", ChoiceField).offer([*options, (NEW, _("a new Interest"))])

    def _show_step(self) -> None:
        title = _("Accept inquiry — {step} of 3: {name}").format(
            step=self._step + 1, name=_(STEPS[self._step])
        )
        self.query_one(".dialog-title", Static).update(Content(title))
        for number, step in enumerate(self.query(".step")):
            step.display = number == self._step
        list(self.query(".step"))[self._step].query(ChoiceField).first().focus()
        self._say("")
        self._show_choices()

    def _show_choices(self) -> None:
        new_lead = self._who() is None
        for name in ("#name", "#company", "#phone"):
            self.query_one(name, TextField).disabled = not new_lead
        purpose = self.query_one("#purpose", ChoiceField).value
        scenario = scenarios.SHIPPED[_scenario_of(purpose)][0]
        self.query_one("#scenario", Static).update(Content(_(scenario)))
        self.query_one("#title", TextField).disabled = self.query_one("#interest", ChoiceField).value != NEW

    def _say(self, text: str) -> None:
        self.query_one(".dialog-note", Static).update(Content(text))

    @staticmethod
    def _labelled(label: str, field: Any) -> ComposeResult:
        yield Static(Content(label), classes="form-label")
        yield field


def _who_text(one: Candidate) -> str:
    return _("{name} — {kind}, {reason}").format(
        name=one.name, kind=_(KINDS[one.kind]), reason=_(REASONS[one.reason])
    )


def _scenario_of(purpose: str) -> str:
    return next(scenario for code, _name, scenario in scenarios.PURPOSES if code == purpose)
