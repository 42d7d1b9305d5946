"""The bodies of letters: newest first, small ones in batches, large ones after them (sync.md §4.3 step 9)."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from typing import Any

from sqlalchemy import Row, bindparam, func, literal_column, or_, select, update

from crm_tui.domain.errors import NetworkTrouble
from crm_tui.parsing.gist import Gist
from crm_tui.parsing.pool import ParserPool
from crm_tui.services.letter import bounces, mail_rule_arrival
from crm_tui.store.bulk import insert_rows
from crm_tui.store.tables import Attachment, Letter, LetterRaw, LetterText, table_of
from crm_tui.store.work import Work
from crm_tui.sync import plan
from crm_tui.sync.content import Body, body_of
from crm_tui.sync.flights import foresee_bodies
from crm_tui.sync.imap import tokens
from crm_tui.sync.imap.conversation import ServerRefused
from crm_tui.sync.imap.responses import as_int
from crm_tui.sync.passing import ACCOUNT, FOLDER, LETTER, PLACEMENT, Pass, chunks, worked_ahead
from crm_tui.sync.pull import keep_out

_RAW = table_of(LetterRaw)
_TEXT = table_of(LetterText)
_ATTACHMENT = table_of(Attachment)
_UTF8 = frozenset({"text"})
_ITEMS = b"(UID BODY.PEEK[])"
_WORTH_COMPRESSING = 100_000
_WORTH_A_CHILD = 8 << 20
_AHEAD = 2
"""Chunks that are being parsed while another is stored: they differ in how long each of both takes."""
_CHUNK_BYTES = 2 << 20
_FEW = 1000
_DAY = 24 * 60 * 60
_BODY_COLUMNS = (
    update(LETTER)
    .where(LETTER.c.id == bindparam("of"))
    .values(
        body_state="full",
        snippet=bindparam("snippet"),
        kind=bindparam("kind"),
        has_attachments=bindparam("has_attachments"),
    )
)
MOST_TRIES = 3
"""After so many empty or broken answers a body counts as not to be had (Exchange does that to some)."""


def pull_bodies(run: Pass) -> None:
    """Fetch what is missing in the folders that are synced in full: all small letters, then the large ones."""
    everything = _missing_rows(run)
    for large in (False, True):
        missing: dict[int, list[Row[Any]]] = defaultdict(list)
        seen: set[int] = set()
        for row in everything:
            if (row.size > plan.SMALL_LETTER) == large and row.letter_id not in seen:
                seen.add(row.letter_id)
                missing[row.srv_folder_id].append(row)
        folders = list(missing.items())
        for start in range(0, len(folders), plan.FLIGHT):
            flight = folders[start : start + plan.FLIGHT]
            foresee_bodies(run, flight, _ITEMS)
            for folder_id, rows in flight:
                _pull_folder(run, folder_id, rows)


def _missing_rows(run: Pass) -> list[Row[Any]]:
    """What is to be fetched; a few letters are looked up by their ids: each pass asks this of the whole mailbox."""
    # Word for word what ``ix_letter_body_missing`` says, or SQLite reads every letter.
    query = select(LETTER.c.id).where(LETTER.c.body_state == literal_column("'none'"))
    letters = [row.id for row in run.rows(query.limit(_FEW + 1))]
    if not letters:
        return []
    wanted = _missing(run.account_id, int(run.store.clock().timestamp()))
    return run.rows(wanted if len(letters) > _FEW else wanted.where(PLACEMENT.c.letter_id.in_(letters)))


def _missing(account_id: int, now: int) -> Any:
    """Letters without a body that are kept here whole: not too large, and not too old for their folder."""
    days = func.coalesce(FOLDER.c.age_limit_days, ACCOUNT.c.age_limit_days)
    return (
        select(
            PLACEMENT.c.id, PLACEMENT.c.letter_id, PLACEMENT.c.srv_folder_id, PLACEMENT.c.srv_uid,
            PLACEMENT.c.tries, LETTER.c.size,
        )
        .join(LETTER, LETTER.c.id == PLACEMENT.c.letter_id)
        .join(FOLDER, FOLDER.c.id == PLACEMENT.c.srv_folder_id)
        .join(ACCOUNT, ACCOUNT.c.id == FOLDER.c.account_id)
        .where(
            or_(ACCOUNT.c.size_limit == 0, LETTER.c.size <= ACCOUNT.c.size_limit),
            or_(days == 0, PLACEMENT.c.date_key >= now - days * _DAY),
            FOLDER.c.account_id == account_id, FOLDER.c.sync_mode == "full", ~FOLDER.c.hidden,
            PLACEMENT.c.srv_uid.is_not(None), ~PLACEMENT.c.deleted, LETTER.c.body_state == "none",
        )
        .order_by(FOLDER.c.role != "inbox", PLACEMENT.c.srv_folder_id, PLACEMENT.c.date_key.desc())
    )  # fmt: skip


def _pull_folder(run: Pass, folder_id: int, rows: list[Row[Any]]) -> None:
    """One folder's bodies; a letter that broke a batch before is fetched alone, and given up in the end."""
    giving_up = [row for row in rows if row.tries >= MOST_TRIES or row.size > plan.LARGEST_LETTER]
    if giving_up:
        with run.arrivals("bodies") as work:
            letters = [row.letter_id for row in giving_up]
            _set_letters(work, letters, body_state="unfetchable")
            mail_rule_arrival.bodies_came(work, letters)
    folder = run.folder(folder_id)
    if not _is_open(run, folder):
        return
    waiting = {row.srv_uid: row for row in rows if row not in giving_up}
    good = plan.body_batches((row.srv_uid, row.size) for row in waiting.values() if not row.tries)
    alone = [[(row.srv_uid, row.size)] for row in waiting.values() if row.tries]
    total = len(waiting)
    if sum(row.size for row in waiting.values()) > _WORTH_COMPRESSING:
        run.session.compress()
    run.tell("bodies", folder.name, 0, total)
    for batches, depth in ((good, 2), (alone, 1)):
        for bodies in _fetched(run, batches, depth, waiting):
            with run.arrivals("bodies") as work:
                _keep(work, bodies)
            run.counts.bodies += len(bodies)
            run.counts.unreadable += sum(body.kind == "unreadable" for body in bodies.values())
            run.tell("bodies", folder.name, total - len(waiting), total)
    _count_try(run, waiting.values())


def _is_open(run: Pass, folder: Row[Any]) -> bool:
    """Open the folder; False where that is refused, or its UIDs are not those we know."""
    if run.session.selected == run.wire_name(folder.id):
        return True
    try:
        return folder.id not in run.shut and run.open(folder.id).uidvalidity == folder.uidvalidity
    except ServerRefused as refused:
        keep_out(run, folder.id, refused)
        return False


def _fetched(
    run: Pass,
    batches: list[list[tuple[int, int]]],
    depth: int,
    waiting: dict[int, Row[Any]],
) -> Iterator[dict[int, Body]]:
    """Parsed bodies by letter id, as they come; each is taken off ``waiting``."""
    asked = [(tokens.compact(uid for uid, _ in batch), sum(size for _, size in batch)) for batch in batches]
    answers = run.session.fetch_batches(asked, _ITEMS, depth)
    many = sum(row.size for row in waiting.values()) >= _WORTH_A_CHILD
    try:
        yield from _parsed(
            _raws(chunks(answers, plan.BODY_BATCH_LETTERS, _CHUNK_BYTES), waiting), run.parser, ahead=many
        )
    except NetworkTrouble as trouble:
        if trouble.code == "too_large":
            _count_try(run, _next_of(batches, depth, waiting))
        raise


def _raws(
    answers: Iterator[list[dict[bytes, object]]], waiting: dict[int, Row[Any]]
) -> Iterator[dict[int, bytes]]:
    """What was fetched, by letter id; each is taken off ``waiting``."""
    for chunk in answers:
        raws: dict[int, bytes] = {}
        for each in chunk:
            raw, row = each.get(b"BODY"), waiting.get(as_int(each[b"UID"]))
            if row is not None and isinstance(raw, bytes):
                raws[row.letter_id] = raw
                del waiting[row.srv_uid]
        yield raws


def _parsed(
    raws: Iterator[dict[int, bytes]], parser: ParserPool, *, ahead: bool
) -> Iterator[dict[int, Body]]:
    """Bodies by letter id. ``ahead``: while a child parses some, those before are stored and others fetched."""

    def begin(some: dict[int, bytes]) -> Callable[[], list[Gist | None]]:
        return parser.begin(list(some.values())) if ahead else lambda: [None] * len(some)

    def weigh(some: dict[int, bytes]) -> int:
        return sum(map(len, some.values()))

    for some, gists in worked_ahead(raws, begin, _AHEAD if ahead else 0, weigh):
        yield {
            letter_id: body_of(raw, parser.parse, gist)
            for (letter_id, raw), gist in zip(some.items(), gists, strict=True)
        }


def _next_of(
    batches: list[list[tuple[int, int]]], depth: int, waiting: dict[int, Row[Any]]
) -> list[Row[Any]]:
    """The letters that were being fetched: one of them is the cause of a broken answer."""
    left = [[waiting[uid] for uid, _ in batch if uid in waiting] for batch in batches]
    return [row for batch in [batch for batch in left if batch][:depth] for row in batch]


def keep_body(work: Work, letter_id: int, body: Body) -> None:
    """Store the body of a letter that did not come from a server, such as one just sent."""
    _keep(work, {letter_id: body})


def _keep(work: Work, bodies: dict[int, Body]) -> None:
    there = set(work.connection.scalars(select(_RAW.c.letter_id).where(_RAW.c.letter_id.in_(bodies))))
    fresh = {letter_id: body for letter_id, body in bodies.items() if letter_id not in there}
    if not fresh:
        return
    insert_rows(work.connection, _RAW, [{"letter_id": one, "raw": body.raw} for one, body in fresh.items()])
    insert_rows(
        work.connection,
        _TEXT,
        [{"letter_id": one, "text": body.text} for one, body in fresh.items()],
        utf8=_UTF8,
    )
    attached = [
        {"letter_id": letter_id, **row} for letter_id, body in fresh.items() for row in body.attachments
    ]
    insert_rows(work.connection, _ATTACHMENT, attached)
    work.connection.execute(
        _BODY_COLUMNS,
        [
            {
                "of": letter_id,
                "snippet": body.snippet,
                "kind": body.kind,
                "has_attachments": body.has_attachments,
            }
            for letter_id, body in fresh.items()
        ],
    )
    work.touch(Letter, fresh)
    work.index_as({letter_id: body.words for letter_id, body in fresh.items() if body.words is not None})
    for letter_id, body in fresh.items():
        if body.report is not None:
            bounces.arrived(work, letter_id, body.report)
    mail_rule_arrival.bodies_came(work, list(fresh))


def _set_letters(work: Work, ids: list[int], **values: object) -> None:
    work.connection.execute(update(LETTER).where(LETTER.c.id.in_(ids)).values(**values))
    work.touch(Letter, ids)


def _count_try(run: Pass, rows: Collection[Row[Any]]) -> None:
    if rows:
        with run.arrivals("bodies") as work:
            ids = [row.id for row in rows]
            work.connection.execute(
                update(PLACEMENT).where(PLACEMENT.c.id.in_(ids)).values(tries=PLACEMENT.c.tries + 1)
            )
