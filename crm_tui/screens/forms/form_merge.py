"""A form over a record that somebody else may change meanwhile: nothing is overwritten unseen (assurance row 5)."""

import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crm_tui.domain.errors import Conflict, CrmError, NotFound
from crm_tui.domain.text import shorten
from crm_tui.i18n import _
from crm_tui.screens.forms.form import Field, FormDialog
from crm_tui.screens.wording import actor_text, due_text
from crm_tui.widgets.choice_field import ChoiceField
from crm_tui.widgets.text_field import TextBox, TextField

MINE, THEIRS = "mine", "theirs"
LEAST_SHOWN, MOST_SHOWN, BESIDE = 10, 30, 50
"""Cells of each of the two values in the dialog, and of all that stands beside them."""
_VERSION, _READ = "#version", "#read"
"""Names under which the session keeps what the form was opened on; no field is called so."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A record as it is stored now: its version and the values of the form's fields."""

    version: int
    values: Mapping[str, str]


def stored_of(fields: Sequence[Field], version: int) -> Stored:
    """The record as the fields of its form were filled from it."""
    return Stored(version, {field.id: field.value for field in fields})


class VersionedForm(FormDialog):
    """A form whose ``save`` is told the version that it was opened on, and raises Conflict when there is a newer one.

    Then the fields that differ are shown side by side, and whoever types chooses for each. ``read`` reads the record
    anew; ``record`` is its table and id, by which the journal tells who changed it.
    """

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        *,
        stored: Stored,
        read: Callable[[], Stored],
        save: Callable[[Mapping[str, str], int], Awaitable[object]],
        record: tuple[str, int],
        intro: str = "",
        kept_as: str = "",
    ) -> None:
        super().__init__(title, fields, save=self._save_versioned, intro=intro, kept_as=kept_as)
        self._stored = stored
        self._read = read
        self._save_version = save
        self._record = record

    def session_state(self) -> dict[str, Any]:
        state = super().session_state()
        if state:
            state |= {_VERSION: self._stored.version, _READ: dict(self._stored.values)}
        return state

    def restore_session(self, state: Mapping[str, Any]) -> None:
        """What was typed on an older version of the record is saved against that version."""
        super().restore_session(state)
        version, read = state.get(_VERSION), state.get(_READ)
        if isinstance(version, int) and isinstance(read, dict):
            self._stored = Stored(version, {str(name): str(value) for name, value in read.items()})

    async def command_form_save(self, argument: str = "") -> None:
        """Save; where the record changed meanwhile, first ask field by field."""
        while True:
            try:
                await self._save_versioned(self.values())
            except Conflict:
                if not await self._merge():
                    return
            except CrmError as error:
                self._say(f"! {self.shell.explain(error)}")
                return
            else:
                break
        with contextlib.suppress(CrmError):
            self._forget()
        self.dismiss(self.values())

    async def _save_versioned(self, filled: Mapping[str, str]) -> None:
        await self._save_version(filled, self._stored.version)

    async def _merge(self) -> bool:
        """Of each field that the other changed ask which is kept; False when that was given up, or it is gone."""
        try:
            now = self._read()
        except NotFound as error:
            self._say(f"! {self.shell.explain(error)}")
            return False
        mine, before = self.values(), self._stored.values
        differing = [
            name
            for name, field in self._fields.items()
            if not field.hidden
            and name in now.values
            and now.values[name] not in (mine[name], before.get(name))
        ]
        chosen = {}
        if differing:
            answer = await self.app.push_screen_wait(self._dialog(differing, mine, before, now.values))
            if answer is None:
                self._say(_("Not saved: the record was changed meanwhile, and what you typed is still here."))
                return False
            chosen = answer
        for name, side in chosen.items():
            if side == THEIRS:
                self._fill(name, now.values[name])
        for name, field in self._fields.items():
            if field.hidden and name in now.values:
                self._fields[name] = replace(field, value=now.values[name])
        self._stored = now
        return True

    def _dialog(
        self,
        differing: Sequence[str],
        mine: Mapping[str, str],
        before: Mapping[str, str],
        theirs: Mapping[str, str],
    ) -> FormDialog:
        fields = []
        for name in differing:
            touched = mine[name] != before.get(name)
            both = {"mine": self._shown(name, mine[name]), "stored": self._shown(name, theirs[name])}
            options = [
                (MINE, _("mine: {mine}  (stored: {stored})").format(**both)),
                (THEIRS, _("stored: {stored}  (mine: {mine})").format(**both)),
            ]
            fields.append(Field(name, self._fields[name].label, MINE if touched else THEIRS, options=options))
        intro = " ".join([self._who(), _("Choose what is kept; Ctrl+S saves, Esc goes back to your form.")])
        return FormDialog(_("Changed meanwhile"), fields, intro=intro)

    def _who(self) -> str:
        """Who changed the record last, and when."""
        from crm_tui.domain.wall import zone_of
        from crm_tui.store import journal

        with self.store.read() as connection:
            history = journal.field_history(connection, *self._record)
        if not history:
            return _("Somebody changed this meanwhile.")
        ports = self.shell.ports
        at = due_text(history[0].at, ports.clock(), zone_of(ports.zone))
        return _("{name} changed this: {date}.").format(name=actor_text(history[0].actor), date=at)

    def _shown(self, name: str, value: str) -> str:
        """A value as the form shows it, in one short line."""
        options = dict(self._fields[name].options or ())
        text = " ".join(options.get(value, value).split())
        room = max(LEAST_SHOWN, min(MOST_SHOWN, (self.app.size.width - BESIDE) // 2))
        return shorten(text, room) or _("empty")

    def _fill(self, name: str, value: str) -> None:
        widget = self.query_one(f"#field-{name}")
        if isinstance(widget, TextBox):
            widget.text = value
        elif isinstance(widget, TextField):
            widget.value = value
        elif isinstance(widget, ChoiceField):
            values = [one for one, _title in self._fields[name].options or ()]
            widget.chosen = values.index(value) if value in values else widget.chosen
