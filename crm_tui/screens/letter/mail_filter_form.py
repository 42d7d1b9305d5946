"""The form of the filter of letters: Simple and Extended, Tab goes from one to the other (MAIL-45…47)."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.containers import Grid, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from crm_tui.domain.conditions import condition_words
from crm_tui.domain.conditions.condition import Condition, Group, Leaf
from crm_tui.domain.conditions.condition_fields import LETTER, Operator
from crm_tui.domain.errors import CrmError
from crm_tui.i18n import _
from crm_tui.screens.acting import Acting
from crm_tui.screens.base import CrmDialog
from crm_tui.screens.forms.form_fields import SideChoice, step_field
from crm_tui.screens.letter.mail_filtering import Filtering
from crm_tui.screens.lists.condition_fields import LeafFields, Options, date_hint, label
from crm_tui.services.letter import letter_filter
from crm_tui.services.letter.letter_filter import Simple
from crm_tui.store import letter_conditions
from crm_tui.widgets.choice_field import ChoiceField
from crm_tui.widgets.footer import Footer
from crm_tui.widgets.text_field import TextField

UNREAD = Leaf("unread", Operator.EQUALS, value=True)


class FilterForm(Acting, CrmDialog[Filtering]):
    """Answers the filter to apply, or None. Enter finds, Up and Down go through the fields."""

    SCOPES = ("filter",)

    def __init__(self, filtering: Filtering | None = None, *, everywhere: bool = False) -> None:
        super().__init__()
        self._given = filtering or Filtering(Group("all"), everywhere)
        simple = letter_filter.simple_of(self._given.condition)
        extended = _extended_of(self._given.condition)
        self._simple = simple or Simple()
        self._leaf, self._period, self._unread = extended or (None, "", False)
        self.mode = "extended" if simple is None and extended is not None else "simple"

    def compose(self) -> ComposeResult:
        owners = [("", _("anybody")), ("me", _("me")), *self.references("user")]
        self._leaf_fields = LeafFields(LETTER, self.references, self._leaf)
        simple = self._simple
        self._fields: dict[str, Widget] = {
            "period": TextField(simple.period or self._period),
            "sender": TextField(simple.sender),
            "recipient": TextField(simple.recipient),
            "subject": TextField(simple.subject),
            "text": TextField(simple.text),
            "owner": SideChoice(owners, simple.owner),
            "unread": _yes_no(on=simple.unread or self._unread),
            "everywhere": SideChoice(
                [("", _("this folder")), ("all", _("all folders"))], "all" if self._given.everywhere else ""
            ),
        }
        with Vertical(classes="dialog form"):
            yield Static(classes="dialog-title")
            with Grid(classes="form-fields"):
                yield from self._row("period", _("Period"))
                yield from self._row("sender", _("Sender"), "-simple")
                yield from self._row("recipient", _("Recipient"), "-simple")
                yield from self._row("subject", _("Subject"), "-simple")
                yield from self._row("text", _("Text"), "-simple")
                yield from self._row("owner", _("Owner"), "-simple")
                for widget in self._leaf_fields.rows():
                    widget.add_class("-extended")
                    if not isinstance(widget, Static):
                        widget.add_class("form-field")
                    yield widget
                yield from self._row("unread", _("Only unread"))
                yield from self._row("everywhere", _("Where"))
            yield Static(classes="dialog-note")
        yield Footer()

    def on_mount(self) -> None:
        self._show_mode()

    @staticmethod
    def fits(condition: Condition) -> bool:
        """Whether one of the two modes can say this."""
        return letter_filter.simple_of(condition) is not None or _extended_of(condition) is not None

    def references(self, of: str) -> Options:
        """The records that a field can point to."""
        with self.store.read() as connection:
            return [(str(key), name) for key, name in letter_conditions.choices(connection, of)]

    # Modes

    def command_everywhere_next_pane(self, argument: str = "") -> None:
        """Tab: the other mode. What is filled in stays."""
        self.mode = "simple" if self.mode == "extended" else "extended"
        self._show_mode()

    def command_everywhere_previous_pane(self, argument: str = "") -> None:
        self.command_everywhere_next_pane()

    def _show_mode(self) -> None:
        is_simple = self.mode == "simple"
        for widget in self.query(".-simple"):
            widget.display = is_simple
        for widget in self.query(".-extended"):
            widget.display = not is_simple
        if not is_simple:
            self._leaf_fields.show_value()
        title = _("Filter: Simple. Tab: Extended") if is_simple else _("Filter: Extended. Tab: Simple")
        self.query_one(".dialog-title", Static).update(Content(title))
        (self._fields["sender"] if is_simple else self._leaf_fields.field).focus()
        self._hint()

    # Keys

    def on_key(self, event: events.Key) -> None:
        if step_field(self, event.key):
            event.stop()

    def on_input_submitted(self, _event: Input.Submitted) -> None:
        self.shell.run_command("filter.find")

    def on_choice_field_submitted(self, _event: ChoiceField.Submitted) -> None:
        self.shell.run_command("filter.find")

    def on_input_changed(self, _event: Input.Changed) -> None:
        self._hint()

    def on_choice_field_changed(self, event: ChoiceField.Changed) -> None:
        self._leaf_fields.changed(event.field)
        self._hint()

    def on_descendant_focus(self) -> None:
        super().on_descendant_focus()
        self._hint()

    # The answer

    def command_filter_find(self, argument: str = "") -> None:
        try:
            self.dismiss(self.filtering())
        except CrmError as error:
            self._say(f"! {self.shell.explain(error)}")

    async def command_filter_more(self, argument: str = "") -> None:
        """The same conditions in the editor, which can say more than this form."""
        from crm_tui.screens.lists.condition_editor import ConditionEditor

        try:
            here = self.filtering(allow_empty=True)
        except CrmError as error:
            self._say(f"! {self.shell.explain(error)}")
            return
        changed = await self.app.push_screen_wait(ConditionEditor(LETTER, here.condition, self.references))
        if changed is not None:
            self.dismiss(replace(here, condition=changed))

    def filtering(self, *, allow_empty: bool = False) -> Filtering:
        """What is filled in. Raises Invalid."""
        everywhere = self._value("everywhere") == "all"
        if self.mode == "simple":
            return Filtering(
                letter_filter.condition_of(self._filled(), self._now(), self._zone()), everywhere
            )
        found: list[Condition] = []
        if period := self._value("period").strip():
            found.append(letter_filter.period(period, self._now(), self._zone()))
        is_given = not self._leaf_fields.typed.display or self._leaf_fields.typed.value.strip()
        if is_given or not (allow_empty or found or self._value("unread")):
            found.append(self._leaf_fields.leaf(self._now(), self._zone()))
        if self._value("unread"):
            found.append(UNREAD)
        return Filtering(Group("all", tuple(found)), everywhere)

    def _filled(self) -> Simple:
        values: dict[str, Any] = {name: self._value(name) for name in self._fields if name != "everywhere"}
        return Simple(**{**values, "unread": bool(values["unread"])})

    def _value(self, name: str) -> str:
        widget = self._fields[name]
        assert isinstance(widget, TextField | ChoiceField)
        return widget.value

    # What is said

    def _hint(self) -> None:
        focused = self.focused
        if focused in (self._leaf_fields.typed, self._leaf_fields.chosen, self._leaf_fields.field):
            self._say(self._leaf_fields.hint(self._now(), self._zone()))
        elif focused is self._fields["period"]:
            self._say(self._period_hint())
        elif isinstance(focused, SideChoice):
            self._say(_("Left and right choose, or the first letter; Space lists all."))
        else:
            self._say(_("Enter finds; Up and Down go through the fields."))

    def _period_hint(self) -> str:
        typed = self._value("period")
        if not typed.strip():
            return _("{examples}; from..to").format(examples=date_hint())
        try:
            return condition_words.leaf_said(letter_filter.period(typed, self._now(), self._zone()), LETTER)
        except CrmError as error:
            return self.shell.explain(error)

    def _say(self, text: str) -> None:
        self.query_one(".dialog-note", Static).update(Content(text))

    def _row(self, name: str, title: str, mode: str = "") -> Iterable[Widget]:
        row, widget = label(title), self._fields[name]
        widget.id = f"filter-{name}"
        widget.add_class("form-field")
        if mode:
            row.add_class(mode)
            widget.add_class(mode)
        yield row
        yield widget


def _yes_no(*, on: bool) -> SideChoice:
    return SideChoice([("", _("no")), ("yes", _("yes"))], "yes" if on else "")


def _extended_of(condition: Condition) -> tuple[Leaf | None, str, bool] | None:
    """Field, period and "only unread" of a condition that the Extended form can make, or None."""
    if not isinstance(condition, Group) or condition.kind != "all":
        return None
    leaf, period, unread = None, "", False
    for one in condition.members:
        if one == UNREAD and not unread:
            unread = True
        elif not isinstance(one, Leaf):
            return None
        elif one.field == "date" and not period and one.operator in (Operator.EQUALS, Operator.BETWEEN):
            period = letter_filter.period_text(one)
        elif leaf is None:
            leaf = one
        else:
            return None
    return leaf, period, unread
