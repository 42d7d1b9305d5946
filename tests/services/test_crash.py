"""The report of a crash says where, never with what."""

import pytest
from textual.worker import WorkerFailed

from crm_tui.domain.errors import StoreDamaged
from crm_tui.services import crash

SECRET = "can" + "ary"


def fail(password: str) -> None:
    letter = f"Dear {password}"
    try:
        raise KeyError(letter)
    except KeyError as error:
        raise StoreDamaged("store_corrupt", path=password) from error


def test_the_report_has_lines_and_codes_and_no_data() -> None:
    with pytest.raises(StoreDamaged) as caught:
        fail(SECRET)
    file = crash.write(caught.value)
    text = file.read_text("utf-8")
    assert SECRET not in text
    assert "store_corrupt" in text
    assert "builtins.KeyError" in text
    assert "in fail" in text
    assert file.stat().st_mode & 0o777 == 0o600


def test_an_error_in_a_worker_is_reported_with_its_lines() -> None:
    with pytest.raises(StoreDamaged) as caught:
        fail(SECRET)
    text = crash.text_of(WorkerFailed(caught.value))
    assert text.index("WorkerFailed") < text.index("StoreDamaged store_corrupt") < text.index("in fail")
    assert SECRET not in text
