"""Writes docs/keys.md from the tables of commands: ``python -m crm_tui.commands.docs > docs/keys.md``."""

from crm_tui.commands import registry, strokes
from crm_tui.commands.command import Command
from crm_tui.commands.places import HEADINGS
from crm_tui.i18n import _

HEAD = """# Keys

Made from the tables of commands by `python -m crm_tui.commands.docs > docs/keys.md`; do not edit by hand.

Every key is a command with a name. The same names work on the command line (`:`), in the palette (`Ctrl+P`) and in \
`config.toml`, where keys can be changed:

```toml
[keys]
layout = "ru"           # Cyrillic letters act as the Latin keys they lie on: auto, ru, uk, by, kk, latin
"ctrl+x" = "quit"       # in every place

[keys.mail]
"dd" = "delete"         # on the Mail screen
"A" = "move Archive"    # with an argument
"M" = "none"            # no longer a key

[keys.tasks]
"ctrl+x" = "list.filter Work"  # a saved filter, in force until Esc
```

While text is typed, only Esc, Tab, the F-keys and Ctrl with a letter act. *marks*: acts on all marked rows. \
*undo*: `u` takes it back.
"""


def page() -> str:
    """The whole page, in the active language."""
    parts = [HEAD]
    for scope, commands in registry.by_scope().items():
        parts.append(f"## {_(HEADINGS[scope])}\n")
        parts.append("| key | command | what it does | |\n| --- | --- | --- | --- |")
        parts.extend(_row(command) for command in commands)
        parts.append("")
    return "\n".join(parts)


def _row(command: Command) -> str:
    keys = ", ".join(_code(strokes.show(strokes.parse(key))) for key in command.keys)
    argument = "|".join(command.choices) or (command.argument or "").upper()
    name = f"{command.id} {argument}".strip()
    notes = [note for note, there in (("marks", command.takes_marks), ("undo", command.changes)) if there]
    return f"| {keys} | {_code(name)} | **{_(command.title)}.** {_(command.help)} | {', '.join(notes)} |"


def _code(text: str) -> str:
    return f"`{text}`".replace("|", "\\|")


if __name__ == "__main__":
    print(page(), end="")
