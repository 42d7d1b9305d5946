"""Many letters put straight into a store, for the other benchmarks; made by us, the same every time.

Usage: python -m benchmarks.letters FOLDER 100000
"""

import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from crm_tui.domain.letter.flags import Flag
from crm_tui.domain.text import fold
from crm_tui.store.engine import Store
from crm_tui.store.tables import Folder, Letter, LetterText, MailAccount, Placement, table_of
from crm_tui.store.work import Actor

NEWEST = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)
FOLDERS = (("INBOX", "inbox", 0.7), ("Sent", "sent", 0.2), ("Archive", "archive", 0.1))
BATCH = 5_000
_WORDS = {
    "ru": "договор поставка счёт оплата клиент встреча предложение согласование отчёт продажи проект заявка склад "
    "логистика бухгалтерия акт сверка скидка тендер контракт оборудование доставка срок подпись реквизиты "
    "изменение график совещание презентация директор менеджер отдел закупки партия товар возврат претензия "
    "гарантия обслуживание документы приложение квартал бюджет план насос задвижка труба фланец прокладка",
    "en": "contract delivery invoice payment client meeting proposal approval report sales project request "
    "warehouse logistics accounting reconciliation discount tender agreement equipment shipping deadline "
    "signature details change schedule call presentation director manager department purchasing batch goods "
    "return claim warranty service documents attachment quarter budget plan pump valve pipe flange gasket",
}
_NAMES = {
    "ru": [
        "Алексей",
        "Мария",
        "Иван",
        "Ольга",
        "Пётр",
        "Семёнов",
        "Иванова",
        "Кузнецов",
        "Ахметов",
        "Сидорова",
    ],
    "en": ["James", "Mary", "John", "Linda", "Robert", "Smith", "Jones", "Garcia", "Miller", "Davis"],
}


def fill(path: Path, number: int) -> Store:
    """A store with so many letters in three folders, indexed; the one that is there when it has them already."""
    store = Store(path)
    with store.read() as connection:
        there = connection.exec_driver_sql("SELECT count(*) FROM letter").scalar_one()
    if there >= number:
        return store
    with store.work(Actor.program("benchmark"), "prepare") as work:
        account = work.add(
            MailAccount(name="work", address="me@example.org", imap_host="localhost", imap_user="me")
        )
        folders = [
            work.add(Folder(account_id=account.key, name=name, srv_name=name, role=role)).key
            for name, role, _ in FOLDERS
        ]
    letters = _letters(number, folders)
    for start in range(0, number, BATCH):
        batch = [row for _, row in zip(range(min(BATCH, number - start)), letters, strict=False)]
        with store.arrivals("fill") as work:
            work.connection.execute(insert(table_of(Letter)), [letter for letter, _, _ in batch])
            work.connection.execute(insert(table_of(LetterText)), [text for _, text, _ in batch])
            work.connection.execute(insert(table_of(Placement)), [place for _, _, place in batch])
            work.touch(Letter, [letter["id"] for letter, _, _ in batch])
    return store


def _letters(
    number: int, folders: list[int]
) -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
    """Rows of a letter, its text and its place; newest first, as a sync brings them."""
    chance = random.Random(7)
    words = {language: text.split() for language, text in _WORDS.items()}
    rare = [f"{prefix}{number}" for prefix in ("ОБ-", "PO", "инв") for number in range(3000)]
    people = [
        (" ".join(chance.choices(_NAMES[language], k=2)), f"user{number}@firm{number % 400}.example.com")
        for number, language in enumerate(chance.choices(["ru", "en"], k=3000))
    ]
    step = timedelta(days=8 * 365) / number
    for letter_id in range(1, number + 1):
        date = NEWEST - step * letter_id
        language = "ru" if chance.random() < 0.6 else "en"
        name, address = people[int(chance.paretovariate(1.1) * 3) % 3000]
        subject = " ".join(chance.choices(words[language], k=chance.randint(2, 6))).capitalize()
        body = " ".join(
            [*chance.choices(words[language], k=chance.randint(20, 150)), *chance.choices(rare, k=2)]
        )
        flags = (Flag.SEEN if chance.random() > 0.15 else 0) | (Flag.FLAGGED if chance.random() < 0.03 else 0)
        (folder_id,) = chance.choices(folders, [weight for _, _, weight in FOLDERS])
        letter = {
            "id": letter_id,
            "identity": str(letter_id),
            "size": 5000,
            "message_id": f"<{letter_id}@example.com>",
            "in_reply_to": "",
            "references": "",
            "thread_key": str(letter_id),
            "subject": subject,
            "sender_name": name,
            "sender_address": address,
            "recipients": {"to": [["Me", "me@example.org"]]},
            "date": date,
            "kind": "letter",
            "snippet": body[:200],
            "has_attachments": chance.random() < 0.2,
            "body_state": "none",
        }
        place = {
            "letter_id": letter_id,
            "folder_id": folder_id,
            "flags": int(flags),
            "unread": not flags & Flag.SEEN,
            "date_key": int(date.timestamp()),
            "sender_key": fold(name),
            "subject_key": fold(subject),
            "srv_folder_id": folder_id,
            "srv_uid": number - letter_id + 1,
            "srv_flags": int(flags),
            "keywords": [],
            "srv_keywords": [],
            "version": 1,
            "deleted": False,
            "modseq": 0,
            "flags_inflight": 0,
            "limbo": 0,
            "born": 0,
            "tries": 0,
            "error": "",
        }
        yield letter, {"letter_id": letter_id, "text": body}, place


if __name__ == "__main__":
    fill(Path(sys.argv[1]) / "crm.db", int(sys.argv[2])).close()
