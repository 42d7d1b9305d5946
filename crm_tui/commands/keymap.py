"""Which command a chord means in a place: the tables of commands, and the user's changes to them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from crm_tui.commands import registry, strokes
from crm_tui.commands.command import Command
from crm_tui.commands.strokes import Chord

APART = frozenset({"reminder", "form", "review", "filter"})
"""Scopes of dialogs, which are never in force together with those of the screens."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A command, with the argument that a user's key gives to it."""

    command: Command
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Clash:
    """A chord that the user gave to ``winner`` and that ``loser`` no longer answers to."""

    chord: Chord
    winner: Command
    loser: Command


@dataclass(frozen=True, slots=True)
class BadBinding:
    """A line of ``[keys]`` that cannot be understood: ``what`` is ``scope``, ``chord`` or ``command``."""

    scope: str
    key: str
    value: str
    what: str


@dataclass(frozen=True, slots=True)
class Match:
    """What the strokes so far mean: a command, the beginning of a longer chord, or nothing."""

    bound: Bound | None = None
    pending: bool = False


class Keymap:
    """Chords of each scope. ``overrides`` is scope (``""`` for all) → chord as text → command as text."""

    def __init__(self, overrides: Mapping[str, Mapping[str, str]] | None = None) -> None:
        self._chords: dict[str, dict[Chord, Bound]] = {}
        self.clashes: list[Clash] = []
        self.bad: list[BadBinding] = []
        for command in registry.all_commands():
            for text in command.keys:
                self._chords.setdefault(command.scope, {})[strokes.parse(text)] = Bound(command)
        for scope, lines in (overrides or {}).items():
            for key, value in lines.items():
                self._override(scope, key, value)
        self._shown: dict[str, list[Chord]] = {}
        for table in self._chords.values():
            for chord, bound in table.items():
                if not bound.argument:
                    self._shown.setdefault(bound.command.id, []).append(chord)

    def match(
        self, scopes: Iterable[str], typed: Chord, allowed: Callable[[Command], bool] = lambda _command: True
    ) -> Match:
        """What ``typed`` means where ``scopes`` are in force, nearest first; only ``allowed`` commands count."""
        for scope in scopes:
            table = self._chords.get(scope, {})
            bound = table.get(typed)
            if bound is not None and allowed(bound.command):
                return Match(bound)
            if any(
                len(chord) > len(typed) and chord[: len(typed)] == typed and allowed(longer.command)
                for chord, longer in table.items()
            ):
                return Match(pending=True)
        return Match()

    def chords(self, command: Command) -> list[Chord]:
        """The chords that mean the command, as they now are; the first is the one to show."""
        return self._shown.get(command.id, [])

    def continuations(self, scopes: Iterable[str], typed: Chord) -> list[tuple[Chord, Bound]]:
        """The chords that begin with ``typed``, with what they mean, nearest scope first."""
        found: dict[Chord, Bound] = {}
        for scope in scopes:
            for chord, bound in self._chords.get(scope, {}).items():
                if len(chord) > len(typed) and chord[: len(typed)] == typed:
                    found.setdefault(chord, bound)
        return list(found.items())

    def _override(self, scope: str, key: str, value: str) -> None:
        if scope and scope not in registry.by_scope():
            self.bad.append(BadBinding(scope, key, value, "scope"))
            return
        try:
            chord = strokes.parse(key)
        except ValueError:
            self.bad.append(BadBinding(scope, key, value, "chord"))
            return
        if value.strip() in ("", "none"):
            for table in self._tables(scope):
                table.pop(chord, None)
            return
        name, _, argument = value.strip().partition(" ")
        command = registry.find(name, (scope, registry.LIST) if scope else ())
        if command is None:
            self.bad.append(BadBinding(scope, key, value, "command"))
            return
        self._bind(scope or command.scope, chord, Bound(command, argument.strip()))

    def _bind(self, scope: str, chord: Chord, bound: Bound) -> None:
        for other, table in self._chords.items():
            if not _together(scope, other):
                continue
            for taken, holder in list(table.items()):
                begins = taken[: len(chord)] == chord or chord[: len(taken)] == taken
                if begins and holder.command is not bound.command:
                    self.clashes.append(Clash(taken, bound.command, holder.command))
                    del table[taken]
        self._chords.setdefault(scope, {})[chord] = bound

    def _tables(self, scope: str) -> list[dict[Chord, Bound]]:
        return [self._chords.get(scope, {})] if scope else list(self._chords.values())


def _together(one: str, other: str) -> bool:
    """Whether two scopes can be in force in one place."""
    if one == other:
        return True
    if one in APART or other in APART:
        return False
    return bool({one, other} & {registry.EVERYWHERE, registry.LIST})
