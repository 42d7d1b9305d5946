"""Checks of the machine: Python, libraries, terminal, locale, keyring, time zones, editor, settings."""

import locale
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib import metadata

from crm_tui.cli.findings import FAIL, OK, WARN, Finding
from crm_tui.i18n import _

LIBRARIES: dict[str, tuple[int, ...]] = {
    "textual": (8, 2, 8),
    "rich": (15,),
    "sqlmodel": (0, 0, 45),
    "sqlalchemy": (2, 1),
    "pydantic": (2,),
    "alembic": (1, 20),
    "imapclient": (4, 1),
    "apscheduler": (3, 11, 3),
    "cryptography": (45,),
    "selectolax": (1,),
    "keyring": (25, 7),
}
"""The least version of each that this program was built for."""
SAFE: dict[str, tuple[int, ...]] = {"jinja2": (3, 1, 6), "mako": (1, 2, 2), "cryptography": (44, 0, 1)}
"""The first version without a fault known to be exploitable: CVE-2025-27516, CVE-2022-40023, CVE-2024-12797."""
SAFE_PYTHON = {(3, 11): 10, (3, 12): 6, (3, 13): 0}
"""Minor version → first patch in which mail headers cannot be forged by a line break (CVE-2024-6923)."""
OLD_ZONES = 2
"""Years after which the rules of summer time are likely to be wrong somewhere."""


def findings() -> Iterator[Finding]:
    """All checks of the machine."""
    yield _python(sys.version_info[:3])
    yield from _libraries()
    yield _gateway()
    yield _encoding(locale.getpreferredencoding(False))
    yield _terminal(os.environ)
    if os.environ.get("TMUX"):
        yield from _tmux()
    yield _keyring()
    yield _zones()
    yield _editor(os.environ)
    yield from _settings()
    yield from _hooks()


def _python(version: tuple[int, int, int]) -> Finding:
    shown = ".".join(map(str, version))
    if version < (3, 11):
        return Finding("python", FAIL, shown, _("Python 3.11 or newer is needed."))
    if version[2] < SAFE_PYTHON.get(version[:2], 0):
        wanted = f"{version[0]}.{version[1]}.{SAFE_PYTHON[version[:2]]}"
        return Finding(
            "python",
            WARN,
            _("{version}: known faults are mended in {wanted}").format(version=shown, wanted=wanted),
            _(
                "Keep the system's packages up to date; a distribution may have mended them under the old number."
            ),
        )
    return Finding("python", OK, shown)


def _libraries() -> Iterator[Finding]:
    for name in dict.fromkeys((*LIBRARIES, *SAFE)):
        try:
            shown = metadata.version(name)
        except metadata.PackageNotFoundError:
            if name in LIBRARIES:
                yield Finding(f"library.{name}", FAIL, _("not installed"), _fetch(name))
            continue
        version = _numbers(shown)
        if version < LIBRARIES.get(name, ()):
            yield Finding(
                f"library.{name}", FAIL, _("{version} is too old").format(version=shown), _fetch(name)
            )
        elif version < SAFE.get(name, ()):
            yield Finding(
                f"library.{name}", WARN, _("{version} has known faults").format(version=shown), _fetch(name)
            )
        else:
            yield Finding(f"library.{name}", OK, shown)


def _numbers(version: str) -> tuple[int, ...]:
    numbers = []
    for part in version.split("."):
        if not part.isdigit():
            break
        numbers.append(int(part))
    return tuple(numbers)


def _fetch(name: str) -> str:
    return f"{sys.executable} -m pip install --upgrade {name}"


def _gateway() -> Finding:
    """Whether the one way to mail servers refuses a second command smuggled into an argument."""
    from crm_tui.domain.errors import CrmError
    from crm_tui.sync.imap import tokens

    try:
        tokens.check(b"INBOX\r\nA1 DELETE INBOX")
    except CrmError:
        return Finding("mail.gateway", OK, _("refuses smuggled commands"))
    return Finding("mail.gateway", FAIL, _("lets a second command through"), _("Install the program anew."))


def _encoding(encoding: str) -> Finding:
    if "utf" in encoding.lower():
        return Finding("locale", OK, encoding)
    fix = _("Set LANG to a UTF-8 locale, for instance: export LANG=C.UTF-8")
    return Finding("locale", FAIL, _("{encoding}: names cannot be shown").format(encoding=encoding), fix)


def _terminal(environment: Mapping[str, str]) -> Finding:
    term = environment.get("TERM", "")
    shown = " ".join(filter(None, (term, environment.get("COLORTERM", ""))))
    size = shutil.get_terminal_size((0, 0))
    if size.columns:
        shown += f" {size.columns}x{size.lines}"
    if term in ("", "dumb", "unknown"):
        return Finding(
            "terminal", WARN, shown or _("none"), _("The screens need a terminal; commands do not.")
        )
    if 0 < size.columns < 60 or 0 < size.lines < 16:
        return Finding("terminal", WARN, shown, _("The screens need 60x16 cells at least."))
    return Finding("terminal", OK, shown)


def _tmux() -> Iterator[Finding]:
    """In tmux with its defaults the clipboard and notifications are lost without a word."""
    wanted = (
        ("set-clipboard", ["show-options", "-sv", "set-clipboard"], "set -s set-clipboard on"),
        ("allow-passthrough", ["show-options", "-gwv", "allow-passthrough"], "set -g allow-passthrough on"),
    )
    for name, arguments, line in wanted:
        try:
            done = subprocess.run(
                ["tmux", *arguments], capture_output=True, text=True, timeout=5, check=False
            )
            value = done.stdout.strip()
        except (OSError, subprocess.TimeoutExpired):
            value = ""
        if value in ("on", "all"):
            yield Finding(f"tmux.{name}", OK, value)
        else:
            fix = _("Put into ~/.tmux.conf: {line}").format(line=line)
            yield Finding(f"tmux.{name}", WARN, value or _("unknown"), fix)


def _keyring() -> Finding:
    from crm_tui.sync.credentials import real_keyring

    backend = real_keyring()
    if backend is not None:
        return Finding("keyring", OK, type(backend).__module__)
    return Finding(
        "keyring",
        OK,
        _("none answers; passwords are kept in a file sealed with a passphrase, or come from a command"),
    )


def _zones() -> Finding:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from crm_tui.domain.clock import utc_now
    from crm_tui.services.users import system_zone

    fix = _fetch("tzdata")
    try:
        ZoneInfo("Asia/Almaty")
        shown = metadata.version("tzdata")
    except (ZoneInfoNotFoundError, metadata.PackageNotFoundError):
        return Finding("timezones", FAIL, _("no rules of time zones"), fix)
    detail = f"{shown}, {system_zone()}"
    if utc_now().year - _numbers(shown)[0] >= OLD_ZONES:
        return Finding("timezones", WARN, detail, fix)
    return Finding("timezones", OK, detail)


def _editor(environment: Mapping[str, str]) -> Finding:
    named = environment.get("VISUAL") or environment.get("EDITOR") or ""
    fix = _("Name one, for instance: export EDITOR=nano")
    try:
        words = shlex.split(named)
    except ValueError:
        words = []
    if not words:
        return Finding("editor", WARN, named or _("none is named"), fix)
    if shutil.which(words[0]) is None:
        return Finding("editor", WARN, _("{program} is not there").format(program=words[0]), fix)
    return Finding("editor", OK, named)


def _hooks() -> Iterator[Finding]:
    from crm_tui import paths
    from crm_tui.services.hooks import insecure

    folder = paths.config_dir() / "hooks"
    if not folder.is_dir():
        return
    names = sorted(one for one in folder.iterdir() if one.is_file() and os.access(one, os.X_OK))
    loose = insecure(folder, *names)
    if loose is not None:
        detail = _("others may write to {path}").format(path=loose)
        yield Finding("hooks", FAIL, detail, f"chmod go-w {loose}")
    else:
        yield Finding("hooks", OK, " ".join(one.name for one in names) or _("none"))


def _settings() -> Iterator[Finding]:
    from crm_tui import config
    from crm_tui.commands.complaints import complaints
    from crm_tui.commands.keymap import Keymap

    loaded = config.load()
    for trouble in loaded.troubles:
        yield Finding("settings", WARN, str(trouble), _("crm config show lists what can be set"))
    for complaint in complaints(Keymap(loaded.bindings)):
        yield Finding("keys", WARN, complaint, _("crm keys ls lists commands and keys"))
    if not loaded.troubles:
        yield Finding("settings", OK, str(config.config_file()))
