"""A desk where letters are written: an account that can send, and one letter in its inbox."""

from typing import TypeVar

from sqlmodel import SQLModel

from crm_tui.services.account import accounts
from crm_tui.services.interest import scenarios
from crm_tui.services.ports import Ports
from crm_tui.store.tables import Folder, Letter, LetterRaw, LetterText, MailAccount, Placement

RAW = (
    b"Message-ID: <first@newco.example>\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    + "Нужно 20 насосов.\r\n".encode()
    + b'--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename="list.csv"\r\n\r\n'
    b"pumps;20\r\n--b--\r\n"
)

Row = TypeVar("Row", bound=SQLModel)


def writing_desk(ports: Ports) -> MailAccount:
    """An account that can send, with one letter in its inbox."""
    with ports.store.work(ports.actor, "setup") as work:
        scenarios.ensure_shipped(work)
        account = accounts.add(
            work,
            "office",
            "sales@office.example",
            sender_name="Алия",
            imap_host="127.0.0.1",
            smtp_host="127.0.0.1",
            smtp_security="none",
            smtp_user="",
        )
        inbox = work.add(Folder(account_id=account.key, name="INBOX", srv_name="INBOX", role="inbox"))
        for name in ("Sent", "Drafts"):
            work.add(Folder(account_id=account.key, name=name, srv_name=name, role=name.lower()))
        letter = work.add(
            Letter(
                identity="1",
                size=100,
                message_id="first@newco.example",
                subject="Цена насосов",
                sender_name="Ким, Ольга",
                sender_address="olga@newco.example",
                recipients={
                    "to": [["", "sales@office.example"], ["Boss", "boss@office.example"]],
                    "cc": [["Иван", "ivan@newco.example"]],
                },
                date=work.now,
                body_state="full",
            )
        )
        work.add(LetterText(letter_id=letter.key, text="Нужно 20 насосов.\n"))
        work.add(LetterRaw(letter_id=letter.key, raw=RAW))
        work.add(
            Placement(
                letter_id=letter.key, folder_id=inbox.key, srv_folder_id=inbox.key, srv_uid=1, date_key=1
            )
        )
    ports.store.feed.drain()
    return account


def rows(ports: Ports, model: type[Row]) -> list[Row]:
    """All rows of a table."""
    with ports.store.facts("look") as work:
        return work.all(model)
