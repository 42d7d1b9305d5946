"""The letters of a planned conversation: words, headers, attachments, and the place in the mailbox."""

import functools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from crm_tui.demo import compose, files
from crm_tui.demo.compose import File
from crm_tui.demo.content import LANGUAGES
from crm_tui.demo.content.language import FROM_CUSTOMER, PRICES, Language
from crm_tui.demo.people import OWN_HOST, SERVICE_ADDRESS, Firm, Human
from crm_tui.demo.server.records import Letter
from crm_tui.demo.talks import CLOSED, Company, Talk

DAY = 86400
MACHINES = (0, 1, 4)
"""Places of the products that can break."""
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUPPLIER = 1
"""Place of the newsletter that a supplier sends."""
ANSWERABLE = ("sale", "lost", "service", "note")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a conversation is about, as the slots of its sentences."""

    product: str
    quantity: int
    amount: int
    """In minor units of the currency."""
    slots: dict[str, str]


def message_id(talk: Talk, step: int, host: str = OWN_HOST) -> str:
    """The Message-ID, without brackets; ``place_of`` reads it back."""
    return f"talk{talk.id}.{step}.{talk.times[0]}@{host}"


def place_of(identity: str) -> tuple[int, int] | None:
    """(talk, step) of a Message-ID made by ``message_id``; None for a letter that is not of the demo's past."""
    piece = identity.strip("<>").partition("@")[0].split(".")
    if len(piece) != 3 or not piece[0].startswith("talk"):
        return None
    return int(piece[0][4:]), int(piece[1])


def terms(company: Company, talk: Talk) -> Terms:
    """Product, quantity, prices and dates that the talk mentions."""
    texts = LANGUAGES[talk.language]
    product = MACHINES[talk.choice % len(MACHINES)] if talk.kind == "service" else talk.choice % len(PRICES)
    each = round(PRICES[product] / texts.tenge)
    firm = company.firms[talk.firm]
    last = datetime.fromtimestamp(talk.times[-1] + 12 * DAY, UTC)
    slots = {
        "product": texts.products[product],
        "qty": str(talk.quantity),
        "unit": texts.unit,
        "price": money(each, texts),
        "total": money(each * talk.quantity, texts),
        "number": str(1200 + talk.id % 8000),
        "date": last.strftime("%d %B" if texts.code == "en" else "%d.%m.%Y"),
        "city": firm.city,
        "firm": firm.name,
    }
    return Terms(texts.products[product], talk.quantity, each * talk.quantity * 100, slots)


def money(amount: int, texts: Language) -> str:
    """An amount as it is written in letters of the language."""
    sign = {"KZT": "₸", "UAH": "грн", "EUR": "EUR"}[texts.currency]
    return f"{amount:,}".replace(",", "\u00a0") + "\u00a0" + sign


def subject(company: Company, talk: Talk) -> str:
    """The subject of the first letter; colleagues write in the company's own language."""
    texts = LANGUAGES[talk.language]
    pick = talk.choice // 7
    if talk.kind in ("sale", "lost", "service"):
        choices = texts.service_subjects if talk.kind == "service" else texts.sale_subjects
        found = choices[pick % len(choices)].format(**terms(company, talk).slots)
    elif talk.kind == "note":
        found = company.texts.notes[pick % len(company.texts.notes)][0]
    elif talk.kind == "newsletter":
        found = texts.newsletters[pick % len(texts.newsletters)][2]
    elif talk.kind == "junk":
        found = texts.junk[pick % len(texts.junk)][1]
    elif talk.kind == "auto":
        found = f"{texts.auto_reply[0]} {texts.sale_subjects[0].format(**terms(company, talk).slots)}"
    else:
        found = "Undelivered Mail Returned to Sender" if talk.kind == "bounce" else texts.invitation[0]
    return found[:1].upper() + found[1:]


KEPT_IN_SIGHT, KEPT_UNDECIDED = 21, 4
"""Days after which a letter leaves the inbox: one that belongs to an Interest, and one of which nothing came."""


def letters(company: Company) -> Iterator[tuple[str, Letter]]:
    """Every letter of the company's year, oldest first, with the user whose mailbox holds it."""
    writer = Writer(company)
    for when, number, step in company.schedule():
        talk = company.talks[number]
        user = SERVICE_ADDRESS if talk.kind == "service" else company.user.address
        folder, flags = writer.place(talk, step)
        yield user, (folder, writer.letter(talk, step), flags, when)


class Writer:
    """Writes the letters of one company."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.folders = {key: _wire_name(name) for key, name in company.texts.folders.items()}
        self.bodies: Callable[[Talk], tuple[str, ...]] = functools.lru_cache(4096)(self._bodies)

    def place(self, talk: Talk, step: int) -> tuple[str, tuple[str, ...]]:
        """Folder on the wire and flags, as the demo's user would have left them by now."""
        age = (int(self.company.now.timestamp()) - talk.times[step]) / DAY
        answered = ("\\Answered",) if step + 1 < len(talk.times) and talk.kind in ANSWERABLE else ()
        if talk.kind in ANSWERABLE and not self._incoming(talk, step):
            return "Sent", ("\\Seen",)
        if talk.kind == "junk":
            return ("Junk", ()) if talk.id % 3 else (self.folders["processed"], ("\\Seen",))
        if talk.kind == "newsletter":
            supplier = talk.choice // 7 % len(LANGUAGES[talk.language].newsletters) == SUPPLIER
            folder = self.folders["suppliers" if supplier else "newsletters"]
            return folder, () if age < 9 and talk.id % 3 else ("\\Seen",)
        if talk.fresh:
            return "INBOX", ()
        unread = age < 3 and not answered
        flags = answered if unread else ("\\Seen", *answered)
        flags = (*flags, "\\Flagged") if talk.id % 19 == 0 and age < 60 else flags
        if talk.id % 83 == 0 and not talk.state:
            return "Trash", flags
        stays = KEPT_IN_SIGHT if talk.state else KEPT_UNDECIDED
        if age < stays and talk.state not in CLOSED:
            return "INBOX", flags
        return self.folders["processed"] if talk.state else "Archive", flags

    def letter(self, talk: Talk, step: int) -> bytes:
        """The letter's bytes."""
        name = talk.steps[step]
        if name in ("newsletter", "junk", "auto", "invitation", "bounce"):
            writers = {"newsletter": self._newsletter, "junk": self._junk, "auto": self._auto}
            return writers.get(name, self._bounce if name == "bounce" else self._invitation)(talk)
        sender, recipient = self._parties(talk, step)
        title = subject(self.company, talk)
        headers = compose.head(
            compose.mailbox(sender.name, sender.address),
            compose.mailbox(recipient.name, recipient.address),
            f"Re: {title}" if step else title,
            self._time(talk, step),
            self._identity(talk, step),
        )
        headers = compose.answering(headers, [self._identity(talk, each) for each in range(step)])
        bodies = self.bodies(talk)
        text = bodies[step]
        if step:
            text += "\n\n" + compose.quoted(bodies[step - 1])
        attached = self._files(talk, name)
        return compose.mixed(headers, text, attached) if attached else compose.plain(headers, text)

    def _incoming(self, talk: Talk, step: int) -> bool:
        return talk.steps[step] in FROM_CUSTOMER or (talk.kind == "note" and step == 0)

    def _time(self, talk: Talk, step: int) -> datetime:
        return datetime.fromtimestamp(talk.times[step], UTC).astimezone(self.company.zone)

    def _identity(self, talk: Talk, step: int) -> str:
        incoming = talk.kind != "note" and self._incoming(talk, step)
        return message_id(talk, step, self._firm(talk).host if incoming else OWN_HOST)

    def _firm(self, talk: Talk) -> Firm:
        return self.company.firms[talk.firm]

    def _parties(self, talk: Talk, step: int) -> tuple[Human, Human]:
        """(sender, recipient) of a letter."""
        user = self.company.user
        if talk.kind == "service":
            user = Human(
                user.company, user.called, SERVICE_ADDRESS, user.role, "", user.language, user.company
            )
        if talk.kind == "note":
            other = self.company.colleagues[1 + talk.choice % (len(self.company.colleagues) - 1)]
        else:
            other = self._firm(talk).people[talk.person]
        return (other, user) if self._incoming(talk, step) else (user, other)

    def _bodies(self, talk: Talk) -> tuple[str, ...]:
        """The words of each letter of the talk, without what it quotes."""
        texts = LANGUAGES[talk.language]
        rng = random.Random(talk.id * 7919 + talk.choice)
        if talk.kind == "note":
            own = self.company.texts
            note = own.notes[talk.choice // 7 % len(own.notes)]
            ends = [self._parties(talk, step)[0].called for step in range(len(talk.times))]
            return tuple(f"{words}\n\n{end}" for words, end in zip(note[1:], ends, strict=False))
        slots = terms(self.company, talk).slots
        return tuple(self._body(talk, step, texts, slots, rng) for step in range(len(talk.times)))

    def _body(self, talk: Talk, step: int, texts: Language, slots: dict[str, str], rng: random.Random) -> str:
        sender, recipient = self._parties(talk, step)
        called = recipient.called
        if recipient.address.endswith(OWN_HOST):
            own = self.company.texts
            called = own.called if own.code == texts.code else own.colleagues[0][0].split()[0]
        paragraphs = [rng.choice(choices).format(**slots) for choices in texts.steps[talk.steps[step]]]
        if talk.steps[step] == "request":  # its trouble is the one that the subject names
            troubles = texts.steps["request"][0]
            paragraphs[0] = troubles[talk.choice // 7 % len(texts.service_subjects) % len(troubles)].format(
                **slots
            )
        greeting = rng.choice(texts.greetings).format(first=called)
        signature = (
            [sender.name, sender.role, sender.company] if sender.name != sender.company else [sender.name]
        )
        signature += [sender.phone] if sender.phone else []
        asking = texts.closings if self._incoming(talk, step) else texts.closings[:-1]
        closing = "\n".join([rng.choice(asking), *signature])
        return compose.wrapped("\n\n".join([greeting, *paragraphs, closing]))

    def _files(self, talk: Talk, name: str) -> list[File]:
        about = terms(self.company, talk)
        number, total = about.slots["number"], f"{about.amount // 100} {LANGUAGES[talk.language].currency}"
        if name == "offer":
            rows = [["No.", about.slots["number"]], [about.product, about.slots["qty"], about.slots["total"]]]
            return [File(f"Jelken-{number}.xlsx", XLSX_TYPE, files.xlsx(rows))]
        if name in ("invoice", "report", "paid"):
            title = {"invoice": "Invoice", "report": "Service report", "paid": "Payment order"}[name]
            page = files.pdf(["Jelken Service", f"{title} No. {number}", f"Total {total}"])
            return [File(f"{title.lower().replace(' ', '-')}-{number}.pdf", "application/pdf", page)]
        return []

    # Letters that nobody answers

    def _head(self, talk: Talk, name: str, address: str) -> list[compose.Header]:
        user = self.company.user
        return compose.head(
            compose.mailbox(name, address),
            compose.mailbox(user.name, user.address),
            subject(self.company, talk),
            self._time(talk, 0),
            message_id(talk, 0, address.rpartition("@")[2]),
        )

    def _newsletter(self, talk: Talk) -> bytes:
        texts = LANGUAGES[talk.language]
        name, host, title, paragraphs = texts.newsletters[talk.choice // 7 % len(texts.newsletters)]
        headers = self._head(talk, name, f"news@{host}.example")
        headers += [
            ("List-Id", f"<news.{host}.example>"),
            ("List-Unsubscribe", f"<https://{host}.example/leave/{talk.id}>"),
            ("Precedence", "bulk"),
        ]
        link = f"https://{host}.example/issue/{talk.id}"
        lines = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        html = (
            f'<html><body style="font-family:sans-serif"><table><tr><td><h1>{title}</h1>{lines}'
            f'<p><a href="{link}">{host}.example</a></p>'
            f'<img src="https://{host}.example/seen.gif" width="1" height="1"></td></tr></table></body></html>'
        )
        text = compose.wrapped("\n\n".join([title, *paragraphs, link]))
        return compose.mixed(headers, text, [], html=html)

    def _junk(self, talk: Talk) -> bytes:
        texts = LANGUAGES[talk.language]
        name, _subject, text = texts.junk[talk.choice // 7 % len(texts.junk)]
        return compose.plain(
            self._head(talk, name, f"offer{talk.id % 90}@lucky-mail.example"), compose.wrapped(text)
        )

    def _auto(self, talk: Talk) -> bytes:
        human = self._firm(talk).people[talk.person]
        headers = self._head(talk, human.name, human.address)
        headers.append(("Auto-Submitted", "auto-replied"))
        text = compose.wrapped(LANGUAGES[talk.language].auto_reply[1])
        return compose.plain(headers, f"{text}\n\n{human.name}\n{human.company}")

    def _bounce(self, talk: Talk) -> bytes:
        address = f"zakaz@{self._firm(talk).host}"
        headers = self._head(talk, "Mail Delivery System", f"mailer-daemon@{OWN_HOST}")
        headers.append(("Auto-Submitted", "auto-replied"))
        original = compose.head(
            self.company.user.address, address, "Catalogue", self._time(talk, 0), f"lost@{OWN_HOST}"
        )
        head = "".join(f"{name}: {value}\r\n" for name, value in original).encode()
        return compose.bounce(headers, compose.wrapped(self.company.texts.bounce), address, head)

    def _invitation(self, talk: Talk) -> bytes:
        human, firm = self._firm(talk).people[talk.person], self._firm(talk)
        texts = LANGUAGES[talk.language]
        begins = datetime.fromtimestamp(talk.times[0] + 9 * DAY, UTC).replace(minute=0, second=0)
        calendar = "\r\n".join(
            (
                "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//jelken//demo//EN", "METHOD:REQUEST", "BEGIN:VEVENT",
                f"UID:visit{talk.id}@{firm.host}", f"DTSTAMP:{begins:%Y%m%dT000000Z}",
                f"DTSTART:{begins:%Y%m%dT%H%M%SZ}", "DURATION:PT2H", f"SUMMARY:{texts.invitation[0]}",
                f"LOCATION:{firm.city}", f"ORGANIZER:mailto:{human.address}",
                f"ATTENDEE;RSVP=TRUE:mailto:{self.company.user.address}", "END:VEVENT", "END:VCALENDAR", "",
            )
        )  # fmt: skip
        text = f"{texts.invitation[1].format(firm=firm.name)}\n\n{human.name}\n{human.company}"
        headers = self._head(talk, human.name, human.address)
        return compose.mixed(headers, compose.wrapped(text), [], calendar=calendar)


def _wire_name(name: str) -> str:
    from imapclient import imap_utf7

    return bytes(imap_utf7.encode(name)).decode("ascii")
