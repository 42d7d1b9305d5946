"""The three parts of one comparison in a form: field, comparison, value; used by the filter and the editor."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Any

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.domain.conditions import condition_dates, condition_words
from crm_tui.domain.conditions.condition import ME, Leaf, checked
from crm_tui.domain.conditions.condition_fields import (
    OPERATORS,
    WITHOUT_VALUE,
    FieldOf,
    Kind,
    Operator,
    Subject,
)
from crm_tui.domain.errors import Invalid
from crm_tui.i18n import _
from crm_tui.screens.forms.form_fields import SideChoice
from crm_tui.widgets.text_field import TextField

Options = Sequence[tuple[str, str]]
References = Callable[[str], Options]
"""Records that a reference to a kind of them can point to: id as text, and name."""

_CHOSEN = (Kind.FLAG, Kind.CHOICE, Kind.REFERENCE)
_ONE_CHOSEN = (Operator.EQUALS, Operator.NOT_EQUALS, Operator.FILLED, Operator.EMPTY)


class LeafFields:
    """The widgets of one comparison over a subject; their screen yields ``rows`` and hears their changes."""

    value_label: Static

    def __init__(self, subject: Subject, references: References, leaf: Leaf | None = None) -> None:
        self._subject = subject
        self._references = references
        fields = [(one.id, _(one.title)) for one in subject.fields.values()]
        shown = leaf or Leaf(fields[0][0], OPERATORS[subject.fields[fields[0][0]].kind][0])
        self.field = SideChoice(fields, shown.field, id="leaf-field")
        self.operator = SideChoice(self._operators(), shown.operator.value, id="leaf-operator")
        self.typed = TextField(id="leaf-typed")
        self.chosen = SideChoice((), id="leaf-chosen")
        self._fill(leaf)

    def rows(self) -> Iterator[Widget]:
        """Label and widget of each row; of the two widgets for the value one is shown at most."""
        self.value_label = label(_("Value"))
        yield from (label(_("Field")), self.field, label(_("Comparison")), self.operator)
        yield from (self.value_label, self.typed, self.chosen)
        self.show_value()

    def changed(self, widget: Widget) -> None:
        """The person chose another field or comparison: what can follow is offered."""
        if widget is self.field:
            self.operator.offer(self._operators(), self.operator.value)
            self._fill(None)
            self.show_value()
        elif widget is self.operator:
            self.show_value()

    def show_value(self) -> None:
        """Show the widget that takes the value of this comparison."""
        has_value = Operator(self.operator.value) not in WITHOUT_VALUE
        is_chosen = self._field.kind in _CHOSEN
        self.value_label.display = has_value
        self.typed.display = has_value and not is_chosen
        self.chosen.display = has_value and is_chosen

    def leaf(self, now: datetime, zone: tzinfo) -> Leaf:
        """The comparison as it is filled in. Raises Invalid."""
        field, operator = self._field, Operator(self.operator.value)
        if operator in WITHOUT_VALUE:
            return Leaf(field.id, operator)
        if field.kind in _CHOSEN:
            return checked(Leaf(field.id, operator, self._chosen_value(field)), self._subject)
        parts = self._parts(operator)
        values = [_typed(field, part, now, zone) for part in parts]
        value: Any = values if operator in (Operator.IN, Operator.BETWEEN) else values[0]
        return checked(Leaf(field.id, operator, value), self._subject)

    def hint(self, now: datetime, zone: tzinfo) -> str:
        """What is understood of the value, or what can be typed."""
        operator = Operator(self.operator.value)
        if self._field.kind in _CHOSEN or operator in WITHOUT_VALUE:
            return _("Left and right choose, or the first letter; Space lists all.")
        if not self.typed.value.strip():
            return {
                Operator.IN: _("Several, with commas between them."),
                Operator.BETWEEN: _("Two, with .. between them."),
            }.get(operator, date_hint() if self._field.kind is Kind.DATE else "")
        try:
            return condition_words.leaf_said(self.leaf(now, zone), self._subject)
        except Invalid:
            return _("Not understood yet.")

    @property
    def _field(self) -> FieldOf:
        return self._subject.fields[self.field.value]

    def _operators(self) -> Options:
        field = self._field
        offered = [one for one in OPERATORS[field.kind] if field.kind not in _CHOSEN or one in _ONE_CHOSEN]
        return [(one.value, condition_words.operator_title(field, one)) for one in offered]

    def _fill(self, leaf: Leaf | None) -> None:
        field = self._field
        if field.kind in _CHOSEN:
            value = leaf.value if leaf is not None else None
            shown = ("yes" if value else "no") if field.kind is Kind.FLAG and leaf else str(value)
            self.chosen.offer(self._choices(field), shown)
        elif leaf is not None and leaf.value is not None:
            self.typed.value = _text_of(field, leaf)

    def _choices(self, field: FieldOf) -> Options:
        if field.kind is Kind.FLAG:
            return [("yes", _("yes")), ("no", _("no"))]
        if field.kind is Kind.CHOICE:
            return [(value, _(title)) for value, title in field.choices]
        mine = [(ME, _("me"))] if field.of == "user" else []
        return [*mine, *self._references(field.of)]

    def _chosen_value(self, field: FieldOf) -> Any:
        value = self.chosen.value
        if field.kind is Kind.FLAG:
            return value == "yes"
        return int(value) if value.isdecimal() and field.kind is Kind.REFERENCE else value

    def _parts(self, operator: Operator) -> list[str]:
        text = self.typed.value
        if operator is Operator.IN:
            return [part.strip() for part in text.split(",") if part.strip()]
        if operator is Operator.BETWEEN:
            return [part.strip() for part in text.split("..", 1)]
        return [text]


def date_hint() -> str:
    """What can be typed for days."""
    return _("today, last 7 days, this month, monday, 1.11, 2026-11-01")


def label(text: str) -> Static:
    """The label of a row."""
    return Static(Content(text), classes="form-label")


def _typed(field: FieldOf, text: str, now: datetime, zone: tzinfo) -> Any:
    if field.kind is Kind.DATE:
        day = condition_dates.typed(text, now, zone)
        if day is None:
            raise Invalid("not_a_date", value=text)
        return day
    if field.kind is Kind.NUMBER:
        try:
            number = float(text.replace(",", ".").replace(" ", ""))
        except ValueError as error:
            raise Invalid("condition_value", field=field.title, value=text) from error
        return int(number) if number.is_integer() else number
    return text


def _text_of(field: FieldOf, leaf: Leaf) -> str:
    values = leaf.value if isinstance(leaf.value, tuple | list) else (leaf.value,)
    apart = ".." if leaf.operator is Operator.BETWEEN else ", "
    return apart.join(condition_words.value_said(field, one) for one in values)
