"""The command line: argparse, one file a group of commands; heavy imports inside the handlers."""

import argparse
import contextlib
import importlib
import keyword
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from crm_tui import __version__, i18n, paths
from crm_tui.cli import argparse_words, exit_codes
from crm_tui.domain.errors import CrmError
from crm_tui.i18n import N_, _

GROUPS: tuple[tuple[str, str], ...] = (
    ("sync", N_("get and send mail, bring the store and the servers together")),
    ("daemon", N_("remind, run processes and triggers, get and send mail while no screen is open")),
    ("agenda", N_("what stands in the calendar and what is due, day by day")),
    ("mail", N_("folders and letters: list, show, search, parse")),
    ("task", N_("tasks: add, list, done")),
    ("interest", N_("Interests: list, show, move, close")),
    (
        "report",
        N_("what stands too long; how fast Interests go, how far, and why they end; what everybody did"),
    ),
    ("map", N_("route maps: list, show, check, simulate, import, export, put in force")),
    ("process", N_("processes: list, show, start, complete steps, end early")),
    ("customer", N_("customers: list, show, add")),
    ("contact", N_("contact persons: list, show, add")),
    ("lead", N_("leads: list, show, add, make customers of them")),
    ("person", N_("all that is held of a person: export, erase")),
    ("event", N_("the calendar: add, list")),
    ("import", N_("customers, contact persons, leads and Interests from a file")),
    ("export", N_("records as CSV, XLSX, vCard or JSON")),
    ("call", N_("a telephone says that a call is on, has ended, or was missed")),
    ("briefing", N_("what to know before a talk, on one page")),
    ("search", N_("find records and letters")),
    ("history", N_("who changed what in a record, and when")),
    ("account", N_("mail accounts: add, test, list, password, remove")),
    ("backup", N_("copy the store while it is in use, and check the copy")),
    ("restore", N_("put a backup in the place of the store")),
    ("check", N_("is the store sound")),
    ("doctor", N_("is everything this program stands on in order, and how to mend it")),
    ("config", N_("settings: path, show, get, set, check")),
    ("keys", N_("keys: list, check")),
    ("demo", N_("the workstation on a throw-away company with a mail server of its own")),
    ("screenshot", N_("draw a screen as SVG, without a terminal")),
)
"""Name and meaning of each command; its module is ``cli/NAME.py`` and is imported only when it is called."""


_OWN_LANGUAGE = ("demo", "screenshot")
"""Commands with a ``--lang`` of their own."""


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments say and return the exit code (``cli/exit_codes.py``).

    Without a command: open the workstation. Help, version and wrong usage raise SystemExit, as argparse does.
    """
    asked = _language_asked(arguments)
    if asked:
        os.environ["CRM_UI__LANGUAGE"] = asked  # a flag goes before environment and settings file
    troubles = _speak()
    args = make_parser(arguments).parse_args(arguments)
    if troubles and args.command and not args.tells_settings:
        _complain(troubles)
    return guarded(lambda: args.run(args))


def guarded(act: Callable[[], int]) -> int:
    """Run a command; an error becomes one line on standard error and the exit code that tells of it."""
    _never_fail_to_print()
    try:
        code = act()
        sys.stdout.flush()
    except CrmError as error:
        return _refuse(error)
    except BrokenPipeError:
        return _reader_has_gone()
    except KeyboardInterrupt:
        return exit_codes.INTERRUPTED
    except OSError as error:
        return _machine_refuses(error)
    except Exception as fault:
        return _own_fault(fault)
    return code


def make_parser(arguments: Sequence[str] | None = None) -> argparse.ArgumentParser:
    """The parser of the commands named in the arguments; of all commands without arguments."""
    parser = argparse.ArgumentParser(
        "crm",
        description=_("A keyboard-driven CRM in a terminal. Without a command: the screens."),
        epilog=_("Standard output is data only. Exit codes: {codes}.").format(codes=exit_codes.explained()),
    )
    parser.add_argument(
        "--version", action="version", version=f"crm_tui {__version__}", help=_("show the version")
    )
    parser.add_argument(
        "--lang", dest="language", choices=i18n.LANGUAGES, help=_("language of texts and screens")
    )
    parser.add_argument("--db", dest="database", type=Path, metavar="FILE", help=_("use this store"))
    parser.set_defaults(run=_workstation, tells_settings=False)
    commands = parser.add_subparsers(title=_("commands"), metavar="COMMAND", dest="command")
    for name, meaning in GROUPS:
        command = commands.add_parser(name, help=_(meaning), description=_(meaning))
        if arguments is None or name in arguments:
            module = importlib.import_module(f"crm_tui.cli.{_module(name)}")
            if hasattr(module, "run"):
                command.set_defaults(run=module.run)
            module.add_arguments(command)
            _add_everywhere(command)
    return parser


def _add_everywhere(parser: argparse.ArgumentParser) -> None:
    """``--lang`` and ``--db`` behind the command too, where it has none of its own; its help does not repeat them."""
    quiet: dict[str, Any] = {"default": argparse.SUPPRESS, "help": argparse.SUPPRESS}
    if "--lang" not in parser._option_string_actions:
        parser.add_argument("--lang", dest="language", choices=i18n.LANGUAGES, **quiet)
    parser.add_argument("--db", dest="database", type=Path, **quiet)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in dict.fromkeys(action.choices.values()):  # one may have two names
                _add_everywhere(inner)


def _module(name: str) -> str:
    """What the module of a command is called: a word of Python's own has an underscore behind."""
    return f"{name}_" if keyword.iskeyword(name) else name


def _workstation(args: argparse.Namespace) -> int:
    from crm_tui.cli import opening, tui

    return tui.run(database=opening.database(args))


def _language_asked(arguments: Sequence[str]) -> str | None:
    """What ``--lang`` says, read ahead: help and wrong usage are told while the rest is parsed."""
    before = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    before.add_argument("--lang", choices=i18n.LANGUAGES)
    before.add_argument("--db")
    behind = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    behind.add_argument("--lang", choices=i18n.LANGUAGES)
    before.add_argument("rest", nargs=argparse.REMAINDER)
    found = argparse.Namespace(lang=None, rest=[])
    with contextlib.suppress(argparse.ArgumentError):
        before.parse_known_args(arguments, found)
        if found.rest and found.rest[0] not in _OWN_LANGUAGE:
            behind.parse_known_args(found.rest[1:], found)
    return str(found.lang) if found.lang else None


def _speak() -> list[str]:
    """The language of ``CRM_UI__LANGUAGE`` or the settings file, where one is set, before that of the locale; answers
    what of that file cannot be used."""
    _activate(os.environ.get("CRM_UI__LANGUAGE", ""))
    file, troubles = paths.settings_file(), []
    if file.exists():  # reading settings costs as much as all of the help
        from crm_tui import config

        loaded = config.load()
        _activate(loaded.config.ui.language)  # of the environment, where that names one
        troubles = [str(one) for one in loaded.troubles if one.where.startswith(str(file))]
    argparse_words.translate()
    return troubles


def _activate(language: str) -> None:
    if language not in ("", "auto"):
        i18n.activate(language)


def _complain(troubles: Sequence[str]) -> None:
    """One line for a settings file, as the status line of the screens says it; ``crm config check`` tells all."""
    from crm_tui.domain.text import clean

    more = f" (+{len(troubles) - 1})" if troubles[1:] else ""
    print(f"crm: {clean(troubles[0])}{more}", file=sys.stderr)


def _never_fail_to_print() -> None:
    """A name that the terminal's encoding lacks is spelled out, rather than ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _refuse(error: CrmError) -> int:
    from crm_tui.services import messages

    print(f"crm: {messages.of_error(error)}", file=sys.stderr)
    return exit_codes.of_error(error)


def _machine_refuses(error: OSError) -> int:
    """A file that cannot be read or written, a disk that is full: the system's words say it best."""
    from crm_tui.domain.text import clean

    what = " ".join(filter(None, (str(error.filename or ""), error.strerror or type(error).__name__)))
    print(f"crm: {clean(what)}", file=sys.stderr)
    return exit_codes.FAILED


def _own_fault(fault: Exception) -> int:
    """A fault of the program: no traceback with a person's data in it, but a report that names only our own lines."""
    from crm_tui.domain.clock import utc_now
    from crm_tui.services import crash

    words = _("crm: stopped by its own fault ({kind}). Report: {file}")
    print(words.format(kind=type(fault).__name__, file=crash.write(fault, utc_now)), file=sys.stderr)
    return exit_codes.FAILED


def _reader_has_gone() -> int:
    """Whoever read our output (``| head``) has enough: that is no failure."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return exit_codes.OK
