"""What is said of a file of certificates that cannot be used."""

from pathlib import Path

import pytest

from crm_tui.domain.errors import BadConfig
from crm_tui.services import messages
from crm_tui.sync.imap.connect import Server, tls_context


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "No such file or directory"), ("no certificate", "NO_CERTIFICATE")]
)
def test_a_file_of_certificates_that_cannot_be_used_is_named_with_the_reason(
    tmp_path: Path, content: str | None, reason: str
) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    with pytest.raises(BadConfig) as raised:
        tls_context(Server("mail.example", 993, cafile=str(file)))
    said = messages.of_error(raised.value)
    assert str(file) in said
    assert reason in said
    assert "Errno" not in said
