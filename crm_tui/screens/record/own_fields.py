"""What the forms of all cards share: the company's own fields, which fields stand where, what must be filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from crm_tui.config.card_fields import CUSTOM
from crm_tui.domain.completeness import REQUIRED
from crm_tui.domain.errors import Invalid
from crm_tui.domain.wall import to_wall
from crm_tui.i18n import _
from crm_tui.screens.forms.form import Field
from crm_tui.screens.task.task_dates import typed_due

if TYPE_CHECKING:
    from crm_tui.screens.acting import Acting
    from crm_tui.services.record.custom_fields import OwnField
    from crm_tui.store.work import Work

OWN = "own-"
"""Begins the id of the field of a form that is the company's own."""


def card_fields(
    screen: "Acting", connection: Connection, kind: str, fields: Sequence[Field], custom: Mapping[str, Any]
) -> list[Field]:
    """The fields of a form with the company's own behind them, in the order of the settings; those that the settings
    leave out are hidden, and keep their value. What must be filled in has a star."""
    from crm_tui.services.record import custom_fields, gaps

    config = screen.shell.settings.config
    own = custom_fields.of_kind(connection, kind)
    needs = gaps.needs(connection, config, kind)
    named = {field.id: field for field in fields}
    named |= {f"{CUSTOM}{one.code}": _field(screen, one, custom.get(one.code)) for one in own}
    order = [name for name in getattr(config.forms, kind).split() if name in named]
    missing = [name for name, need in needs.items() if need == REQUIRED and name not in order]
    shown = [*order, *(name for name in missing if name in named)] if order else list(named)
    marked = [
        replace(named[name], label=f"{named[name].label} *") if needs.get(name) == REQUIRED else named[name]
        for name in shown
    ]
    return [*marked, *(replace(field, hidden=True) for name, field in named.items() if name not in shown)]


def own_values(
    screen: "Acting", work: "Work", kind: str, record_id: int | None, filled: Mapping[str, str]
) -> dict[str, Any]:
    """What a form says of the company's own fields, as columns of the record: nothing where there are none.

    Raises Invalid for what is no value of its type, and with the names of required fields that are empty.
    """
    from crm_tui.services.record import custom_fields, gaps
    from crm_tui.store.tables import models

    needs = gaps.needs(work.connection, screen.shell.settings.config, kind)
    empty = [
        name
        for name, need in needs.items()
        if need == REQUIRED and not filled.get(name.replace(CUSTOM, OWN, 1), "").strip()
    ]
    if empty:
        raise Invalid("fields_missing", fields=", ".join(gaps.labels(work.connection, kind, empty)))
    own = custom_fields.of_kind(work.connection, kind)
    if not own:
        return {}
    values = {one.code: own_value(screen, one, filled.get(OWN + one.code, "")) for one in own}
    before: Any = work.get(models()[kind], record_id) if record_id is not None else None
    return {"custom": custom_fields.merged(before.custom if before is not None else {}, values)}


def card_lines(
    connection: Connection, config: Any, kind: str, record_id: int, custom: Mapping[str, Any]
) -> list[str]:
    """What stands on a card: the company's own fields that are filled in; how far it is filled in, and what is
    missing. No line for nothing."""
    from crm_tui.services.record import custom_fields, gaps

    told = ((one, custom.get(one.code)) for one in custom_fields.of_kind(connection, kind))
    own = " · ".join(
        f"{one.label}: {custom_fields.shown_of(one, value)}" for one, value in told if value not in (None, "")
    )
    found = gaps.of_record(connection, config, kind, record_id)
    names = ", ".join(gaps.labels(connection, kind, found.gaps))
    missing = _("filled {percent} %: {fields}").format(percent=found.percent, fields=names)
    return [line for line in (own, missing if found.gaps else "") if line]


def _field(screen: "Acting", own: "OwnField", value: Any) -> Field:
    from crm_tui.services.record import custom_fields

    typed, name = custom_fields.typed_of(own, value), OWN + own.code
    if own.type == "yes_no":
        return Field(name, own.label, typed, options=[("", "–"), ("yes", _("yes")), ("no", _("no"))])
    if own.type == "choice":
        words = [*own.choices, *([typed] if typed and typed not in own.choices else [])]
        return Field(name, own.label, typed, options=[("", "–"), *((one, one) for one in words)])

    def note(text: str) -> str:
        understood = own_value(screen, own, text)
        return custom_fields.shown_of(own, understood) if own.type in ("date", "money") else ""

    return Field(name, own.label, typed, note=note, lines=3 if own.type == "long_text" else 1)


def own_value(screen: "Acting", own: "OwnField", typed: str) -> Any:
    """The value of what is typed into a field of the company's own; None for nothing. Raises Invalid."""
    from crm_tui.services.record import custom_fields

    return custom_fields.value_of(own, typed, lambda text: _day(screen, text))


def _day(screen: "Acting", text: str) -> date:
    at, all_day = typed_due(text, screen._now(), screen._zone())
    wall = to_wall(at, screen._zone())
    return date.fromordinal(wall.toordinal() - 1) if all_day else wall.date()
