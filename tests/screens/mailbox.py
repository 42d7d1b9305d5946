"""A mailbox in the store of a screen test, as a sync would leave it."""

from collections.abc import Mapping
from datetime import timedelta
from email.message import EmailMessage

from sqlalchemy import insert

from crm_tui.domain.letter.flags import Flag
from crm_tui.parsing.letter import parse
from crm_tui.services.interest import scenarios
from crm_tui.services.letter import threads
from crm_tui.services.party import contact_info, customers
from crm_tui.services.ports import Ports
from crm_tui.store.tables import Attachment as AttachmentTable
from crm_tui.store.tables import (
    Folder,
    Inquiry,
    Letter,
    LetterRaw,
    LetterText,
    MailAccount,
    Placement,
    Task,
    table_of,
)
from crm_tui.sync.content import body_of, letter_row, sort_keys

ROLES = {
    "inbox": "INBOX",
    "processed": "Processed",
    "sent": "Sent",
    "trash": "Trash",
}


class Mailbox:
    """One account with folders; letters are put into them as the sync does it."""

    def __init__(
        self, ports: Ports, name: str = "office", *, needs_reason: bool = False, move_accepted: bool = False
    ) -> None:
        self.ports = ports
        self.store = ports.store
        self._number = 0
        with self.store.facts("setup") as work:
            scenarios.ensure_shipped(work)
            account = work.add(
                MailAccount(
                    name=name,
                    address=f"{name}@office.example",
                    imap_host="localhost",
                    imap_user=name,
                    decline_needs_reason=needs_reason,
                    move_accepted=move_accepted,
                    capabilities=[],
                )
            )
            self.account_id = account.key
        self.folders = {role: self.folder(title, role) for role, title in ROLES.items()}

    def folder(self, name: str, role: str = "", *, selectable: bool = True) -> int:
        """A folder that the server knows; answers its id."""
        with self.store.facts("setup") as work:
            return work.add(
                Folder(
                    account_id=self.account_id,
                    name=name,
                    srv_name=name,
                    role=role,
                    uidvalidity=1,
                    selectable=selectable,
                )
            ).key

    def letter(
        self,
        subject: str = "Price of 20 pumps",
        text: str = "Good day! What do they cost?",
        *,
        sender: str = "Olga Kim <olga@newco.example>",
        folder: str | int = "inbox",
        flags: int = 0,
        html: str = "",
        files: tuple[tuple[str, str, bytes], ...] = (),
        has_body: bool = True,
        headers: Mapping[str, str] | None = None,
        whole: bytes = b"",
    ) -> int:
        """A letter that has arrived, each a minute older than the one before; answers its place.

        ``whole`` is a letter as it was sent, in place of one made of the other arguments.
        """
        self._number += 1
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, "Aliya <aliya@office.example>", subject
        message["Message-ID"] = f"<{self._number}@newco.example>"
        for name, value in (headers or {}).items():
            del message[name]
            message[name] = value
        date = self.ports.clock() - timedelta(minutes=self._number)
        message["Date"] = date.strftime("%a, %d %b %Y %H:%M:%S +0000")
        message.set_content(text)
        if html:
            message.set_content(html, subtype="html")
        for name, content_type, content in files:
            maintype, _slash, subtype = content_type.partition("/")
            message.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
        raw = whole or message.as_bytes()
        folder_id = self.folders[folder] if isinstance(folder, str) else folder
        row = letter_row(raw.partition(b"\n\n")[0], len(raw), date)
        keys = sort_keys(row)
        body = body_of(raw, parse)
        if has_body:
            row |= {
                "kind": body.kind,
                "body_state": "full",
                "has_attachments": body.has_attachments,
                "snippet": body.snippet,
            }
        with self.store.arrivals("test") as work:
            threads.join(work, [row])
            letter = work.add(Letter(**row))
            if has_body:
                work.connection.execute(insert(table_of(LetterRaw)).values(letter_id=letter.key, raw=raw))
                work.connection.execute(
                    insert(table_of(LetterText)).values(letter_id=letter.key, text=body.text.decode())
                )
                for file in body.attachments:
                    work.add(AttachmentTable(letter_id=letter.key, **file))
            place = work.add(
                Placement(
                    letter_id=letter.key,
                    folder_id=folder_id,
                    flags=flags,
                    unread=not flags & Flag.SEEN,
                    srv_folder_id=folder_id,
                    srv_uid=self._number,
                    srv_flags=flags,
                    **keys,
                )
            )
        return place.key

    def customer(self, name: str, email: str) -> int:
        """A customer with an address."""
        with self.store.facts("setup") as work:
            customer = customers.add(work, name, owner_id=self.ports.actor.user_id)
            contact_info.add_email(work, "customer", customer.key, email)
            return customer.key

    # Looking

    def place(self, key: int) -> Placement:
        """The place as it is now."""
        with self.store.facts("look") as work:
            return work.get(Placement, key)

    def is_read(self, key: int) -> bool:
        """Whether the letter there is read."""
        return bool(self.place(key).flags & Flag.SEEN)

    def inquiries(self) -> dict[int, tuple[str, str]]:
        """Letter → status and reason of what was decided."""
        with self.store.facts("look") as work:
            return {one.letter_id: (one.status, one.reason) for one in work.all(Inquiry)}

    def tasks(self) -> list[Task]:
        """All tasks."""
        with self.store.facts("look") as work:
            return work.all(Task)
