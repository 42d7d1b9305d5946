"""Files, pictures and Markdown: what was put into a letter is what two parsers take out of it (MAIL-32, MAIL-33)."""

import email
import email.policy
from email.message import EmailMessage, MIMEPart

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.domain.text import clean, file_name
from crm_tui.parsing.letter import Letter, attachment_bytes, parse
from crm_tui.services.writing import letter_build, letter_parts
from crm_tui.services.writing.letter_parts import File
from tests.stores import START


def build(body: str, form: str = "plain", *files: File) -> bytes:
    raw = letter_build.build(
        ("", "me@x.example"), [("", "you@x.example")], [], subject="s", body=body, message_id="1@x.example",
        answered=None, at=START, form=form, files=files,
    )  # fmt: skip
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    return raw


def read(raw: bytes) -> tuple[Letter, EmailMessage]:
    ours = parse(raw)
    assert ours.problems == ()
    theirs = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(theirs, EmailMessage)
    assert not [part.defects for part in theirs.walk() if part.defects]
    return ours, theirs


def test_mail_33_markdown_goes_as_text_and_html() -> None:
    ours, theirs = read(build("# Price\n\n**5 000 ₸**\nfor *one*\n\n> old\n", "markdown"))
    assert theirs.get_content_type() == "multipart/alternative"
    plain, html = theirs.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_content().replace("\r\n", "\n") == "# Price\n\n**5 000 ₸**\nfor *one*\n\n> old\n"
    assert "<h1>Price</h1>" in html.get_content()
    assert "<strong>5 000 ₸</strong><br />\nfor <em>one</em>" in html.get_content().replace("\r", "")
    assert "<blockquote>\n<p>old</p>" in html.get_content().replace("\r", "")
    assert ours.text.startswith("# Price")


@pytest.mark.parametrize(
    ("markdown", "never"),
    [
        ("<script>alert(1)</script>", "<script"),
        ("<img src=x onerror=alert(1)>", "<img"),
        ("[x](javascript:alert(1))", "href=\"javascript"),
        ("![x](data:text/html,<script>)", "<img"),
        ("[x](<\"onclick=alert(1)>)", "\"onclick"),
        ("Regards\n-- \nAliya", "<h2>"),
    ],
)  # fmt: skip
def test_mail_33_no_script_comes_of_markdown(markdown: str, never: str) -> None:
    assert never not in letter_parts.html(markdown)


def test_mail_32_a_picture_is_in_the_text_and_a_file_beside_it() -> None:
    picture = File("pump.png", "image/png", b"\x89PNG\r\n\x1a\n", inline=True, content_id="1@crm")
    unused = File("other.png", "image/png", b"2", inline=True, content_id="2@crm")
    price = File("Прайс «насосы» 2026.pdf", "application/pdf", b"%PDF" * 1000)
    raw = build("See ![pump.png](cid:1@crm)!", "markdown", picture, price, unused)
    ours, theirs = read(raw)
    assert theirs.get_content_type() == "multipart/mixed"
    text, *files = theirs.iter_parts()
    assert [part.get_filename() for part in files] == [price.name, "other.png"]
    assert files[0].get_content() == price.data
    plain, related = text.iter_parts()
    assert plain.get_content().rstrip() == "See [image: pump.png]!"
    html, shown = related.iter_parts()
    assert '<img src="cid:1@crm" alt="pump.png" />' in html.get_content()
    assert (shown["Content-ID"], shown.get_content()) == ("<1@crm>", picture.data)
    assert shown.get_content_disposition() == "inline"
    assert {one.name for one in ours.attachments} >= {price.name, "pump.png", "other.png"}


def test_mail_32_a_plain_letter_has_its_pictures_as_files() -> None:
    picture = File("pump.png", "image/png", b"1", inline=True, content_id="1@crm")
    _ours, theirs = read(build("See ![pump.png](cid:1@crm)", "plain", picture))
    assert [part.get_content_disposition() for part in theirs.iter_parts()] == [None, "attachment"]


LETTER = b"From: a@b.example\nSubject: x\n\nhi\n"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (LETTER, "message/rfc822"),
        (LETTER.replace(b"hi", "привет".encode()), "application/octet-stream"),
        (LETTER + b"x" * 2000, "application/octet-stream"),
        (LETTER + b"\0", "application/octet-stream"),
    ],
)
def test_mail_40_a_letter_in_a_letter_stays_what_it_was(data: bytes, kind: str) -> None:
    _ours, theirs = read(build("Look", "plain", File("x.eml", "message/rfc822", data)))
    _text, inner = theirs.iter_parts()
    assert inner.get_content_type() == kind
    assert isinstance(inner, MIMEPart)
    content = inner.get_content()
    whole = content.as_bytes() if kind == "message/rfc822" else content
    assert whole.replace(b"\r\n", b"\n").rstrip() == data.rstrip()


names = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)


@settings(max_examples=50)
@given(
    name=names,
    kind=st.sampled_from(
        ["text/plain", "text/html", "multipart/mixed", "message/partial", "x", "a/b\r\nBcc: x@y", "é/b"]
    ),
    data=st.binary(max_size=300),
    content_id=names,
    form=st.sampled_from(["plain", "markdown"]),
    body=names,
)  # fmt: skip
def test_48_any_file_comes_out_as_it_went_in(
    name: str, kind: str, data: bytes, content_id: str, form: str, body: str
) -> None:
    raw = build(body, form, File(name, kind, data, inline=True, content_id=content_id))
    ours, theirs = read(raw)
    assert set(theirs.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
    }  # fmt: skip
    [file] = [part for part in theirs.walk() if part.get_filename() is not None]
    assert file.get_payload(decode=True) == data
    found = [one for one in ours.attachments if attachment_bytes(raw, one.part) == data]
    assert file_name(clean(name)) in {one.file_name for one in found}
