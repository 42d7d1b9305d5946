"""The tables of commands agree with themselves and with the code that carries them out."""

import importlib
import pkgutil
from itertools import product

import pytest

import crm_tui.screens
import crm_tui.widgets
from crm_tui.commands import keymap, registry, strokes
from crm_tui.commands.command import Command


def test_ids_are_unique_and_name_their_scope() -> None:
    ids = [command.id for command in registry.all_commands()]
    assert len(ids) == len(set(ids))
    for command in registry.all_commands():
        assert command.scope
        assert command.verb
        assert command.id == f"{command.scope}.{command.verb}"


def test_titles_are_short_and_help_is_a_sentence() -> None:
    for command in registry.all_commands():
        assert 0 < len(command.title) <= 26, command.id
        assert command.help.endswith("."), command.id


def test_no_key_means_two_things_where_both_are_in_force() -> None:
    chords = [(command, strokes.parse(key)) for command in registry.all_commands() for key in command.keys]
    for (one, chord), (other, taken) in product(chords, chords):
        if one is other or not keymap._together(one.scope, other.scope):
            continue
        assert chord[: len(taken)] != taken, f"{one.id} and {other.id} share {' '.join(taken)}"


def test_no_key_that_terminals_eat() -> None:
    eaten = {"ctrl+i", "ctrl+m", "ctrl+h", "ctrl+[", "ctrl+a", "ctrl+b", "ctrl+j"}
    for command in registry.all_commands():
        for key in command.keys:
            chord = strokes.parse(key)
            assert not eaten & set(chord), command.id
            assert not any("ctrl+shift" in stroke or stroke.startswith("alt+") for stroke in chord), (
                command.id
            )


def test_every_mode_has_three_ways() -> None:
    """The Kazakh digit row types letters and some terminals keep the F-keys."""
    for name in ("today", "mail", "tasks", "calendar", "interests"):
        keys = registry.by_id()[f"everywhere.{name}"].keys
        assert any(key.isdigit() for key in keys)
        assert any(key.startswith("g ") for key in keys)
        assert any(key.startswith("f") for key in keys)


def _classes_with_commands() -> set[str]:
    methods: set[str] = set()
    for package in (crm_tui.screens, crm_tui.widgets):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            for value in vars(importlib.import_module(module.name)).values():
                if isinstance(value, type):
                    methods |= {name for name in dir(value) if name.startswith(("command_", "can_"))}
    return methods


def test_l_20_every_command_is_carried_out_somewhere() -> None:
    methods = _classes_with_commands()
    missing = [command.id for command in registry.all_commands() if command.method not in methods]
    assert missing == []


def test_every_method_of_a_command_has_its_command() -> None:
    known = {command.method for command in registry.all_commands()}
    known |= {command.guard for command in registry.all_commands()}
    known |= {"can_focus", "can_view_entire", "can_view_partial", "can_focus_children"}
    found = {name for name in _classes_with_commands() if "_" in name.partition("_")[2]}
    assert found - known == set()


@pytest.mark.parametrize(
    ("name", "scopes", "id"),
    [
        ("decline", (), "mail.decline"),
        ("mail.accept", (), "mail.accept"),
        ("DECLINE", (), "mail.decline"),
        ("accept", ("today", "list"), "today.accept"),
        ("toggle-read", (), "mail.toggle_read"),
        ("done", ("tasks", "list"), "tasks.done"),
        ("done", ("today", "list"), "today.done"),
        ("done", (), None),
        ("mail", ("mail",), "everywhere.mail"),
        ("no such", (), None),
        ("", (), None),
    ],
)
def test_a_command_is_found_by_its_shortest_name(name: str, scopes: tuple[str, ...], id: str | None) -> None:
    found = registry.find(name, scopes)
    assert (found.id if found else None) == id


def test_every_name_offered_is_understood() -> None:
    for scopes in ((), ("mail", "list"), ("tasks", "list"), ("reminder",)):
        for name in registry.names(scopes):
            assert isinstance(registry.find(name, scopes), Command)
