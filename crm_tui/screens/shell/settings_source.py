"""The rows of the settings screen: a section each of the settings file, and the signatures of the accounts."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from crm_tui.config import Config, Loaded
from crm_tui.domain.text import clean, fold
from crm_tui.i18n import N_, _
from crm_tui.store.tables import MailAccount
from crm_tui.widgets.row_source import Column, Order, Row, is_heading, section_of, with_headings

SECTIONS = {
    "mail": N_("Mail"),
    "notify": N_("Notifications"),
    "ui": N_("Looks"),
    "keys": N_("Keyboard"),
    "sync": N_("Mail servers"),
    "urgency": N_("Urgency of tasks"),
    "hooks": N_("Hooks"),
    "lists": N_("Lists of cards"),
    "forms": N_("Forms of cards"),
    "required": N_("Must be filled in"),
    "recommended": N_("Should be filled in"),
}
"""Sections in the order shown; what is changed most often first. Others follow under their own name."""
SIGNATURES = N_("Signatures")
WORDS = {
    "": N_("none"),
    "True": N_("yes"),
    "False": N_("no"),
    "auto": N_("automatic"),
    "on": N_("on"),
    "off": N_("off"),
    "none": N_("none"),
    "at_once": N_("at once"),
    "job": N_("with the next scheduled run"),
    "builtin": N_("the built-in editor"),
    "external": N_("the program named by $EDITOR"),
}


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting as it now is."""

    section: str
    name: str
    """``mail.undo_seconds``; of a signature, the id of its account."""
    meaning: str
    value: Any
    kind: type = str
    choices: tuple[str, ...] = ()
    at_start: bool = False
    default: Any = ""
    account_id: int | None = None


def setting_rows(loaded: Loaded, accounts: Sequence[MailAccount]) -> list[SettingRow]:
    """All settings in the order shown."""
    known = {section.name: section for section in fields(Config)}
    rows = []
    for name in (*SECTIONS, *(one for one in known if one not in SECTIONS)):
        values, defaults = getattr(loaded.config, name), getattr(Config(), name)
        for setting in fields(values):
            default = getattr(defaults, setting.name)
            rows.append(
                SettingRow(
                    section=_(SECTIONS.get(name, name)),
                    name=f"{name}.{setting.name}",
                    meaning=_(setting.metadata["meaning"]),
                    value=getattr(values, setting.name),
                    kind=type(default),
                    choices=setting.metadata["choices"],
                    at_start=setting.metadata["at_start"],
                    default=default,
                )
            )
    rows += [
        SettingRow(
            section=_(SIGNATURES),
            name=str(one.key),
            meaning=_("Signature of {account}").format(account=clean(one.name)),
            value=one.signature,
            account_id=one.key,
        )
        for one in accounts
    ]
    return rows


def in_words(value: object) -> str:
    """A value as it is shown in one line."""
    text = clean(str(value), multiline=True).strip()
    return _(WORDS[text]) if text in WORDS else text.partition("\n")[0]


class SettingsSource:
    """The settings in ``settings``, which the screen reads anew."""

    def __init__(self, rows: Sequence[SettingRow]) -> None:
        self.settings = list(rows)
        self.columns = (
            Column("meaning", _("Setting"), flex=3, min_width=30, sortable=False),
            Column("value", _("Value"), flex=2, min_width=16, sortable=False),
        )

    def first(self, order: Order, needle: str, limit: int) -> Sequence[Row]:
        """All rows: they are few."""
        wanted = list(self.ids(order, needle)[:limit])
        rows = self.rows(wanted)
        return [rows[key] for key in wanted]

    def ids(self, _order: Order, needle: str) -> "array[int]":
        """Settings that have all the words in name or meaning, with a heading before each section."""
        words = fold(needle).split()
        found = [
            (number, self._sections().index(one.section))
            for number, one in enumerate(self.settings)
            if all(word in fold(f"{one.section} {one.name} {one.meaning}") for word in words)
        ]
        return with_headings(found)

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The rows of these ids."""
        return {key: self._row(key) for key in ids}

    def _row(self, key: int) -> Row:
        if is_heading(key):
            return Row(key, (self._sections()[section_of(key)], ""))
        one = self.settings[key]
        return Row(key, (one.meaning, in_words(one.value)))

    def _sections(self) -> list[str]:
        return list(dict.fromkeys(one.section for one in self.settings))
