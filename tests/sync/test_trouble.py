"""What is said of a server that is not reached."""

import errno

import pytest

from crm_tui.sync.imap.connect import Server, trouble


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"), "Connection refused"),
        (
            OSError("Multiple exceptions: [Errno 111] Connect call failed ('::1', 993, 0, 0), [Errno 111] …"),
            "Connection refused",
        ),
        (EOFError("the line broke"), "the line broke"),
    ],
)
def test_the_reason_is_in_words_and_not_in_numbers_of_the_system(error: BaseException, said: str) -> None:
    assert trouble(error, Server("mail.example", 993, "tls")).facts["reason"] == said
