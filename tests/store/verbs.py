"""Commands made at random over tables of every kind of column: bytes, JSON, NULL, wall times, instants."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import Connection, select

from crm_tui.store.images import Image, images_of, raw_table
from crm_tui.store.tables import (
    ContactInfo,
    Customer,
    Event,
    JournalRow,
    MailAccount,
    Outbox,
    Setting,
    Task,
    User,
    table_of,
)
from crm_tui.store.tables.base import Record
from crm_tui.store.work import Work

MODELS: tuple[type[Record], ...] = (Customer, Task, ContactInfo, Setting, Outbox, Event)
WORDS = ["договор", "pump", "счёт", "насос", "meeting"]


@dataclass(frozen=True)
class Step:
    """One write of a command; ``which`` picks a row by its place among those that are there."""

    verb: str
    model: int = 0
    which: int = 0
    text: str = ""
    data: bytes = b""
    json: Any = None
    wall: datetime = datetime(2026, 11, 19, 10, 0)  # noqa: DTZ001 - a wall time


STEPS = st.lists(
    st.builds(
        Step,
        verb=st.sampled_from(
            ["add", "add", "change", "change", "change_many", "remove", "remove_many", "settle"]
        ),
        model=st.integers(0, len(MODELS) - 1),
        which=st.integers(0, 20),
        text=st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
        | st.sampled_from(["base64:", "base64:text:x", "\x00"]),
        data=st.binary(max_size=12),
        json=st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
            ),
            max_leaves=5,
        ),
        wall=st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1)),  # noqa: DTZ001 - wall times
    ),
    min_size=1,
    max_size=4,
)


def random_steps(chance: random.Random) -> list[Step]:
    """Steps for programs that run without hypothesis."""
    return [
        Step(
            verb=chance.choice(["add", "add", "add", "change", "change", "change_many", "remove"]),
            model=chance.randrange(len(MODELS)),
            which=chance.randrange(50),
            text=" ".join(chance.choices(WORDS, k=2)) + str(chance.random()),
            data=chance.randbytes(chance.choice([3, 300, 20_000])),
            json={"n": chance.random()},
        )
        for _ in range(chance.randint(1, 4))
    ]


def prepare(work: Work) -> None:
    """The rows that others refer to."""
    work.add(User(login="me", name="Me"))
    work.add(MailAccount(name="me", address="me@example.org", imap_host="localhost", imap_user="me"))


def take(work: Work, step: Step) -> None:
    """Do the step; one that finds no row does nothing."""
    model = MODELS[step.model]
    if step.verb == "add":
        work.add(_new(work, model, step))
        return
    there = work.all(model)
    if not there:
        return
    row = there[step.which % len(there)]
    several = [one.key for one in there[step.which % len(there) :][:3]]
    match step.verb:
        case "change":
            work.change(row, **_values(model, step))
        case "change_many":
            work.change_many(model, several, **_values(model, step))
        case "remove":
            _forget_infos(work, model, [row.key])
            work.remove(row)
        case "remove_many":
            _forget_infos(work, model, several)
            work.remove_many(model, several)
        case "settle":
            work.settle()


def _forget_infos(work: Work, model: type[Record], ids: list[int]) -> None:
    if model is Customer:
        for owner_id in ids:
            work.remove_many(ContactInfo, [info.key for info in work.all(ContactInfo, owner_id=owner_id)])


def snapshot(connection: Connection) -> dict[tuple[str, int], Image]:
    """Every row of the tables that the steps write, as stored."""
    return {
        (name, row_id): image
        for name in _names()
        for row_id, image in images_of(connection, name, _ids(connection, name)).items()
    }


def by_journal(connection: Connection) -> dict[tuple[str, int], Image]:
    """What the rows must be if the journal is true."""
    row = table_of(JournalRow)
    last: dict[tuple[str, int], Image | None] = {}
    query = select(row.c.table_name, row.c.row_id, row.c.after).where(row.c.table_name.in_(list(_names())))
    for name, row_id, after in connection.execute(query.order_by(row.c.id)):
        last[name, row_id] = after
    return {key: image for key, image in last.items() if image is not None}


def _names() -> Iterator[str]:
    return (table_of(model).name for model in MODELS)


def _ids(connection: Connection, name: str) -> list[int]:
    return list(connection.execute(select(raw_table(name).c.id)).scalars())


def _new(work: Work, model: type[Record], step: Step) -> Record:
    now = work.now
    if model is Customer:
        return Customer(name=step.text, name_fold="", owner_id=1, created_at=now, changed_at=now)
    if model is Task:
        customers = work.all(Customer)
        customer = customers[step.which % len(customers)].key if customers else None
        return Task(
            title=step.text,
            title_fold="",
            assignee_id=1,
            customer_id=customer,
            due_at=now if step.json else None,
            created_at=now,
            changed_at=now,
        )
    if model is ContactInfo:
        owner = work.add(Customer(name=step.text, name_fold="", created_at=now, changed_at=now))
        return ContactInfo(
            owner_kind="customer", owner_id=owner.key, kind="email", value=step.text, normal=""
        )
    if model is Setting:
        return Setting(user_id=1, name=step.text, value=step.json)
    if model is Outbox:
        return Outbox(
            account_id=1,
            message_id=f"<{step.text}>",
            raw=step.data,
            envelope_from="",
            recipients=[step.json],
            next_try_at=now,
            created_at=now,
        )
    return Event(
        uid=step.text,
        summary=step.text,
        dtstart=step.wall,
        dtend=step.wall,
        zone="Asia/Almaty",
        recurrence_id=step.wall if step.json else None,
        starts_at=now,
        created_at=now,
        changed_at=now,
    )


def _values(model: type[Record], step: Step) -> dict[str, Any]:
    if model is Customer:
        return {"notes": step.text, "city": "" if step.json else step.text}
    if model is Task:
        return {"notes": step.text, "priority": step.which}
    if model is ContactInfo:
        return {"value": step.text, "for_mailing": bool(step.json)}
    if model is Setting:
        return {"value": step.json}
    if model is Outbox:
        return {"raw": step.data, "recipients": [step.json], "dedupe_key": None}
    return {
        "dtstart": step.wall,
        "recurrence_id": step.wall if step.which % 2 else None,
        "exdates": [step.text],
    }
