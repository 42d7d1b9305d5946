"""Writes docs/cli.md from the parsers: ``python -m crm_tui.cli.docs > docs/cli.md``."""

import argparse
from collections.abc import Iterator

from crm_tui.cli import exit_codes, make_parser

HEAD = """# Command line

Made from the parsers by `python -m crm_tui.cli.docs > docs/cli.md`; do not edit by hand.

Without a command `crm` opens the screens. Standard output is data only: what is said to a person goes to standard
error. `--json` prints an array of objects, or one object, each with its `schema_version`; keys keep their meaning
within a version, times are ISO 8601 with an offset (the date alone for what lasts a whole day). `--plain` prints
fields separated by tabs. Text from letters never brings control bytes to the terminal. Passwords are never
arguments: they are asked for, read from standard input, or printed by a command of yours.

The store, the settings and the rest lie under `CRM_HOME` when it is set. `--lang` and `--db` may
stand before the command or behind it. What a settings file says that cannot be used is told in one line on standard
error, and the default is used.
"""


def page() -> str:
    """The whole page, in the active language."""
    parser = make_parser()
    parts = [HEAD, "## Exit codes\n", "| code | meaning |\n| --- | --- |"]
    parts += [f"| {code} | {meaning} |" for code, meaning in exit_codes.MEANINGS.items()]
    parts += ["", "## crm\n", *_arguments(parser)]
    for name, meaning, command in _commands(parser):
        parts += [f"## crm {name}\n", f"{_sentence(meaning)}\n", *_described(command, f"crm {name}")]
    return "\n".join(parts).rstrip() + "\n"


def _described(parser: argparse.ArgumentParser, name: str) -> Iterator[str]:
    inner = list(_commands(parser))
    if not inner:
        yield from _usage(parser, name)
    for verb, meaning, command in inner:
        yield f"### {name} {verb}\n"
        yield f"{_sentence(meaning)}\n"
        yield from _usage(command, f"{name} {verb}")


def _usage(parser: argparse.ArgumentParser, name: str) -> Iterator[str]:
    positional = [_shown(one) for one in parser._actions if not one.option_strings]
    has_options = any(one.option_strings and one.dest != "help" and _is_told(one) for one in parser._actions)
    yield f"`{' '.join([name, *positional, *(['[options]'] if has_options else [])])}`\n"
    yield from _arguments(parser)


def _arguments(parser: argparse.ArgumentParser) -> Iterator[str]:
    told = [
        one
        for one in parser._actions
        if _is_told(one)
        and one.dest not in ("help", "command")
        and not isinstance(one, argparse._SubParsersAction)
    ]
    if told:
        yield "| argument | meaning |\n| --- | --- |"
        yield from (f"| `{_shown(one).replace('|', chr(92) + '|')}` | {one.help} |" for one in told)
        yield ""


def _is_told(action: argparse.Action) -> bool:
    return action.help not in (None, argparse.SUPPRESS)


def _shown(action: argparse.Action) -> str:
    """``--limit N``, ``ID…`` or ``today|mail``."""
    value = ""
    if action.nargs != 0:
        metavar = action.metavar if isinstance(action.metavar, str) else None
        value = metavar or "|".join(map(str, action.choices or ())) or action.dest.upper()
    if action.option_strings:
        return " ".join(filter(None, (", ".join(action.option_strings), value)))
    return {"+": f"{value}…", "*": f"[{value}…]", "?": f"[{value}]"}.get(str(action.nargs), value)


def _commands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for pseudo in action._choices_actions:
                name = pseudo.dest
                yield name, pseudo.help or "", action.choices[name]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


if __name__ == "__main__":
    print(page(), end="")
