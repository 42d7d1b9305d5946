"""A letter as plain data: fields, parts, character sets, identity."""

from datetime import UTC, datetime

import pytest

from crm_tui.domain.errors import NotFound
from crm_tui.parsing.fields import Mailbox
from crm_tui.parsing.letter import attachment_bytes, identity, parse, parse_headers
from crm_tui.parsing.limits import Limits

ORDINARY = b"""\
From: =?utf-8?b?0JjQstCw0L0=?= <ivan@example.com>
To: "Kovalenko, Olena" <olena@example.com>, aigerim@example.kz
Cc: sales@example.com (Sales)
Reply-To: <office@example.com>
Subject: =?utf-8?q?=D0=A1=D1?= =?utf-8?q?=87=D1=91=D1=82?= 42
Date: Sat, 21 Nov 2026 17:00:00 +0500
Message-ID: <one@example.com>
In-Reply-To: <zero@example.com>
References: <minus@example.com>
 <zero@example.com>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: multipart/alternative; boundary=c

--c
Content-Type: text/plain; charset=koi8-r
Content-Transfer-Encoding: quoted-printable

=F0=D2=C9=D7=C5=D4 https://example.com/a.
--c
Content-Type: text/html; charset=utf-8

<p>Hello</p><img src="https://track.example.com/x.gif">
--c--
--b
Content-Type: application/pdf; name="=?utf-8?b?0YHRh9GR0YIucGRm?="
Content-Disposition: attachment;
 filename*0*=utf-8''%D1%81%D1%87;
 filename*1*=%D1%91%D1%82.pdf
Content-Transfer-Encoding: base64

AAECAw==
--b--
"""


def test_an_ordinary_letter() -> None:
    letter = parse(ORDINARY)
    assert letter.subject == "Счёт 42"
    assert letter.sender == Mailbox("Иван", "ivan@example.com")
    assert letter.to == (Mailbox("Kovalenko, Olena", "olena@example.com"), Mailbox("", "aigerim@example.kz"))
    assert letter.cc == (Mailbox("Sales", "sales@example.com"),)
    assert letter.reply_to == (Mailbox("", "office@example.com"),)
    assert letter.date == datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert letter.message_id == "one@example.com"
    assert letter.in_reply_to == "zero@example.com"
    assert letter.references == ("minus@example.com", "zero@example.com")
    assert letter.text == "Привет https://example.com/a."
    assert letter.html is not None
    assert "<p>Hello</p>" in letter.html
    assert [(each.number, each.url, each.host) for each in letter.links] == [
        (1, "https://example.com/a", "example.com")
    ]
    assert letter.kind == "letter"
    assert letter.problems == ()
    (attachment,) = letter.attachments
    assert (attachment.name, attachment.type, attachment.size) == ("счёт.pdf", "application/pdf", 4)
    assert attachment_bytes(ORDINARY, attachment.part) == b"\x00\x01\x02\x03"


def test_line_ends_and_an_mbox_line_make_no_difference() -> None:
    usual = parse(ORDINARY)
    for other in (
        ORDINARY.replace(b"\n", b"\r\n"),
        ORDINARY.replace(b"\n", b"\r"),
        b"From ivan@example.com Sat Nov 21 12:00:00 2026\n" + ORDINARY,
        b"\xef\xbb\xbf" + ORDINARY,
    ):
        letter = parse(other)
        assert (letter.subject, letter.sender, letter.text.strip(), letter.attachments) == (
            usual.subject,
            usual.sender,
            usual.text.strip(),
            usual.attachments,
        )


def test_headers_alone_say_the_same_as_the_letter() -> None:
    head, letter = parse_headers(ORDINARY.partition(b"\n\n")[0] + b"\n\n"), parse(ORDINARY)
    for name in ("subject", "sender", "to", "cc", "date", "message_id", "in_reply_to", "references"):
        assert getattr(head, name) == getattr(letter, name)


def test_a_part_that_is_not_there() -> None:
    with pytest.raises(NotFound):
        attachment_bytes(ORDINARY, "9.9")


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (b"a@example.com", [("", "a@example.com")]),
        (b"Ivanov, Pyotr <p@example.com>", [("Ivanov, Pyotr", "p@example.com")]),
        (
            b'"Ivanov, Pyotr" <p@example.com>, b@example.com',
            [("Ivanov, Pyotr", "p@example.com"), ("", "b@example.com")],
        ),
        (b"team: a@example.com, B <b@example.com>;", [("", "a@example.com"), ("B", "b@example.com")]),
        (b"undisclosed-recipients:;", []),
        (b"a@example.com (Anna (work))", [("Anna (work)", "a@example.com")]),
        (b'"a b"@example.com', [("", '"a b"@example.com')]),
        (b"=?utf-8?q?Anna_=3Ca=40example=2Ecom=3E?=", [("Anna", "a@example.com")]),
        (b"=?utf-8?q?A=2C_B?= <a@example.com>", [("A, B", "a@example.com")]),
        ("Иван <i@example.com>".encode("koi8-r"), [("Иван", "i@example.com")]),
        ("Иван Петров <i@example.com>".encode("cp1251"), [("Иван Петров", "i@example.com")]),
        ("Олена <o@example.com>".encode(), [("Олена", "o@example.com")]),
        (b"'Anna' <mailto:a@example.com>", [("Anna", "a@example.com")]),
        (b"<@relay.example:a@example.com>", [("", "a@example.com")]),
        (b"<a@ex\r\n ample.com>", [("", "a@example.com")]),
        (b"nobody", [("nobody", "")]),
        (b"", []),
    ],
)
def test_addresses(field: bytes, expected: list[tuple[str, str]]) -> None:
    assert [(box.name, box.address) for box in parse_headers(b"To: " + field + b"\n\n").to] == expected


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (b"=?utf-8?b?0J/RgNC40LLQtdGC?=", "Привет"),
        (b"=?koi8-r?b?8NLJ18XU?=", "Привет"),
        (b"=?windows-1251?q?=CF=F0=E8=E2=E5=F2?=", "Привет"),
        (b"=?UTF-8?Q?=D0?= =?UTF-8?Q?=9F?=", "П"),
        (b"=?nonsense?q?abc?=", "abc"),
        (b"a =?utf-8?q?b?= c", "a b c"),
        (b"=?utf-8?q?a?=\r\n =?utf-8?q?b?=", "ab"),
        (b"=?utf-8*en?q?hi?=", "hi"),
        (b"=?utf-8?q?50?% off", "=?utf-8?q?50?% off"),
        ("Привет, как дела".encode("cp1251"), "Привет, как дела"),
        ("Привет, как дела".encode("koi8-r"), "Привет, как дела"),
        ("Вітаю, її ґанок є".encode("cp1251"), "Вітаю, її ґанок є"),
        ("Привет".encode(), "Привет"),
        (b"=?iso-2022-jp?b?GyRCRnxLXBsoQg==?=", "日本"),
        (b"tab\tand \x1b[31m colour", "tab and ␛[31m colour"),
    ],
)
def test_subjects(field: bytes, expected: str) -> None:
    assert parse_headers(b"Subject: " + field + b"\n\n").subject == expected


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (b"Sat, 21 Nov 2026 12:00:00 +0000", datetime(2026, 11, 21, 12, tzinfo=UTC)),
        (b"21 Nov 2026 12:00 -0500 (EST)", datetime(2026, 11, 21, 17, tzinfo=UTC)),
        (b"Sat, 21 Nov 26 12:00:00 GMT", datetime(2026, 11, 21, 12, tzinfo=UTC)),
        (b"2026-11-21 12:00", datetime(2026, 11, 21, 12, tzinfo=UTC)),
        (b"Sat, 21 Foo 2026 12:00:00 +0000", None),
        (b"yesterday", None),
        (b"Sat, 21 Nov 99999 12:00:00 +0000", None),
    ],
)
def test_dates(field: bytes, expected: datetime | None) -> None:
    head = parse_headers(b"Date: " + field + b"\n\n")
    assert head.date == expected
    assert ("date_unreadable" in head.problems) == (expected is None)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (b"Content-Disposition: attachment; filename=Price list (2).xls", "Price list (2).xls"),
        (b'Content-Disposition: attachment; filename="a \\"b\\".txt"', 'a "b".txt'),
        (b"Content-Disposition: attachment; filename==?koi8-r?B?89DJ08/LLmRvYw==?=", "Список.doc"),
        (b"Content-Disposition: attachment; filename*=windows-1251''%CF%F0%E8.txt", "При.txt"),
        (b"Content-Disposition: attachment; filename*0=one; filename*1=two.txt", "onetwo.txt"),
        (b"Content-Disposition: attachment; filename=x.txt; filename*=utf-8''y.txt", "y.txt"),
        ('Content-Disposition: attachment; filename="отчёт.txt"'.encode(), "отчёт.txt"),
        ('Content-Disposition: attachment; filename="отчёт за год.txt"'.encode("cp1251"), "отчёт за год.txt"),
        (b'Content-Type: image/png; name="a.png"', "a.png"),
        (b"Content-Type: image/png; name=a.png charset=utf-8", "a.png"),
        (b'Content-Disposition: attachment; filename="a\r\n b.txt"', "a b.txt"),
        (b"Content-Disposition: attachment", ""),
    ],
)
def test_attachment_names(headers: bytes, expected: str) -> None:
    (attachment,) = parse(headers + b"\n\nx").attachments
    assert attachment.name == expected
    assert attachment.file_name


@pytest.mark.parametrize(
    ("charset", "body", "expected"),
    [
        ("utf-8", "Қайырлы таң".encode(), "Қайырлы таң"),
        ("koi8-u", "Ґанок".encode("koi8-u"), "Ґанок"),
        ("us-ascii", "Добрый день, коллеги".encode("cp1251"), "Добрый день, коллеги"),
        ("", "Добрый день, коллеги".encode("koi8-r"), "Добрый день, коллеги"),
        ("x-unknown", "Добрый день, коллеги".encode("cp866"), "Добрый день, коллеги"),
        ("utf-8", "Добрый день, коллеги".encode("cp1251"), "Добрый день, коллеги"),
        ("utf-8", "Добрый день, коллеги, пишу вам".encode()[:-1], "Добрый день, коллеги, пишу ва�"),
        ("gb2312", "裡面".encode("gb18030"), "裡面"),
        ("iso-8859-1", b"\x93quoted\x94 \x80", "“quoted” €"),
        ("rot13", b"abc", "abc"),
        ('"', b"abc", "abc"),
    ],
)
def test_bodies_in_character_sets_named_wrongly(charset: str, body: bytes, expected: str) -> None:
    head = f"Content-Type: text/plain; charset={charset}\n\n".encode() if charset else b"Subject: x\n\n"
    assert parse(head + body).text == expected


def test_flowing_paragraphs_are_joined_and_quoted_lines_are_not() -> None:
    body = b"one \ntwo \nthree\n\n> quoted \n> more\n-- \nme"
    letter = parse(b"Content-Type: text/plain; format=flowed\n\n" + body)
    assert letter.text == "one two three\n\n> quoted \n> more\n-- \nme"


def test_html_is_read_where_there_is_no_plain_text() -> None:
    empty_plain = b"--b\nContent-Type: text/plain\n\n \n--b\nContent-Type: text/html\n\n<p>Hi <a href='https://x.example/'>there</a>\n--b--"
    letter = parse(b"Content-Type: multipart/alternative; boundary=b\n\n" + empty_plain)
    assert letter.text == "Hi there [1]"
    assert letter.links[0].host == "x.example"


def test_plain_and_html_that_are_no_alternatives_are_both_read() -> None:
    body = b"--b\nContent-Type: text/plain\n\none\n--b\nContent-Type: text/html\n\n<p>two\n--b--"
    assert parse(b"Content-Type: multipart/mixed; boundary=b\n\n" + body).text == "one\n\ntwo"


def test_a_letter_within_a_letter_is_an_attachment_and_its_own_are_not() -> None:
    inner = b"Subject: inner\nContent-Type: multipart/mixed; boundary=c\n\n--c\n"
    inner += b"Content-Disposition: attachment; filename=x\n\nx\n--c--"
    raw = (
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nsee\n--b\nContent-Type: message/rfc822\n\n"
        + inner
        + b"\n--b--"
    )
    letter = parse(raw)
    assert letter.text == "see"
    (attachment,) = letter.attachments
    assert attachment.type == "message/rfc822"
    assert parse(attachment_bytes(raw, attachment.part)).subject == "inner"


def test_a_letter_of_nothing_but_another_letter_is_read_through() -> None:
    within = b"Content-Type: message/rfc822\n\nSubject: x\n\nforwarded"
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" + within + b"\n--b--"
    letter = parse(raw)
    assert letter.text == "forwarded"
    assert [each.type for each in letter.attachments] == ["message/rfc822"]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"Auto-Submitted: auto-replied", "auto_reply"),
        (b"Auto-Submitted: auto-generated", "automatic"),
        (b"Auto-Submitted: no", "letter"),
        (b"X-Autoreply: yes", "auto_reply"),
        (b"Precedence: bulk", "list"),
        (b"List-Unsubscribe: <https://example.com/u>", "list"),
        (b"Content-Type: text/calendar; method=REQUEST", "invitation"),
        (b"Content-Type: text/calendar", "letter"),
        (b"Content-Type: multipart/report; report-type=disposition-notification", "receipt"),
    ],
)
def test_kinds(head: bytes, kind: str) -> None:
    body = b"\n\n--b\n\nx\n--b--"
    if b"multipart" in head:
        head += b"; boundary=b"
    assert parse(head + body).kind == kind


@pytest.mark.parametrize(
    ("raw", "text", "problem"),
    [
        (b"Subject: s\nno field at all\n\nbody", "no field at all\n\nbody", "junk_in_headers"),
        (b"Subject: s\njunk\nTo: a@example.com\n\nbody", "body", "junk_in_headers"),
        (b"Content-Type: multipart/mixed\n\nbody", "body", "no_boundary"),
        (b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nbody", "body", "unclosed_parts"),
        (b"Content-Type: nonsense\n\nbody", "body", None),
    ],
)
def test_broken_structure_loses_no_words(raw: bytes, text: str, problem: str | None) -> None:
    letter = parse(raw)
    assert letter.text == text
    assert letter.problems == ((problem,) if problem else ())


def test_what_is_beyond_a_limit_is_cut_and_said() -> None:
    limits = Limits(headers=200, header=20, parts=3, text=5, addresses=2)
    raw = b"To: a@b,c@d,e@f\nSubject: " + b"s" * 100 + b"\nX: " + b"x" * 300 + b"\n\nhello world"
    letter = parse(raw, limits)
    assert [box.address for box in letter.to] == ["a@b", "c@d"]
    assert letter.subject == "s" * 19
    assert letter.text == "hello"
    assert letter.problems == ("headers_cut", "header_cut", "text_cut")


def test_identity_survives_folding_and_differs_by_every_field() -> None:
    head = b"Message-ID: <1@x>\nDate: d\nFrom: f\nTo: a,\n b\nCc: c\nSubject: s\nReceived: r\n\n"
    same = (
        head.replace(b"a,\n b", b"a, b").replace(b"\n", b"\r\n").replace(b"Received: r", b"Received: other")
    )
    assert identity(head) == identity(same) == identity(head + b"body")
    names = (b"Message-ID: <", b"Date: ", b"From: ", b"To: ", b"Cc: ", b"Subject: ")
    assert len({identity(head.replace(name, name + b"z")) for name in names} | {identity(head)}) == 7
