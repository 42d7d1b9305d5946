"""``crm mail parse --jsonl FILE…``: one line of JSON a file, in order, whatever the files hold."""

import argparse
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from crm_tui.cli import mail_parse
from tests.parsing.test_letter import ORDINARY


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    mail_parse.add_arguments(parser)
    return mail_parse.run(parser.parse_args(arguments))


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    out, err = capsys.readouterr()
    assert err == ""
    return [json.loads(line) for line in out.splitlines()]


def test_a_line_says_what_scripts_ask_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "letter.eml"
    path.write_bytes(ORDINARY)
    assert run("--jsonl", str(path)) == 0
    assert lines(capsys) == [
        {
            "file": str(path),
            "subject": "Счёт 42",
            "from": "ivan@example.com",
            "from_name": "Иван",
            "to": ["olena@example.com", "aigerim@example.kz"],
            "cc": ["sales@example.com"],
            "date": "2026-11-21T12:00:00+00:00",
            "message_id": "one@example.com",
            "attachments": [{"name": "счёт.pdf", "type": "application/pdf", "size": 4}],
            "text": "Привет https://example.com/a.",
            "bounce": [],
        }
    ]


def test_bounces_are_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bounce.eml"
    path.write_bytes(
        b"From: mailer-daemon@x.example\nSubject: failure\n\n<a@x.example>: 550 5.1.1 unknown user\n"
    )
    assert run("--jsonl", str(path)) == 0
    assert lines(capsys)[0]["bounce"] == [{"address": "a@x.example", "permanent": True, "status": "5.1.1"}]


def test_files_that_cannot_be_read_have_a_line_in_their_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one").write_bytes(b"Subject: one\n\n")
    (tmp_path / "huge").touch()
    os.truncate(tmp_path / "huge", 101 * 2**20)
    (tmp_path / "two").write_bytes(b"Subject: two\n\n")
    files = [str(tmp_path / name) for name in ("one", "absent", "huge", "two")]
    assert run("--jsonl", *files, str(tmp_path)) == 1
    said = lines(capsys)
    assert [line["file"] for line in said] == [*files, str(tmp_path)]
    assert [line.get("subject") for line in said] == ["one", None, None, "two", None]
    assert said[1]["error"] == "No such file or directory"
    assert (said[2]["error"], said[2]["reason"]) == ("letter_unreadable", "letter_too_big")
    assert said[4]["error"] == "Is a directory"


def test_a_letter_from_standard_input_and_a_terminal_without_unicode(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sink = io.BytesIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ORDINARY)))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(sink, encoding="ascii", write_through=True))
    assert run("--jsonl", "-") == 0
    assert json.loads(sink.getvalue())["subject"] == "Счёт 42"
