"""What every test gets: a home of its own, English, a clock that stands still, and servers on loopback."""

import gc
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from crm_tui import i18n

if TYPE_CHECKING:
    from tests.servers.certificates import Authority
    from tests.servers.dovecot import Dovecot
    from tests.servers.smtp_sink import SmtpSink

# Hundreds of apps leave much to look through: looked through less often, the tests take a seventh less.
gc.set_threshold(50_000, 20, 50)

settings.register_profile(
    "explore", deadline=None, database=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
# The same examples on each run: what fails, fails for whoever changed it. Others are looked for by hand, with
# --hypothesis-profile=explore; what they find becomes an @example.
settings.register_profile("suite", settings.get_profile("explore"), derandomize=True)
settings.load_profile("suite")


FOREIGN_SETTINGS = (
    "CRM_LANG",
    "LC_ALL",
    "LC_MESSAGES",
    "LC_CTYPE",
    "LANGUAGE",
    "NO_COLOR",
    "COLORTERM",
    "FORCE_COLOR",
    "COLUMNS",
    "LINES",
    "TEXTUAL",
    "TEXTUAL_THEME",
    "TEXTUAL_ANIMATIONS",
    "SSH_CONNECTION",
    "SSH_TTY",
    "TMUX",
    "EDITOR",
    "VISUAL",
    "PAGER",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
    "XDG_CACHE_HOME",
)
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
"""Where the clock of the tests stands: Saturday, 21 November 2026, 12:00 UTC."""


class FixedClock:
    """A ``domain.clock.Clock`` that moves only when told to."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **step: float) -> datetime:
        """Move by ``timedelta(**step)`` and return the new instant."""
        self.now += timedelta(**step)
        return self.now


@pytest.fixture(autouse=True)
def crm_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The ``CRM_HOME`` of the test: empty, its own. No setting of the developer's reaches the program."""
    home = tmp_path / "crm_home"
    home.mkdir(mode=0o700)
    for name in FOREIGN_SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CRM_HOME", str(home))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    i18n.activate("en")
    return home


@pytest.fixture
def clock() -> FixedClock:
    """A clock standing at ``NOON``."""
    return FixedClock()


@pytest.fixture(scope="session")
def authority() -> "Iterator[Authority]":
    """A certificate authority that nobody but the tests trusts."""
    from tests.servers.certificates import Authority

    with Authority() as made:
        yield made


@pytest.fixture(scope="session")
def dovecot(authority: "Authority") -> "Iterator[Dovecot]":
    """An IMAP and POP3 server of this test worker; take a fresh account with ``dovecot.account()``."""
    from tests.servers.dovecot import Dovecot

    if not Dovecot.available():
        pytest.skip("Dovecot is absent (apt-get install dovecot-imapd dovecot-pop3d)")
    with Dovecot(authority=authority) as server:
        yield server


@pytest.fixture
def smtp_sink() -> "Iterator[SmtpSink]":
    """An SMTP server without encryption or login that keeps what it is sent."""
    from tests.servers.smtp_sink import SmtpSink

    with SmtpSink() as server:
        yield server


@pytest.fixture
def needs_tmux() -> str:
    """The path of tmux; skips where it is absent."""
    found = shutil.which("tmux")
    return found or pytest.skip("tmux is absent (apt-get install tmux)")


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Say in one short sentence what the test measured, for ``docs/assurance.md``."""
    return lambda text: record_property("figure", text)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-tables", action="store_true", help="write docs/coverage.md and docs/assurance.md"
    )


def pytest_configure(config: pytest.Config) -> None:
    os.environ["TZ"] = "UTC"
    time.tzset()
    if config.getoption("--write-tables") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(TableWriter(), "table-writer")


def pytest_collection_finish(session: pytest.Session) -> None:
    if "textual.app" in sys.modules:
        from tests import quick_textual

        quick_textual.install()
    gc.collect()
    gc.freeze()  # what was imported stays: no search for garbage looks through it again


class TableWriter:
    """Writes the generated tables at the end of a run."""

    def __init__(self) -> None:
        self.outcomes: dict[str, str] = {}
        self.figures: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome != "passed":
            self.outcomes[report.nodeid] = report.outcome
            said = [str(text) for name, text in report.user_properties if name == "figure"]
            self.figures[report.nodeid] = "; ".join(said)

    def pytest_sessionfinish(self) -> None:
        from tools import assurance_table, coverage_table

        coverage_table.write(self.outcomes)
        assurance_table.write(self.outcomes, self.figures)
