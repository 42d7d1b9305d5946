"""Letters with new UIDs on their way into the store, headers first (design/sync.md §4.3 step 5).

A new UID may be an old letter: the outcome of our own move or append, or of somebody else's move. Then its row
is kept, with what hangs on it, and nothing is downloaded.
"""

from datetime import UTC
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, insert, or_, select, union, update

from crm_tui.domain.letter.flags import Flag
from crm_tui.parsing.heads import Head
from crm_tui.services.letter import mail_rule_arrival, replies, threads
from crm_tui.store.bulk import fresh_ids, insert_rows
from crm_tui.store.documents import head_of
from crm_tui.store.tables import Letter, Placement
from crm_tui.store.work import Work
from crm_tui.sync import gmail, plan, sent_copies
from crm_tui.sync.content import internal_date, letter_row, sort_keys
from crm_tui.sync.imap import tokens
from crm_tui.sync.imap.responses import as_int
from crm_tui.sync.passing import FOLDER, LETTER, PLACEMENT, RACED, RIVAL, TOMB, Pass
from crm_tui.sync.pull import NewLetters, merge_flags

NO_INTENT: dict[str, Any] = {"intent": None, "intent_folder_id": None}
Fetched = dict[bytes, object]


class Arrivals:
    """One batch of fetched headers on its way into the store, in one transaction."""

    def __init__(self, run: Pass, work: Work, news: NewLetters) -> None:
        self.run = run
        self.work = work
        self.news = news

    def take(self, fetched: list[Fetched], heads: list[Head | None]) -> None:
        """Merge, adopt or insert each letter; ``heads``: what was read of them already."""
        by_uid = {as_int(each[b"UID"]): each for each in fetched}
        read = {as_int(each[b"UID"]): head for each, head in zip(fetched, heads, strict=True)}
        known = self._known(list(by_uid))
        merged = {known[uid]: tokens.words(each[b"FLAGS"]) for uid, each in by_uid.items() if uid in known}
        self.run.counts.changed += merge_flags(self.work, merged, lasting=self.news.lasting)
        buried = self._buried()
        rows = {
            uid: self._row(each, read[uid])
            for uid, each in by_uid.items()
            if uid not in known and uid not in buried
        }
        letters = self._letters(list(rows.values()))
        waiting = self._waiting(set(letters.values()))
        places: list[dict[str, Any]] = []
        raced = self._raced(waiting)
        for uid, row in rows.items():
            letter_id = letters[row["identity"], row["size"]]
            found = self._claim(waiting, letter_id, row["message_id"], uid)
            if found is not None:
                self._adopt(found, uid, tokens.words(by_uid[uid][b"FLAGS"]))
            else:
                place = self._place(letter_id, row, uid, by_uid[uid])
                rival = {"intent": RIVAL, "intent_folder_id": self.news.folder_id}
                places.append(place | (rival if letter_id in raced else NO_INTENT))
        self.run.counts.new += len(places)
        if places:
            made = fresh_ids(self.work.connection, PLACEMENT, len(places))
            rows_made = [{"id": key} | place for key, place in zip(made, places, strict=True)]
            insert_rows(self.work.connection, PLACEMENT, rows_made)
            self.work.touch(Placement, made)
            self.run.came += made
            replies.arrived(self.work, self.news.folder_id, made)
            mail_rule_arrival.arrived(self.work, self.news.folder_id, made)

    def _known(self, uids: list[int]) -> dict[int, int]:
        query = select(PLACEMENT.c.srv_uid, PLACEMENT.c.id).where(
            PLACEMENT.c.srv_folder_id == self.news.folder_id, PLACEMENT.c.srv_uid.in_(uids)
        )
        return {row.srv_uid: row.id for row in self.work.connection.execute(query)}

    def _buried(self) -> set[int]:
        news = self.news
        query = select(TOMB.c.uid).where(
            TOMB.c.folder_id == news.folder_id, TOMB.c.uidvalidity == news.uidvalidity
        )
        return set(self.work.connection.scalars(query))

    def _row(self, each: Fetched, head: Head | None) -> dict[str, Any]:
        arrived = _came(each.get(b"INTERNALDATE")) or self.work.now.astimezone(UTC)
        row = letter_row(block_of(each), tokens.number(each[b"RFC822.SIZE"]), arrived, head)
        return row | {"gm_msgid": tokens.number(each[gmail.MSGID]) if gmail.MSGID in each else None}

    def _letters(self, rows: list[dict[str, Any]]) -> dict[tuple[str, int], int]:
        """Ids of the letters by (identity, size): content that is here already is not stored twice."""
        wanted = {(row["identity"], row["size"]): row for row in rows}
        query = select(LETTER.c.id, LETTER.c.identity, LETTER.c.size).where(
            LETTER.c.identity.in_({key for key, _ in wanted})
        )
        found = {(row.identity, row.size): int(row.id) for row in self.work.connection.execute(query)}
        found |= gmail.same_letters(self.work, wanted, found)
        ours = sent_copies.own_letters(self.work, {key for key, _ in wanted.keys() - found.keys()})
        found.update({key: ours[key[0]] for key in wanted.keys() - found.keys() if key[0] in ours})
        fresh = [row for key, row in wanted.items() if key not in found]
        if fresh:
            threads.join(self.work, fresh)
            ids = fresh_ids(self.work.connection, LETTER, len(fresh))
            made = [{"id": letter_id} | row for letter_id, row in zip(ids, fresh, strict=True)]
            insert_rows(self.work.connection, LETTER, made)
            found.update({(row["identity"], row["size"]): row["id"] for row in made})
            self.work.touch(Letter, ids)
            self.work.index_as(heads=[head_of(row["id"], row) for row in made])
        return found

    def _waiting(self, letter_ids: set[int]) -> list[Row[Any]]:
        """Rows of the account that wait for a place: of our own appends and moves first, then limbo."""
        waits = or_(PLACEMENT.c.intent.is_not(None), (PLACEMENT.c.limbo > 0) & PLACEMENT.c.srv_uid.is_(None))
        # Each by its index: with OR between them SQLite reads every placement of the account.
        of_these = select(PLACEMENT.c.id).where(PLACEMENT.c.letter_id.in_(letter_ids))
        appended = select(PLACEMENT.c.id).where(PLACEMENT.c.intent == "append")
        query = (
            select(PLACEMENT, LETTER.c.message_id)
            .join(LETTER, LETTER.c.id == PLACEMENT.c.letter_id)
            .join(FOLDER, FOLDER.c.id == PLACEMENT.c.folder_id)
            .where(FOLDER.c.account_id == self.run.account_id)
            .where(or_(waits, sent_copies.not_yet_uploaded(self.news.folder_id)))
            .where(PLACEMENT.c.id.in_(union(of_these, appended)))
            .order_by(PLACEMENT.c.intent.is_(None), PLACEMENT.c.id)
        )
        return list(self.work.connection.execute(query))

    def _claim(self, waiting: list[Row[Any]], letter_id: int, message_id: str, uid: int) -> Row[Any] | None:
        """Take the row whose letter this is from those that wait: the surest, and one to be deleted last."""
        sure = [self._sureness(row, letter_id, message_id, uid) for row in waiting]
        if not any(sure):
            return None
        return waiting.pop(max(range(len(sure)), key=lambda at: (sure[at], not waiting[at].deleted, -at)))

    def _sureness(self, row: Row[Any], letter_id: int, message_id: str, uid: int) -> int:
        """How surely the letter is this row's: 0 when it is not.

        A server may render what we append anew: then the Message-ID, which we gave, tells. What vanished elsewhere
        comes before a copy that was never uploaded: what is wanted of the one is not done to the other.
        """
        same = row.letter_id == letter_id
        if row.intent in (None, RACED, RIVAL):
            return (2 if row.limbo else 1) if same and row.srv_uid is None else 0
        if not same and not (row.intent == "append" and message_id and row.message_id == message_id):
            return 0
        if self._meant_here(row, uid):
            return 3
        return 1 if row.intent == "append" and not self._lies_elsewhere(row) else 0

    def _meant_here(self, row: Row[Any], uid: int) -> bool:
        """Whether our own command, whose answer was lost, would have put it just here."""
        target = (
            row.intent_folder_id == self.news.folder_id and row.intent_uidvalidity == self.news.uidvalidity
        )
        return bool(target and uid >= row.intent_uidnext and not self._was_not_moved(row))

    def _was_not_moved(self, row: Row[Any]) -> bool:
        """Whether our MOVE surely never ran: it leaves nothing behind (RFC 6851 section 3.3), and there it lies."""
        if row.intent != "move" or row.srv_uid is None or not self.run.session.has("MOVE"):
            return False
        source = self.run.folder(row.srv_folder_id)
        return source.id not in self.run.shut and source.sync_mode != "none"

    def _lies_elsewhere(self, row: Row[Any]) -> bool:
        """Whether the account has the letter more than once: what turns up may be a copy or a move of another one."""
        query = select(PLACEMENT.c.id).where(
            PLACEMENT.c.letter_id == row.letter_id,
            PLACEMENT.c.id != row.id,
            PLACEMENT.c.srv_folder_id.is_not(None),
        )
        return self.work.connection.scalar(query.limit(1)) is not None

    def _raced(self, waiting: list[Row[Any]]) -> set[int]:
        """Letters that we copied, or may have, while somebody took the source away: it may turn up elsewhere."""
        if self.run.session.has("MOVE"):
            return set()
        lost = [row for row in waiting if row.intent == "move" and row.srv_uid is None]
        return {row.letter_id for row in [*lost, *(row for row in waiting if row.intent == RACED)]}

    def _adopt(self, row: Row[Any], uid: int, flags: list[bytes]) -> None:
        """Give a waiting row its new place; changes that are not sent yet stay pending."""
        racing = row.intent in (RACED, RIVAL)
        race = {"intent": row.intent, "intent_folder_id": self.news.folder_id} if racing else NO_INTENT
        if row.intent == "move" and row.srv_uid is not None:  # copied; its source may be there still
            bury(self.work, row.srv_folder_id, [row.srv_uid])
        elif row.intent == "move" and not self.run.session.has("MOVE"):
            race = {"intent": RACED, "intent_folder_id": self.news.folder_id}
        server = plan.bits(flags)
        desired = plan.merge(row.srv_flags, row.flags, server, row.flags_inflight)
        words, known = plan.merge_words(
            row.srv_keywords, row.keywords, plan.keywords(flags), row.keywords_inflight or (),
            lasting=self.news.lasting,
        )  # fmt: skip
        moving = row.srv_folder_id is not None and row.folder_id != row.srv_folder_id
        own = not row.limbo and row.intent in (
            None,
            "append",
        )  # no letter that vanished elsewhere lives on in it
        self.work.connection.execute(
            update(PLACEMENT)
            .where(PLACEMENT.c.id == row.id)
            .values(
                srv_folder_id=self.news.folder_id,
                srv_uid=uid,
                srv_flags=server,
                flags=desired,
                keywords=words,
                srv_keywords=known,
                unread=not desired & Flag.SEEN,
                folder_id=row.folder_id if moving or (row.intent and not racing) else self.news.folder_id,
                **race,
                limbo=0,
                flags_inflight=0,
                keywords_inflight=None,
                born=row.born if own else self.run.number,
                version=PLACEMENT.c.version + 1,
            )
        )
        self.work.touch(Placement, [row.id])

    def _place(self, letter_id: int, row: dict[str, Any], uid: int, each: Fetched) -> dict[str, Any]:
        flags = tokens.words(each[b"FLAGS"])
        mask, words = plan.bits(flags), plan.keywords(flags)
        return {
            "version": 1,
            "letter_id": letter_id,
            "folder_id": self.news.folder_id,
            "flags": mask,
            "unread": not mask & Flag.SEEN,
            "keywords": words,
            "deleted": False,
            **sort_keys(row),
            "srv_folder_id": self.news.folder_id,
            "srv_uid": uid,
            "srv_flags": mask,
            "srv_keywords": words,
            "modseq": 0,
            "internaldate": _came(each.get(b"INTERNALDATE")),
            "flags_inflight": 0,
            "limbo": 0,
            "born": self.run.number,
            "tries": 0,
            "error": "",
        }


_came = lru_cache(maxsize=1024)(internal_date)
"""INTERNALDATE is asked for twice of each letter, and many came at once."""


def block_of(each: Fetched) -> bytes:
    """The header block that was fetched; empty where the server sent none."""
    block = each.get(b"BODY")
    return block if isinstance(block, bytes) else b""


def bury(work: Work, folder_id: int, uids: list[int]) -> None:
    """Remember server places that must be emptied: what they held has been copied elsewhere."""
    uidvalidity = work.connection.scalar(select(FOLDER.c.uidvalidity).where(FOLDER.c.id == folder_id))
    there = set(
        work.connection.scalars(select(TOMB.c.uid).where(TOMB.c.folder_id == folder_id, TOMB.c.uid.in_(uids)))
    )
    for uid in uids:
        if uid not in there:
            work.connection.execute(
                insert(TOMB).values(folder_id=folder_id, uid=uid, uidvalidity=uidvalidity)
            )
