"""What a letter begins with, and its draft."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest

from crm_tui.domain.errors import NotFound
from crm_tui.parsing import quotes
from crm_tui.services.account import accounts
from crm_tui.services.interest import interests
from crm_tui.services.writing import compose, signatures
from crm_tui.services.writing.compose import Writing
from crm_tui.store.tables import Letter, LetterRaw, LetterText, User, table_of
from tests.services.conftest import Office

ALMATY = ZoneInfo("Asia/Almaty")
Boxes = Sequence[Sequence[str]]


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Price", "Re: Price"),
        ("RE: Re[2]: Отв: Fwd: Price", "Re: Price"),
        ("Return of goods", "Re: Return of goods"),
        ("", "Re:"),
        ("Re:", "Re:"),
        ("a\r\nBcc: b@c", "Re: a��Bcc: b@c"),
    ],
)
def test_reply_subject(subject: str, expected: str) -> None:
    assert compose.reply_subject(subject) == expected


def test_quoting_marks_each_line_once_more_and_ends() -> None:
    assert compose.quoted("Hello\n\n> old\n\n\n") == "> Hello\n>\n>> old\n"
    assert compose.quoted("x\n" * 5000).count("\n") == compose.MOST_QUOTED + 2


def test_mail_01_a_reply_goes_to_reply_to_and_keeps_the_interest(office: Office) -> None:
    place = office.letter("Price of 20 pumps")
    with office.store.work(office.actor, "setup") as work:
        work.change(
            work.get(Letter, place.letter_id),
            recipients={"reply_to": [["Ким, Ольга", "buying@newco.example"], ["", "no address"]]},
        )
        work.add(LetterText(letter_id=place.letter_id, text="We need 20 pumps."))
        interest = interests.add(work, "Pumps", scenario="sale", owner_id=office.user.key)
        interests.link_letter(work, interest.key, place.letter_id)
    with office.store.read() as connection:
        writing = compose.reply(connection, place.letter_id, office.account.key, zone=ALMATY)
    assert writing == Writing(
        office.account.key,
        to='"Ким, Ольга" <buying@newco.example>',
        subject="Re: Price of 20 pumps",
        body="\n\nOn 19.11.2026, 16:35, Olga Kim wrote:\n> We need 20 pumps.\n",
        reply_to_letter_id=place.letter_id,
        interest_id=interest.key,
    )


def test_a_reply_without_reply_to_goes_to_the_sender_and_to_a_letter_of_ours_to_its_recipient(
    office: Office,
) -> None:
    theirs = office.letter(number=1)
    ours = office.letter(number=2, sender=("Aliya", "sales@office.example"), folder="sent")
    with office.store.work(office.actor, "setup") as work:
        work.change(work.get(Letter, ours.letter_id), recipients={"to": [["Olga", "olga@newco.example"]]})
    with office.store.read() as connection:
        assert (
            compose.reply(connection, theirs.letter_id, 1, zone=ALMATY).to == "Olga Kim <olga@newco.example>"
        )
        assert compose.reply(connection, ours.letter_id, 1, zone=ALMATY).to == "Olga <olga@newco.example>"
        with pytest.raises(NotFound):
            compose.reply(connection, 999, 1, zone=ALMATY)


def test_outsiders_are_those_of_no_domain_of_ours(office: Office) -> None:
    with office.store.work(office.actor, "setup") as work:
        accounts.add(work, "free", "me@gmail.com", imap_host="127.0.0.1")
    asked = ["a@Office.example", "b@newco.example", "me@GMAIL.com", "you@gmail.com"]
    with office.store.read() as connection:
        assert compose.outsiders(connection, asked) == {"b@newco.example", "you@gmail.com"}


def heard(
    office: Office,
    *,
    head: str = "",
    text: str = "We need 20 pumps.",
    sender: tuple[str, str] = ("Olga Kim", "olga@newco.example"),
    subject: str = "Price of 20 pumps",
    to: Boxes = (),
    cc: Boxes = (),
    reply_to: Boxes = (),
) -> int:
    """A letter with its bytes, so that its header can be asked."""
    place = office.letter(subject, sender=sender, number=len(subject) + len(head) + len(text))
    raw = f"{head}From: {sender[1]}\r\nSubject: {subject}\r\n\r\n{text}\r\n".encode()
    with office.store.work(office.actor, "setup") as work:
        work.change(work.get(Letter, place.letter_id), recipients={"to": to, "cc": cc, "reply_to": reply_to})
        work.add(LetterText(letter_id=place.letter_id, text=text))
        work.add(LetterRaw(letter_id=place.letter_id, raw=raw))
    return place.letter_id


OLGA, BOSS, WE, ALSO_WE = (
    ["Olga Kim", "olga@newco.example"],
    ["", "boss@newco.example"],
    ["Sales", "Sales@Office.example"],
    ["Aliya", "aliya@office.example"],
)
LIST = "List-Id: <pumps.lists.example>\r\nList-Post: <mailto:pumps@lists.example?subject=x>\r\n"


@pytest.mark.parametrize(
    ("head", "recipients", "whom", "to", "cc"),
    [
        ("", {"to": [WE, BOSS], "cc": [["", "x@y.example"], ALSO_WE]}, "all",
         "Olga Kim <olga@newco.example>, boss@newco.example", "x@y.example"),
        ("", {"to": [WE, BOSS], "cc": [OLGA]}, "sender", "Olga Kim <olga@newco.example>", ""),
        ("", {"to": [WE], "cc": [BOSS, ["B", "BOSS@newco.example"], ["", "no address"]]}, "all",
         "Olga Kim <olga@newco.example>", "boss@newco.example"),
        ("", {"to": [WE], "reply_to": [["", "buying@newco.example"]]}, "all", "buying@newco.example", ""),
        ("Mail-Followup-To: a@b.example, sales@office.example\r\n", {"to": [WE, BOSS]}, "all", "a@b.example", ""),
        ("Mail-Followup-To: a@b.example\r\n", {"to": [WE, BOSS]}, "sender", "Olga Kim <olga@newco.example>", ""),
        (LIST, {"to": [["", "pumps@lists.example"]]}, "all",
         "Olga Kim <olga@newco.example>, pumps@lists.example", ""),
        (LIST, {"to": [WE]}, "all", "Olga Kim <olga@newco.example>", "pumps@lists.example"),
        (LIST, {"to": [WE]}, "list", "pumps@lists.example", ""),
        ("", {"to": [WE, BOSS]}, "list", "Olga Kim <olga@newco.example>", ""),
    ],
)  # fmt: skip
def test_mail_40_whom_an_answer_goes_to(
    office: Office, head: str, recipients: dict[str, list[list[str]]], whom: compose.Whom, to: str, cc: str
) -> None:
    with office.store.work(office.actor, "setup") as work:
        work.change(work.get(User, office.user.key), email="aliya@office.example")
    letter_id = heard(
        office,
        head=head,
        to=recipients["to"],
        cc=recipients.get("cc", ()),
        reply_to=recipients.get("reply_to", ()),
    )
    with office.store.read() as connection:
        writing = compose.reply(connection, letter_id, office.account.key, zone=ALMATY, whom=whom)
        assert (writing.to, writing.cc, writing.bcc) == (to, cc, "")


def test_mail_40_an_answer_to_all_of_our_own_letter_goes_to_those_it_was_sent_to(office: Office) -> None:
    letter_id = heard(office, sender=("Sales", "sales@office.example"), to=[OLGA], cc=[BOSS, WE])
    with office.store.read() as connection:
        writing = compose.reply(connection, letter_id, office.account.key, zone=ALMATY, whom="all")
    assert (writing.to, writing.cc) == ("Olga Kim <olga@newco.example>", "boss@newco.example")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("We need 20 pumps.", "On 19.11.2026, 16:35, Olga Kim wrote:"),
        ("Нам нужны эти насосы", "19.11.2026, 16:35, Olga Kim пишет:"),
        ("Нам потрібні ці насоси", "19.11.2026, 16:35, Olga Kim пише:"),
        ("Бізге жиырма сорғы қажет", "19.11.2026, 16:35, Olga Kim жазды:"),
        ("12345", "On 19.11.2026, 16:35, Olga Kim wrote:"),
    ],
)
def test_mail_40_the_line_above_the_quote_is_in_the_language_of_the_letter(
    office: Office, text: str, line: str
) -> None:
    letter_id = heard(office, text=text)
    with office.store.read() as connection:
        writing = compose.reply(connection, letter_id, office.account.key, zone=ALMATY)
    assert writing.body == f"\n\n{line}\n> {text}\n"
    assert quotes.split("My answer.\n" + writing.body).own == "My answer."


def test_mail_40_a_letter_is_sent_on_with_its_files_or_as_a_whole(office: Office) -> None:
    letter_id = heard(
        office, to=[WE], cc=[BOSS], subject="Fwd: Drawing \x1b[31m", text="See this.",
        head='MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n',
    )  # fmt: skip
    raw = (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nSee this.\r\n--b\r\n'
        b'Content-Type: image/png; name="pump.png"\r\nContent-Disposition: attachment\r\n\r\nPNG\r\n--b--\r\n'
    )
    with office.store.work(office.actor, "setup") as work:
        work.connection.execute(table_of(LetterRaw).update().values(raw=raw))
    with office.store.read() as connection:
        inline = compose.forward(connection, letter_id, office.account.key, zone=ALMATY)
        whole = compose.forward(connection, letter_id, office.account.key, zone=ALMATY, attached=True)
        with pytest.raises(NotFound):
            compose.forward(connection, 999, office.account.key, zone=ALMATY)
    assert inline.writing.subject == whole.writing.subject == "Fwd: Drawing ␛[31m"
    assert (inline.writing.to, inline.writing.forward_letter_id) == ("", letter_id)
    assert inline.writing.body.split("\n")[2:10] == [
        "---------- Forwarded message ----------",
        "From: Olga Kim <olga@newco.example>",
        "Date: 19.11.2026, 16:35",
        "Subject: Fwd: Drawing ␛[31m",
        "To: Sales <Sales@Office.example>",
        "Cc: boss@newco.example",
        "",
        "See this.",
    ]
    assert [(one.name, one.content_type, one.data) for one in inline.files] == [
        ("pump.png", "image/png", b"PNG")
    ]
    assert [(one.name, one.content_type, one.data) for one in whole.files] == [
        ("Drawing ␛[31m.eml".replace("Drawing", "Fwd: Drawing"), "message/rfc822", raw)
    ]


def signed(office: Office, *, above: bool = False) -> None:
    with office.store.work(office.actor, "account.update") as work:
        accounts.update(work, office.account.key, signature="Aliya\nSales", signature_above_quote=above)


def test_mail_35_the_signature_stands_below_or_above_the_quote(office: Office) -> None:
    letter_id = heard(office)
    signed(office)
    with office.store.read() as connection:
        assert compose.new(connection, office.account.key, to="a@b.example").body == "\n\n-- \nAliya\nSales\n"
        body = compose.reply(connection, letter_id, office.account.key, zone=ALMATY).body
    assert body.endswith("\n> We need 20 pumps.\n\n-- \nAliya\nSales\n")
    signed(office, above=True)
    with office.store.read() as connection:
        body = compose.reply(connection, letter_id, office.account.key, zone=ALMATY).body
    assert body.startswith("\n\n-- \nAliya\nSales\n\nOn 19.11.2026")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Hello\n\n-- \nAliya\nSales\n", "Hello\n\n-- \nA. Kim\n"),
        ("Hello\n\n-- \nAliya\nSales\n\nMon X wrote:\n> y\n", "Hello\n\n-- \nA. Kim\n\nMon X wrote:\n> y\n"),
        ("Hello\n\n-- \nAliya, by hand\n", "Hello\n\n-- \nAliya, by hand\n"),
        ("I took it away", "I took it away"),
    ],
)  # fmt: skip
def test_mail_35_another_account_brings_its_own_signature(office: Office, body: str, expected: str) -> None:
    signed(office)
    with office.store.work(office.actor, "account.add") as work:
        other = accounts.add(work, "two", "two@office.example", imap_host="127.0.0.1", signature="A. Kim")
        bare = accounts.add(work, "three", "three@office.example", imap_host="127.0.0.1")
    with office.store.read() as connection:
        exchanged = signatures.exchanged(connection, body, office.account.key, other.key)
        assert exchanged == expected
        assert signatures.exchanged(connection, exchanged, other.key, office.account.key) == body
        assert "Aliya\nSales" not in signatures.exchanged(connection, body, office.account.key, bare.key)
        assert signatures.exchanged(connection, "Hello", bare.key, other.key) == "Hello\n\n-- \nA. Kim\n"
