"""From the server, phase 2: which letters are new, and their headers, the newest first (design/sync.md §4.3 step 5).

What becomes of each is for `sync.arrive`.
"""

from collections.abc import Iterator

from sqlalchemy import select

from crm_tui.domain.errors import NetworkTrouble
from crm_tui.parsing.heads import Head
from crm_tui.sync import gmail, plan
from crm_tui.sync.arrive import Arrivals, Fetched, block_of
from crm_tui.sync.content import HEADER_FIELDS
from crm_tui.sync.imap import tokens
from crm_tui.sync.passing import PLACEMENT, Pass, chunks, worked_ahead
from crm_tui.sync.pull import NewLetters, set_folder

_ITEMS = b"(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (%s)])" % HEADER_FIELDS
_HEADER_BYTES = 4096
_WORTH_A_CHILD = 1000
_AHEAD = 2
"""Lists of headers that are being read while those before are stored."""
_WORTH_COMPRESSING = 50
"""Headers of so many letters are worth the turn that it takes to begin compressing."""


def pull_new(run: Pass, news: NewLetters) -> None:
    """Bring the headers of new letters; the watermark is stored last, so that a pass cut short starts over."""
    name = run.wire_name(news.folder_id)
    if run.session.selected != name and run.open(news.folder_id).uidvalidity != news.uidvalidity:
        raise NetworkTrouble("uidvalidity_changed")
    label = run.folder(news.folder_id).name
    uids = wanted(run, news)
    mine = frozenset(uids)
    many = len(uids) >= _WORTH_A_CHILD
    if many:
        run.parser.begin_heads([])  # it starts while the first letters are on their way
    if len(uids) > _WORTH_COMPRESSING:
        run.session.compress()
    run.tell("headers", label, 0, len(uids))
    answers = run.session.fetch_batches(asked_for(uids), items(run))
    fetched = (
        [each for each in some if b"RFC822.SIZE" in each and b"FLAGS" in each and each[b"UID"] in mine]
        for some in chunks(answers, plan.HEADERS_AT_ONCE, first=plan.FIRST_BATCH)
    )
    done = 0
    for whole, heads in _heads(run, fetched, ahead=many):
        with run.arrivals("headers") as work:
            Arrivals(run, work, news).take(whole, heads)
        done += len(whole)
        run.tell("headers", label, done, len(uids))
    with run.arrivals("watermark") as work:
        set_folder(work, news.folder_id, uidnext=news.uidnext)


def _heads(
    run: Pass, fetched: Iterator[list[Fetched]], *, ahead: bool
) -> Iterator[tuple[list[Fetched], list[Head | None]]]:
    """What was fetched, with what is read of it ``ahead``, in a second process. Nothing is of the first letters: a
    person waits for them."""
    if first := next(fetched, []):
        yield first, [None] * len(first)
    if ahead:
        yield from worked_ahead(
            fetched, lambda some: run.parser.begin_heads([*map(block_of, some)]), _AHEAD, lambda some: 0
        )
    for some in fetched:
        yield some, [None] * len(some)


def items(run: Pass) -> bytes:
    """What is fetched of a new letter."""
    return _ITEMS.replace(b"(UID", b"(UID %s" % gmail.MSGID) if gmail.speaks(run.session) else _ITEMS


def asked_for(uids: list[int]) -> list[tuple[bytes, int]]:
    """Sets of UIDs to fetch, each with the bytes to expect."""
    return [
        (piece, _HEADER_BYTES * plan.BATCH)
        for batch in plan.newest_first(uids)
        for piece in tokens.split_set(tokens.compact(batch))
    ]


def wanted(run: Pass, news: NewLetters) -> list[int]:
    """UIDs that may be new letters; where they can only be few it is not asked first which of them there are."""
    known = select(PLACEMENT.c.srv_uid).where(
        PLACEMENT.c.srv_folder_id == news.folder_id, PLACEMENT.c.srv_uid.is_not(None)
    )
    if news.only is not None:
        uids = sorted(news.only)
    elif news.uidnext - news.first <= plan.FIRST_BATCH:
        uids = list(range(news.first, news.uidnext))
    else:
        span = b"%d:%d" % (news.first, news.uidnext - 1)
        uids = [uid for uid in sorted(run.session.all_uids(span)) if news.first <= uid < news.uidnext]
    if news.only is None:
        known = known.where(PLACEMENT.c.srv_uid >= news.first)
    there_already = {row.srv_uid for row in run.rows(known)}  # their flags were merged in phase 1
    return [uid for uid in uids if uid not in there_already]
