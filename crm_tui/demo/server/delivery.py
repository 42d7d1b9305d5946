"""Where submitted letters go: to the company's mailboxes, or to somebody outside who answers a little later."""

import asyncio
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import make_msgid, parseaddr

from crm_tui.demo import compose
from crm_tui.demo.answers import answer_text
from crm_tui.demo.server.records import Person
from crm_tui.demo.server.storage import Storage
from crm_tui.domain.clock import Clock

ANSWER_SECONDS = 4.0
BOUNCE_TEXT = (
    "Your letter could not be delivered to {recipient}.\n\n"
    "Nobody around the demo company has this address; the demo sends nothing to the outside world.\n"
)


class Delivery:
    """Delivers for the submission server; people outside answer ``delay`` seconds after a letter."""

    def __init__(self, storage: Storage, clock: Clock, delay: float = ANSWER_SECONDS) -> None:
        self._storage, self._clock, self._delay = storage, clock, delay

    def deliver(self, sender: str, recipients: list[str], raw: bytes) -> None:
        """Take a letter for each recipient."""
        for recipient in dict.fromkeys(recipients):
            if recipient in self._storage.users():
                self._put(recipient, raw)
            else:
                asyncio.get_running_loop().call_later(self._delay, self._react, sender, recipient, raw)

    def _put(self, user: str, raw: bytes) -> None:
        inbox = self._storage.mailbox(user, "INBOX")
        if inbox is not None:
            self._storage.append(inbox.id, raw, (), int(self._clock().timestamp()))

    def _react(self, sender: str, recipient: str, raw: bytes) -> None:
        person = self._storage.person(recipient)
        self._put(
            sender, self._answer(person, sender, raw) if person else self._bounce(sender, recipient, raw)
        )

    def _answer(self, person: Person, sender: str, raw: bytes) -> bytes:
        asked = BytesParser(policy=policy.default).parsebytes(raw)
        count = int(self._storage.setting("answers") or 0)
        self._storage.set_setting("answers", str(count + 1))
        subject = str(asked["Subject"] or "")
        name = parseaddr(str(asked["From"] or ""))[0]
        headers = compose.head(
            compose.mailbox(person.name, person.address),
            compose.mailbox(name, sender),
            subject if subject.lower().startswith("re:") else f"Re: {subject}",
            self._clock(),
            make_msgid(domain=person.address.rpartition("@")[2]).strip("<>"),
        )
        known = f"{asked['References'] or ''} {asked['Message-ID'] or ''}"
        chain = [each.strip("<>") for each in known.split()]
        text = answer_text(person.language, count, person.name, person.company)
        tail = compose.quoted(_text(asked).strip())
        return compose.plain(compose.answering(headers, chain), f"{text}\n\n{tail}\n")

    def _bounce(self, sender: str, recipient: str, raw: bytes) -> bytes:
        identity = make_msgid(domain="jelken.example").strip("<>")
        daemon = compose.mailbox("Mail Delivery System", "mailer-daemon@jelken.example")
        subject = "Undelivered Mail Returned to Sender"
        headers = compose.head(daemon, sender, subject, self._clock(), identity)
        headers.append(("Auto-Submitted", "auto-replied"))
        original = raw.partition(b"\r\n\r\n")[0] + b"\r\n"
        return compose.bounce(headers, BOUNCE_TEXT.format(recipient=recipient), recipient, original)


def _text(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""
