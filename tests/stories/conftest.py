"""The office of a story, and a program that does not dawdle."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_tui.screens.shell import attention
from crm_tui.sync import scheduler
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.stories.office import Office, Seat

SEATS = {
    "latin-120x40": ((120, 40), "latin", "xterm-256color"),
    "ukrainian-80x24-vt220": ((80, 24), "ukrainian", "vt220"),
}


@pytest.fixture(autouse=True)
def hands_at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """What opens by itself does so at once, however fast a test types; one that asks about it sets it back."""
    monkeypatch.setattr(attention, "REST_SECONDS", 0.0)


@pytest.fixture(params=SEATS.values(), ids=SEATS)
def seat(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Seat:
    """Where the person sits: size of the window and keyboard, on a modern terminal and on a thin one."""
    size, layout, terminal = request.param
    monkeypatch.setenv("TERM", terminal)
    return Seat(size, layout)


@pytest.fixture
def office(
    tmp_path: Path, dovecot: Dovecot, smtp_sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    """An office on Thursday at 16:40."""
    monkeypatch.setattr(scheduler, "QUIET_SECONDS", 0.05)
    monkeypatch.setattr(scheduler, "OUTBOX_SECONDS", 0.2)
    made = Office(tmp_path, dovecot, smtp_sink)
    yield made
    made.close()
