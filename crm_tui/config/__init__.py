"""Settings: a TOML file, the environment over it, a default under it.

Every setting is a row of ``config/table.py`` with its meaning beside it, so that ``crm config show`` and the
docs read the same rows. A wrong value is reported by name, file and line, and the default is used instead:
a bad settings file never keeps the program from starting.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_type_hints

from crm_tui import paths, whole_file
from crm_tui.config.card_fields import FORM_FIELDS, unknown
from crm_tui.config.table import Config, Interests, Keys, Mail, Notify, Sync, Ui
from crm_tui.i18n import _

__all__ = [
    "Config",
    "Interests",
    "Keys",
    "Loaded",
    "Mail",
    "Notify",
    "Sync",
    "Trouble",
    "Ui",
    "config_file",
    "load",
    "refusal",
    "write",
]

PREFIX = "CRM_"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something in the settings that was not used. ``where`` is ``file:line`` or the variable's name."""

    where: str
    text: str
    fatal: bool
    """A wrong value (the default is used), rather than a name nobody knows."""

    def __str__(self) -> str:
        return f"{self.where}: {self.text}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings as read, with where each came from."""

    config: Config
    bindings: Mapping[str, Mapping[str, str]]
    """The user's keys: scope (``""`` for all) → chord → command."""
    troubles: tuple[Trouble, ...]
    origins: Mapping[str, str]
    """Setting → ``file:line`` or variable, for those that are not the default."""


def config_file() -> Path:
    """The settings file in use: ``CRM_CONFIG``, or ``config.toml`` of the configuration folder."""
    return paths.settings_file()


def load(file: Path | None = None, environment: Mapping[str, str] | None = None) -> Loaded:
    """Read the settings; ``CRM_UI__THEME=light`` in the environment goes before ``theme`` of ``[ui]``."""
    file = file or config_file()
    reading = _Reading(file)
    reading.read_file()
    reading.read_environment(os.environ if environment is None else environment)
    return reading.result()


def write(name: str, value: object, file: Path | None = None) -> None:
    """Set one setting (``ui.theme``) in the file, keeping its comments and order.

    Raises KeyError for a name nobody knows, ValueError for a wrong value and OSError.
    """
    import tomlkit

    if wrong := refusal(name, value):
        raise ValueError(wrong)
    section, _dot, key = name.partition(".")
    file = file or config_file()
    document = tomlkit.parse(file.read_text("utf-8")) if file.exists() else tomlkit.document()
    document.setdefault(section, tomlkit.table())[key] = value
    whole_file.write(file, tomlkit.dumps(document))


def refusal(name: str, value: object) -> str:
    """Why the setting cannot have this value, for a person; empty when it can. Raises KeyError for no setting."""
    section, _dot, key = name.partition(".")
    known = _known().get(section, {}).get(key)
    if known is None:
        raise KeyError(name)
    return _wrong(value, known)


@dataclass(frozen=True, slots=True)
class _Known:
    """What a setting may be."""

    kind: type
    choices: tuple[str, ...]
    pattern: bool
    fields_of: str


def _known() -> dict[str, dict[str, _Known]]:
    """Section → setting → what it may be."""
    known = {}
    for section in fields(Config):
        kind = get_type_hints(Config)[section.name]
        hints = get_type_hints(kind)
        known[section.name] = {
            row.name: _Known(
                hints[row.name], row.metadata["choices"], row.metadata["pattern"], row.metadata["fields_of"]
            )
            for row in fields(kind)
        }
    return known


class _Reading:
    """One reading of the settings: what was found, and what was wrong."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.known = _known()
        self.values: dict[str, dict[str, Any]] = {section: {} for section in self.known}
        self.bindings: dict[str, dict[str, str]] = {}
        self.troubles: list[Trouble] = []
        self.origins: dict[str, str] = {}
        self.lines: list[str] = []

    def read_file(self) -> None:
        try:
            text = self.file.read_text("utf-8")
        except FileNotFoundError:
            return
        except (OSError, UnicodeDecodeError) as error:
            self._wrong(str(self.file), _("cannot be read: {error}").format(error=error))
            return
        self.lines = text.splitlines()
        try:
            document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"line (\d+)", str(error))
            self._wrong(
                f"{self.file}:{line[1] if line else 1}", _("is not TOML: {error}").format(error=error)
            )
            return
        for section, table in document.items():
            self._read_section(section, table)

    def read_environment(self, environment: Mapping[str, str]) -> None:
        for name, text in environment.items():
            if not name.startswith(PREFIX) or "__" not in name:
                continue
            section, _bar, key = name.removeprefix(PREFIX).lower().partition("__")
            if key in self.known.get(section, {}):
                self._take(section, key, _from_text(text, self.known[section][key].kind), name)
            else:
                self._unknown(name, f"{section}.{key}", self._all_names())

    def result(self) -> Loaded:
        hints = get_type_hints(Config)
        config = Config(**{section: hints[section](**values) for section, values in self.values.items()})
        return Loaded(config, self.bindings, tuple(self.troubles), self.origins)

    def _read_section(self, section: str, table: object) -> None:
        where = self._where(section, None)
        if section not in self.known:
            self._unknown(where, section, list(self.known))
            return
        if not isinstance(table, dict):
            self._wrong(where, _("{name} must be a section").format(name=f"[{section}]"))
            return
        for key, value in table.items():
            if key in self.known[section]:
                self._take(section, key, value, self._where(section, key))
            elif section == "keys":
                self._read_binding(key, value)
            else:
                self._unknown(
                    self._where(section, key),
                    f"{section}.{key}",
                    [f"{section}.{n}" for n in self.known[section]],
                )

    def _read_binding(self, key: str, value: object) -> None:
        lines = value if isinstance(value, dict) else {key: value}
        scope = key if isinstance(value, dict) else ""
        for chord, command in lines.items():
            if isinstance(command, str):
                self.bindings.setdefault(scope, {})[chord] = command
            else:
                where = self._where(f"keys.{scope}" if scope else "keys", chord)
                self._wrong(where, _("a key needs the name of a command in quotes"))

    def _take(self, section: str, key: str, value: object, where: str) -> None:
        known = self.known[section][key]
        name = f"{section}.{key}"
        wrong = _wrong(value, known)
        if wrong:
            self._wrong(where, _("{name} {wrong}; the default is used").format(name=name, wrong=wrong))
            return
        self.values[section][key] = known.kind(value)
        self.origins[name] = where

    def _all_names(self) -> list[str]:
        return [f"{section}.{key}" for section, keys in self.known.items() for key in keys]

    def _unknown(self, where: str, name: str, names: list[str]) -> None:
        import difflib  # not read at the start

        near = difflib.get_close_matches(name, names, 1, 0.5)
        text = _("{name} is not a setting").format(name=name)
        if near:
            text += "; " + _("did you mean {name}?").format(name=near[0])
        self.troubles.append(Trouble(where, text, fatal=False))

    def _wrong(self, where: str, text: str) -> None:
        self.troubles.append(Trouble(where, text, fatal=True))

    def _where(self, section: str, key: str | None) -> str:
        """``file:line`` of a setting; tomllib keeps no positions, so the line is looked for by its text."""
        inside = False
        for number, line in enumerate(self.lines, 1):
            bare = line.strip()
            if bare.startswith("["):
                inside = bare.split("#")[0].strip().strip("[]").strip() == section
                if inside and key is None:
                    return f"{self.file}:{number}"
            elif key is not None and "=" in bare:
                left = bare.partition("=")[0].strip().strip("\"'")
                if (inside and left == key) or left == f"{section}.{key}":
                    return f"{self.file}:{number}"
        return str(self.file)


def _from_text(text: str, kind: type) -> object:
    if kind is bool:
        return {
            "1": True,
            "true": True,
            "yes": True,
            "on": True,
            "0": False,
            "false": False,
            "no": False,
            "off": False,
        }.get(text.strip().lower(), text)
    if kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            return text
    return text


def _wrong(value: object, known: _Known) -> str:
    """What is wrong with the value, or nothing."""
    kind, choices = known.kind, known.choices
    if kind is bool and not isinstance(value, bool):
        return _("must be true or false")
    if kind is float and (isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0):
        return _("must be a number, not below zero")
    if kind is int and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
        return _("must be a whole number, not below zero")
    if kind is str and not isinstance(value, str):
        return _("must be a text in quotes")
    if choices and value not in choices:
        return _("must be one of: {choices}").format(choices=", ".join(choices))
    if known.fields_of and isinstance(value, str) and (strange := unknown(known.fields_of, value)):
        return _("names {names}; the fields are: {fields}, and custom.CODE").format(
            names=", ".join(strange), fields=", ".join(FORM_FIELDS[known.fields_of])
        )
    if known.pattern and isinstance(value, str):
        try:
            re.compile(value)
        except re.error as error:
            return _("must be a regular expression: {error}").format(error=error)
    return ""
