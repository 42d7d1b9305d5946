"""The journal of contacts (C77-17): every call, meeting and message, by date, employee and result."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.event import dates
from crm_tui.domain.wall import day_start, to_wall
from crm_tui.i18n import _
from crm_tui.screens.forms.form import Field, FormDialog
from crm_tui.screens.interaction.interaction_acts import InteractionActs
from crm_tui.screens.interaction.interaction_form import Talk
from crm_tui.screens.interaction.journal_source import STATUSES, JournalSource
from crm_tui.screens.lists.list_filter import ListFilter, NarrowedLine, nothing_fits
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.task.task_dates import echo_of, languages
from crm_tui.services.interaction import interactions
from crm_tui.services.interaction.whose import Whose
from crm_tui.store.queries import interactions as interaction_queries
from crm_tui.store.queries import party_names
from crm_tui.store.queries.interactions import Which
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Order

UNLINKED = "unlinked"
ONE_DAY = 1


class JournalScreen(InteractionActs, ListFilter, ListScreen[None]):
    """The newest on top; Enter changes the row."""

    SCOPES = ("interaction",)
    TABLES = frozenset({"interaction", "interaction_contact", "interest", "customer", "contact", "lead"})

    def list_title(self) -> str:
        said = self._which_text()
        return _("Journal of contacts: {which}").format(which=said) if said else _("Journal of contacts")

    def make_list(self) -> RecordList:
        return RecordList(self._source, Order(""), empty=Content(self._empty_text()))

    def compose_body(self) -> Iterable[Widget]:
        ports = self.shell.ports
        self._source = JournalSource(self.store, ports.clock, ports.zone)
        return [NarrowedLine(), *super().compose_body()]

    def filtered_kind(self) -> str:
        return "interaction"

    def filtered_id(self) -> int | None:
        return self._list.current_id

    def show_narrowed(self, keep: int | None) -> None:
        self._source.narrowing = self.narrowing
        is_on = self.narrowing.condition is not None
        self._list.set_empty(Content(nothing_fits() if is_on else self._empty_text()))
        self._list.reload()
        if keep is not None:
            self._list.go_to(keep)

    def _empty_text(self) -> str:
        return _("No contacts. n writes one down, o shows others.")

    def record_here(self) -> tuple[str, int]:
        """For commands that work with any record."""
        return "interaction", self._key()

    def on_record_list_opened(self, _event: RecordList.Opened) -> None:
        self.shell.run_command("interaction.edit")

    async def command_interaction_new(self, argument: str = "") -> None:
        """One that may be linked later (IDX-24)."""
        await self.ask_talk(Talk(Whose(), _("New contact"), "", kept_as="interaction-new"))

    async def command_interaction_edit(self, argument: str = "") -> None:
        """The one under the cursor."""
        await self.change_interaction(self._key())

    async def command_interaction_held(self, argument: str = "") -> None:
        """Held, not held, or moved."""
        row = self._row()
        if row.status != "planned":
            raise Refused("not_planned", status=_(STATUSES[row.status]))
        await self.ask_whether_held(row.id, row.subject or row.party, argument)

    async def command_interaction_move(self, argument: str = "") -> None:
        """Another time, and why."""
        row = self._row()
        if row.status != "planned":
            raise Refused("not_planned", status=_(STATUSES[row.status]))
        await self.ask_and_put_off(row.id, argument)

    async def command_interaction_link(self, argument: str = "") -> None:
        """With whom it was."""
        if await self.link_interaction(self._key(), argument):
            self.shell.say(_("Linked: {name}").format(name=self._row().party or self._row().subject))

    async def command_interaction_cancel(self, argument: str = "") -> None:
        """It will not take place."""
        key = self._key()
        await self.act("interaction.cancel", lambda work: interactions.cancel(work, key))

    def command_interaction_open(self, argument: str = "") -> None:
        """The Interest or card that it belongs to."""
        self.shell.run_command("everywhere.show_interaction", str(self._key()))

    async def command_interaction_filter(self, argument: str = "") -> None:
        """From when to when, of whom, of what kind, with which words; all empty shows everything."""
        which = self._source.which
        with self.store.read() as connection:
            people = [(str(key), name) for key, name in party_names.colleagues(connection)]
        kinds = [(code, _(name)) for code, name in interactions.KINDS.items()]
        statuses = [*((code, _(name)) for code, name in STATUSES.items()), (UNLINKED, _("with nobody yet"))]
        status = UNLINKED if which.unlinked else which.status

        async def save(filled: Mapping[str, str]) -> None:
            self._take_which(filled)

        await self.app.push_screen_wait(
            FormDialog(
                _("Which contacts"),
                [
                    Field("text", _("Words in the result"), which.text),
                    Field("since", _("From"), self._day_text(which.since), note=self._understood),
                    Field("until", _("Until"), self._day_text(which.until, ONE_DAY), note=self._understood),
                    Field("who", _("By whom"), str(which.owner_id or ""), options=_any(people)),
                    Field("kind", _("Kind"), which.kind, options=_any(kinds)),
                    Field("status", _("Status"), status, options=_any(statuses)),
                ],
                save=save,
            )
        )

    def session_state(self) -> dict[str, Any]:
        return {}

    def restore_session(self, state: Mapping[str, Any]) -> None:
        """It is opened anew with everything in it."""

    def _take_which(self, filled: Mapping[str, str]) -> None:
        self._source.which = Which(
            since=self._day(filled["since"]),
            until=self._day(filled["until"], ONE_DAY),
            owner_id=int(filled["who"]) if filled["who"] else None,
            text=filled["text"].strip(),
            kind=filled["kind"],
            status="" if filled["status"] == UNLINKED else filled["status"],
            unlinked=filled["status"] == UNLINKED,
        )
        self._list.reload()
        self.query_one(".card-title", Static).update(Content(self.list_title()))

    def _which_text(self) -> str:
        which = self._source.which
        parts = [f"“{which.text}”" if which.text else ""]
        if which.since or which.until:
            parts.append(f"{self._day_text(which.since)}–{self._day_text(which.until, ONE_DAY)}")
        if which.owner_id is not None:
            with self.store.read() as connection:
                parts.append(dict(party_names.colleagues(connection)).get(which.owner_id, ""))
        parts.append(_(interactions.KINDS[which.kind]) if which.kind else "")
        parts.append(_(STATUSES[which.status]) if which.status else "")
        parts.append(_("with nobody yet") if which.unlinked else "")
        return " · ".join(part for part in parts if part)

    def _day(self, typed: str, on: int = 0) -> datetime | None:
        """The instant at which a typed day begins, so many days on. Raises Invalid."""
        if not typed.strip():
            return None
        moment = dates.parse(typed, self._now(), self._zone(), languages())
        if moment is None:
            raise Invalid("not_a_date", value=typed)
        return day_start(moment.date.fromordinal(moment.date.toordinal() + on), self._zone())

    def _day_text(self, at: datetime | None, on: int = 0) -> str:
        if at is None:
            return ""
        day = to_wall(at, self._zone()).date()
        return f"{day.fromordinal(day.toordinal() - on):%d.%m.%Y}"

    def _understood(self, typed: str) -> str:
        self._day(typed)
        return echo_of(typed, self._now(), self._zone())

    def _key(self) -> int:
        if self._list.current_id is None:
            raise Refused("nothing_chosen")
        return self._list.current_id

    def _row(self) -> interaction_queries.InteractionRow:
        with self.store.read() as connection:
            return interaction_queries.card(connection, self._key()).row


def _any(options: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [("", _("any")), *options]
