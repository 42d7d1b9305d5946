"""Which command a chord means, and what the user's own keys change."""

import pytest

from crm_tui.commands import strokes
from crm_tui.commands.keymap import Keymap

MAIL = ("mail", "list", "everywhere")


def meaning(keymap: Keymap, keys: str, scopes: tuple[str, ...] = MAIL) -> tuple[str, str] | None:
    match = keymap.match(scopes, strokes.parse(keys))
    return (match.bound.command.id, match.bound.argument) if match.bound else None


def test_the_nearest_scope_wins() -> None:
    keymap = Keymap()
    assert meaning(keymap, "n", ("tasks", "list", "everywhere")) == ("tasks.new", "")
    assert meaning(keymap, "n", ("calendar", "everywhere")) == ("calendar.new", "")
    assert meaning(keymap, "1") == ("everywhere.mail", "")


def test_the_beginning_of_a_chord_waits() -> None:
    keymap = Keymap()
    assert keymap.match(MAIL, ("g",)).pending
    assert not keymap.match(MAIL, ("a",)).pending
    assert meaning(keymap, "g g") == ("list.first", "")
    assert meaning(keymap, "g k") == ("everywhere.calendar", "")
    assert {strokes.show(chord): bound.command.id for chord, bound in keymap.continuations(MAIL, ("g",))}[
        "g M"
    ] == "everywhere.mail"


def test_a_command_that_cannot_act_here_leaves_the_key_to_others() -> None:
    match = Keymap().match(MAIL, ("a",), lambda command: command.scope != "mail")
    assert match.bound is None
    assert not match.pending


@pytest.mark.parametrize(
    ("overrides", "keys", "expected"),
    [
        ({"mail": {"dd": "delete"}}, "d d", ("mail.delete", "")),
        ({"mail": {"A": "move Archive"}}, "A", ("mail.move", "Archive")),
        ({"": {"ctrl+x": "quit"}}, "ctrl+x", ("everywhere.quit", "")),
        ({"": {"M": "reload"}}, "M", ("everywhere.reload", "")),
        ({"mail": {"D": "none"}}, "D", None),
        ({"mail": {"j": "list.last"}}, "j", ("list.last", "")),
    ],
)
def test_the_user_gives_keys_to_commands(
    overrides: dict[str, dict[str, str]], keys: str, expected: tuple[str, str] | None
) -> None:
    assert meaning(Keymap(overrides), keys) == expected


def test_a_clash_names_both_commands() -> None:
    clashes = Keymap({"mail": {"M": "delete"}}).clashes
    assert [(clash.chord, clash.winner.id, clash.loser.id) for clash in clashes] == [
        (("M",), "mail.delete", "mail.move")
    ]


def test_a_key_that_begins_others_clashes_with_each() -> None:
    losers = {clash.loser.id for clash in Keymap({"": {"g": "palette"}}).clashes}
    assert {"everywhere.mail", "list.first", "everywhere.today"} <= losers


def test_a_free_key_clashes_with_nothing() -> None:
    assert Keymap({"mail": {"!": "delete"}}).clashes == []


def test_what_cannot_be_understood_is_named() -> None:
    bad = Keymap({"mail": {"ctrl+nokey": "delete", "!": "explode"}}).bad
    assert {(line.key, line.what) for line in bad} == {("ctrl+nokey", "chord"), ("!", "command")}


def test_shown_keys_follow_the_user() -> None:
    from crm_tui.commands import registry

    delete = registry.by_id()["mail.delete"]
    assert Keymap({"mail": {"!": "delete", "D": "none"}}).chords(delete) == [("!",)]
