"""``crm config``: where the settings are, what they are and where each comes from."""

import argparse
import json
from dataclasses import fields
from typing import Any

from crm_tui import config
from crm_tui.cli import exit_codes, output
from crm_tui.domain.errors import Invalid, NotFound
from crm_tui.i18n import _


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The commands of ``crm config``."""
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    where = commands.add_parser("path", help=_("where the settings file is"))
    output.add_format(where, plain=False)
    where.set_defaults(run=path)
    showing = commands.add_parser("show", help=_("all settings"))
    showing.add_argument("--origin", action="store_true", help=_("where each value comes from"))
    output.add_format(showing)
    showing.set_defaults(run=show)
    getting = commands.add_parser("get", help=_("the value of one setting"))
    getting.add_argument("name", metavar="NAME", help=_("for instance ui.theme"))
    output.add_format(getting, plain=False)
    getting.set_defaults(run=get)
    setting = commands.add_parser("set", help=_("write a value into the settings file"))
    setting.add_argument("name", metavar="NAME")
    setting.add_argument("value", metavar="VALUE")
    setting.set_defaults(run=put)
    checking = commands.add_parser("check", help=_("what in the settings is not understood"))
    output.add_format(checking, plain=False)
    checking.set_defaults(run=check, tells_settings=True)


def path(args: argparse.Namespace) -> int:
    """Print the path of the settings file, whether it is there or not."""
    file = config.config_file()
    if args.json:
        output.json_object({"path": str(file), "exists": file.exists()})
    else:
        output.line(str(file))
    return exit_codes.OK


def show(args: argparse.Namespace) -> int:
    """Print all settings."""
    loaded = config.load()
    values = _values(loaded.config)
    if args.json:
        output.json_list(
            {"name": name, "value": value, "origin": loaded.origins.get(name, "default")}
            for name, value in values.items()
        )
        return exit_codes.OK
    headings = (_("setting"), _("value"), *([_("origin")] if args.origin else []))
    cells = (
        (name, _shown(value), *([loaded.origins.get(name, _("default"))] if args.origin else []))
        for name, value in values.items()
    )
    output.table(headings, cells, plain=args.plain)
    return exit_codes.OK


def get(args: argparse.Namespace) -> int:
    """Print one value."""
    loaded = config.load()
    values = _values(loaded.config)
    if args.name not in values:
        raise NotFound("no_such_setting", name=args.name)
    if args.json:
        origin = loaded.origins.get(args.name, "default")
        output.json_object({"name": args.name, "value": values[args.name], "origin": origin})
    else:
        output.line(_shown(values[args.name]))
    return exit_codes.OK


def put(args: argparse.Namespace) -> int:
    """Write one value."""
    values = _values(config.Config())
    if args.name not in values:
        raise NotFound("no_such_setting", name=args.name)
    if args.name == "ui.theme":
        _known_theme(args.value)
    try:
        config.write(args.name, _typed(args.value, type(values[args.name])))
    except ValueError:
        raise Invalid("bad_setting", name=args.name, value=args.value) from None
    return exit_codes.OK


def check(args: argparse.Namespace) -> int:
    """Print what is not understood; exit code 7 when a value cannot be used."""
    from crm_tui.services import messages

    loaded = config.load()
    troubles = list(loaded.troubles)
    try:
        _known_theme(loaded.config.ui.theme)
    except Invalid as error:
        where = loaded.origins.get("ui.theme", "ui.theme")
        troubles.append(config.Trouble(where, messages.of_error(error), fatal=True))
    if args.json:
        output.json_list({"where": one.where, "text": one.text, "fatal": one.fatal} for one in troubles)
    else:
        for trouble in troubles:
            output.line(str(trouble))
    return exit_codes.CONFIG if any(trouble.fatal for trouble in troubles) else exit_codes.OK


def _known_theme(name: str) -> None:
    """Raises Invalid where no file, of ours or of the person, is a theme of this name."""
    from crm_tui import theming

    known, _bad = theming.load()
    if name not in ("auto", *known):
        raise Invalid("no_such_theme", name=name, known=", ".join(sorted(known)))


def _values(settings: config.Config) -> dict[str, Any]:
    return {
        f"{section.name}.{row.name}": getattr(getattr(settings, section.name), row.name)
        for section in fields(config.Config)
        for row in fields(getattr(settings, section.name))
    }


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _typed(text: str, kind: type) -> object:
    if kind is str:
        return text
    try:
        value = json.loads(text)
    except ValueError:
        return text  # refused as a value of the wrong kind
    return float(value) if kind is float and type(value) is int else value
