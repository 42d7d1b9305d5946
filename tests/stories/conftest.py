"""The office of a story, and a program that does not dawdle."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_tui.sync import scheduler
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.stories.office import Office


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
