"""Keywords of letters to the server: what is desired there, where the folder keeps keywords (RFC 9051 section 2.3.2).

A folder that keeps no new ones (PERMANENTFLAGS without ``\\*``) is told those it names; the others stay here.
"""

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import Row, select, update

from crm_tui.store.tables import Placement
from crm_tui.store.work import Work
from crm_tui.sync import plan
from crm_tui.sync.imap import tokens
from crm_tui.sync.imap.responses import Selected
from crm_tui.sync.passing import PLACEMENT, Pass


def push_keywords(run: Pass, selected: Selected, rows: list[Row[Any]]) -> None:
    """STORE what differs in the open folder, one command a keyword; idempotent, but its echo must be known."""
    groups: dict[tuple[bytes, str], list[Row[Any]]] = defaultdict(list)
    changed = [row for row in rows if not row.deleted and row.keywords != row.srv_keywords]
    for row in changed:
        add, remove = plan.pending_words(row.srv_keywords, row.keywords)
        for sign, words in ((b"+", add), (b"-", remove)):
            for word in filter(selected.keeps, words):
                groups[sign, word].append(row)
    for (sign, word), members in groups.items():
        ids = [row.id for row in members]
        with run.facts("keywords_begin") as work:
            _write(work, ids, partial(_begun, word))
        run.session.store(tokens.compact(row.srv_uid for row in members), sign, [word.encode()])
        with run.facts("keywords_done") as work:
            _write(work, ids, partial(_stored, sign, word))
        run.counts.pushed += len(ids)
    if changed:
        with run.facts("keywords_kept") as work:
            _write(work, [row.id for row in changed], partial(_kept_here, selected))


def _begun(word: str, row: Row[Any]) -> dict[str, Any]:
    return {"keywords_inflight": [*(row.keywords_inflight or ()), word]}


def _stored(sign: bytes, word: str, row: Row[Any]) -> dict[str, Any]:
    others = {one for one in row.srv_keywords if one.casefold() != word.casefold()}
    busy = [one for one in row.keywords_inflight or () if one != word]
    known = others | {word} if sign == b"+" else others
    return {"srv_keywords": sorted(known), "keywords_inflight": busy or None}


def _kept_here(selected: Selected, row: Row[Any]) -> dict[str, Any]:
    """What the folder cannot keep counts as known there: there is nothing left to send."""
    local = {one for one in row.keywords if not selected.keeps(one)}
    there = {one for one in row.srv_keywords if selected.keeps(one)}
    return {"keywords": sorted(row.keywords), "srv_keywords": sorted(there | local)}


def _write(work: Work, ids: list[int], values: Callable[[Row[Any]], dict[str, Any]]) -> None:
    for start in range(0, len(ids), 500):
        query = select(PLACEMENT).where(PLACEMENT.c.id.in_(ids[start : start + 500]))
        for row in work.connection.execute(query).all():
            work.connection.execute(
                update(PLACEMENT)
                .where(PLACEMENT.c.id == row.id)
                .values(version=PLACEMENT.c.version + 1, **values(row))
            )
    work.touch(Placement, ids)
