"""The look at a letter before it is sent: what is asked (T-5, field.md)."""

from dataclasses import replace

import pytest

from crm_tui.config.table import Mail
from crm_tui.domain.errors import Invalid
from crm_tui.services.writing import letter_review
from crm_tui.services.writing.compose import Writing
from crm_tui.services.writing.draft_files import FileRow
from tests.services.conftest import Office

WORDS = Mail().attachment_words
PICTURE = FileRow(1, "x.png", "image/png", 5, True, "1@crm")
PRICE = FileRow(2, "x.pdf", "application/pdf", 7, False, "")


@pytest.mark.parametrize(
    ("body", "speaks"),
    [
        ("The price list is attached.", True),
        ("See the ENCLOSED drawing", True),
        ("Высылаю прайс, файл приложен", True),
        ("Прайс во вложении", True),
        ("Додаю креслення", True),
        ("Құжатты қоса беріп отырмын", True),
        ("Good day", False),
        ("Yes.\n> the file is attached", False),
        ("Yes.\n\n-- \nAttached to the Ministry of Pumps", False),
        ("Yes.\n-- \nAliya\n> old\nAttached now", True),
        ("See below\n---------- Forwarded message ----------\nattached", False),
        ("", False),
    ],
)
def test_mail_31_a_file_that_is_spoken_of_and_not_there(office: Office, body: str, speaks: bool) -> None:
    writing = Writing(office.account.key, to="a@b.example", subject="x", body=body)
    with office.store.read() as connection:
        asked = letter_review.look(connection, writing, [PICTURE], WORDS)
        assert ("attachment_missing" in asked.questions) is speaks
        with_file = letter_review.look(connection, writing, [PICTURE, PRICE], WORDS)
        assert (with_file.questions, with_file.size) == ((), 12)
        assert letter_review.look(connection, writing, [], "").questions == ()


def test_mail_31_a_subject_speaks_only_where_it_is_ours() -> None:
    letter = Writing(subject="Files attached")
    assert letter_review.speaks_of_file(letter, WORDS)
    assert not letter_review.speaks_of_file(replace(letter, reply_to_letter_id=1), WORDS)


def test_mail_29_the_review_says_who_is_outside_and_what_is_odd(office: Office) -> None:
    many = ", ".join(f"a{number}@newco.example" for number in range(letter_review.MANY))
    writing = Writing(
        office.account.key, to=many, cc="Boss <boss@office.example>", bcc="b@b.example", body="{{ x.y }}"
    )
    with office.store.read() as connection:
        found = letter_review.look(connection, writing, [], WORDS)
        hidden = letter_review.look(connection, replace(writing, to="", bcc=many, subject="x"), [], WORDS)
        with pytest.raises(Invalid, match="recipient_missing"):
            letter_review.look(connection, Writing(office.account.key), [], WORDS)
    assert found.outside == {f"a{number}@newco.example" for number in range(letter_review.MANY)} | {
        "b@b.example"
    }
    assert found.recipients.cc == [("Boss", "boss@office.example")]
    assert found.questions == ("no_subject", "many_recipients")
    assert set(letter_review.QUESTIONS) == {*found.questions, "attachment_missing", "no_reply"}
    assert found.empty == ("x.y",)
    assert hidden.questions == ()


@pytest.mark.parametrize("field", ["to", "cc", "bcc", "subject"])
@pytest.mark.parametrize("sign", ["\r", "\r\n", "\x0b", "\x0c", "\x00", "\x85", "\u2028"])
def test_48_a_line_break_in_a_field_is_refused(office: Office, field: str, sign: str) -> None:
    values = {"to": "a@b.example", field: f"a@b.example{sign}Bcc: evil@evil.example"}
    with office.store.read() as connection, pytest.raises(Invalid) as told:
        letter_review.look(connection, Writing(office.account.key, **values), [], WORDS)  # type: ignore[arg-type]
    assert (told.value.code, told.value.facts) == ("line_break_in_header", {"field": field.title()})
