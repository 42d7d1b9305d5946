"""What lists or shows something does so as JSON too (L-25)."""

import argparse
from collections.abc import Iterator

from crm_tui.cli import make_parser
from tests.cli.conftest import Crm

ACTS = frozenset(
    {
        "account add", "account login", "account password", "account remove", "backup", "config set", "demo",
        "mail folder create", "mail folder delete", "mail folder keep", "mail folder move", "mail folder rename",
        "mail folder subscribe", "mail folder unsubscribe", "map export", "restore", "screenshot",
    }
)  # fmt: skip
"""They change something or write a file, and print no more than its name."""
ALWAYS_JSON = frozenset({"mail parse"})


def leaves(parser: argparse.ArgumentParser, name: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    inner = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    if not inner:
        yield name.strip(), parser
    for each in inner:
        for verb, command in each.choices.items():
            yield from leaves(command, f"{name} {verb}")


def test_l_25_whatever_lists_or_shows_does_so_as_json() -> None:
    without = {
        name
        for name, parser in leaves(make_parser())
        if not any("--json" in action.option_strings for action in parser._actions)
    }
    assert without == ACTS | ALWAYS_JSON


def test_l_25_settings_and_keys_as_json(crm: Crm) -> None:
    assert crm("config", "get", "mail.undo_seconds", "--json").json == {
        "schema_version": 1,
        "name": "mail.undo_seconds",
        "value": 10,
        "origin": "default",
    }
    assert not crm("config", "path", "--json").json["exists"]
    assert crm("config", "check", "--json").json == crm("keys", "check", "--json").json == []
    crm("config", "set", "ui.theme", "dark")
    file = crm("config", "path", "--json").json
    assert file["exists"]
    with open(file["path"], "a", encoding="utf-8") as settings:
        settings.write('colour = "red"\n[keys]\n"ctrl+x" = "nothing.like.it"\n')
    (trouble,) = crm("config", "check", "--json").json
    assert (trouble["text"], trouble["fatal"]) == (
        "ui.colour is not a setting; did you mean ui.mouse?",
        False,
    )
    done = crm("keys", "check", "--json")
    assert done.code == 7
    assert "nothing.like.it" in done.json[0]["text"]
