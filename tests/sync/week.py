"""A random week of two devices at one mailbox, with faults, and what must be true at its end (sync.md §4.6)."""

import random
from collections import defaultdict
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from crm_tui.domain.errors import NetworkTrouble
from crm_tui.domain.letter.flags import Flag
from tests.servers.chaos_proxy import ChaosProxy
from tests.servers.dovecot import Dovecot
from tests.sync.faults import Crash, CrashPoints, acting_meanwhile
from tests.sync.killed import Killer
from tests.sync.plain_client import Place, PlainClient
from tests.sync.world import MailServer, OurSide, letter, refusing

FOLDERS = ("INBOX", "Archive", "Sent", "Work")
EXTRA = ("Aida", "Бета", "Work/Gamma")
"""Folders that come, go and are renamed."""
FAULTS = ("none", "crash", "cut", "upload", "both", "kill", "uidvalidity", "shut", "meanwhile")
"""``crash``: the pass ends at a point of its work. ``cut``: the line breaks after so many bytes of the server,
``upload``: after so many of ours. ``kill``: a process of its own is ended by SIGKILL. ``shut``: a folder refuses.
``meanwhile``: the other device acts between our looking and our sending."""


@dataclass
class Told:
    """What became of a letter: copies made and deleted on either side, and marks that somebody set last."""

    made: int = 1
    deleted_here: int = 0
    deleted_there: int = 0
    doubtful: int = 0
    """Times that it may have been uploaded or copied twice: the first time was never acknowledged, and somebody there
    deleted it before we looked, which nobody can tell from a command that never ran (sync.md §4.6). Or moved it while
    the letter lies elsewhere too: which nobody can tell from a copy made there of that other one."""
    merged: int = 0
    """Times that a copy which they made, or moved to there, may count for one of ours that has no answer: our command
    never ran, they put the letter into the very folder, and nothing in IMAP tells whose it is (sync.md §4.6). To
    send ours again whenever the answer is lost would double what did run, and that is what happens every day."""
    marks: dict[str, bool] = field(default_factory=dict)

    def fewest(self) -> int:
        """Both sides may have deleted different copies."""
        return max(0, self.made - self.deleted_here - self.deleted_there - self.merged)

    def most(self) -> int:
        """Both sides may have deleted the same copies."""
        return self.made - max(self.deleted_here, self.deleted_there) + self.doubtful


@dataclass
class Week:
    """The run of one seed; ``faults`` is one of ``FAULTS``."""

    server: MailServer
    path: Path
    seed: int
    faults: str
    steps: int = 8
    told: dict[str, Told] = field(default_factory=lambda: defaultdict(Told))
    hits: int = 0
    diary: list[str] = field(default_factory=list)
    """All that happened, for who looks for the cause of a fault."""

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.user = self.server.account("week")
        self.other = PlainClient(self.server.host, self.server.imap_port, self.user, self.server.password)
        self.other.create("Work")
        self.us = OurSide(self.path, self.server, self.user)

    def run(self) -> list[str]:
        """Live the week; what is wrong at its end, in words."""
        with ExitStack() as stack:
            stack.callback(lambda: self.other.close())
            stack.callback(self.us.close)
            killing = self.faults == "kill"
            self.killer = stack.enter_context(self._killer()) if killing else None
            self.us.sync()
            for _ in range(self.steps):
                for _ in range(self.random.randint(0, 4)):
                    self.local_act()
                for _ in range(self.random.randint(0, 4)):
                    self.remote_act()
                if self.faults == "uidvalidity" and self.random.random() < 0.25:
                    self.forget_uids()
                self.sync(fault=self.random.random() < 0.8)
            for _ in range(4):
                self.us.through(self.server.imap_port)
                self.us.sync()
            return self.wrong()

    def _killer(self) -> Killer:
        return Killer(self.us.path, self.us.account.key, self.server.password)

    def sync(self, *, fault: bool) -> None:
        """A pass, broken off by a fault when one is due."""
        self.note("sync", fault=fault)
        self.us.through(self.server.imap_port)
        if not fault or self.faults in ("none", "uidvalidity"):
            self.us.sync()
        elif self.faults == "shut":
            self.hits += 1
            with refusing(self.random.choice(FOLDERS).encode()):
                self.us.sync()
        elif self.faults == "meanwhile":
            self.hits += 1
            # A Dovecot hangs up when the folder that is open is deleted by somebody else ("state is inconsistent").
            with acting_meanwhile(self.remote_act), suppress(NetworkTrouble):
                self.us.sync()
        elif self.faults == "kill":
            assert self.killer is not None
            self.hits += self.killer.run(point=self.random.randint(1, 120))
        elif self.faults in ("cut", "upload") or (self.faults == "both" and self.random.random() < 0.5):
            self.cut()
        else:
            self.crash()

    def cut(self) -> None:
        """A pass over a line that breaks after some bytes."""
        most = int(self.random.choice([300, 1000, 2500, 6000, 20000]) * self.random.random())
        up = self.faults == "upload" or (self.faults == "both" and self.random.random() < 0.5)
        cuts = {"cut_up": (most + 60,) * 2} if up else {"cut": (most + 900,) * 2}
        with ChaosProxy(("127.0.0.1", self.server.imap_port), **cuts) as line:  # type: ignore[arg-type]
            self.us.through(line.port)
            try:
                self.us.sync()
            except NetworkTrouble:
                self.hits += 1
            self.us.reopen()

    def crash(self) -> None:
        """A pass that ends at a point of its work, as if the process had."""
        try:
            with CrashPoints(self.random.randint(1, 120)).armed():
                self.us.sync()
        except Crash:
            self.hits += 1
            self.us.reopen()

    def local_act(self) -> None:
        chance, rows = self.random.random(), self.us.rows()
        folders = sorted(self.us.shown_folders())
        if chance < 0.25 or not rows:
            key = self.new()
            flags = self.random.choice([0, Flag.FLAGGED])
            raw = letter(f"<{key}>", body="x" * self.random.randint(1, 3000))
            folder = self.random.choice(folders)
            self.note("put", key, folder=folder)
            self.us.put(folder, raw, flags)
            self.told[key].marks["flag"] = bool(flags)
            return
        if chance < 0.3:
            self.local_folder_act()
            return
        row = self.random.choice(rows)
        told = self.told[row.message_id]
        self.note(
            "here", row.message_id, chance=round(chance, 2), row=row.id, of=(row.srv_folder_id, row.srv_uid)
        )
        if chance < 0.5:
            flag = self.random.choice([Flag.FLAGGED, Flag.ANSWERED])
            self.us.set_flags(row.id, row.flags ^ flag)
            if flag == Flag.FLAGGED:
                told.marks["flag"] = not row.flags & flag
        elif chance < 0.58:
            word = self.random.choice(["$Ours", "$Both"])
            on = word not in row.keywords
            self.us.set_keywords(row.id, sorted({*row.keywords} ^ {word}))
            if word == "$Ours":
                told.marks["ours"] = on
        elif chance < 0.8:
            folder = self.random.choice(folders)
            self.note("move", folder=folder)
            self.us.move(row.id, folder)
        elif chance < 0.88:
            folder = self.random.choice(folders)
            self.note("copy", folder=folder)
            told.made += self.us.copy(row.id, folder)
        else:
            self.us.delete(row.id)
            told.deleted_here += 1

    def remote_act(self) -> None:
        chance = self.random.random()
        state = self.other.state()
        folders = self.other.folders()
        if chance < 0.28 or not state:
            raw = letter(f"<{self.new()}>", body="y" * self.random.randint(1, 3000))
            self.other.append(self.random.choice(folders), raw, self.random.choice([[], [b"\\Seen"]]))
            return
        if chance < 0.36:
            self.remote_folder_act(folders, state)
            return
        key = self.random.choice(sorted(state))
        place, told = self.random.choice(state[key]), self.told[key]
        self.note("there", key, chance=round(chance, 2), place=place)
        if chance < 0.5:
            name = self.random.choice([b"\\Seen", b"\\Answered"])
            bit = Flag.SEEN if name == b"\\Seen" else Flag.ANSWERED
            self.other.mark(place, name, not place.flags & bit)
            if bit == Flag.SEEN:
                told.marks["seen"] = not place.flags & bit
        elif chance < 0.58:
            word = self.random.choice(["$Theirs", "$Both"])
            self.other.mark(place, word.encode(), word not in place.keywords)
            if word == "$Theirs":
                told.marks["theirs"] = word not in place.keywords
        elif chance < 0.8:
            folder = self.random.choice([name for name in folders if name != place.folder])
            self.note("move", folder=folder)
            told.doubtful += self._unheard_copy(key, place)
            told.merged += self._stands_for_ours(key, folder, state[key])
            self.other.move(place, folder)
        elif chance < 0.88:
            folder = self.random.choice([name for name in folders if name != place.folder])
            self.note("copy", folder=folder)
            told.merged += self._stands_for_ours(key, folder, state[key])
            self.other.copy(place, folder)
            told.made += 1
        else:
            self.other.delete(place)
            self._deleted_there(key)

    def local_folder_act(self) -> None:
        """Make, rename or delete a folder here; letters of a deleted one go to the trash."""
        self.note("folders here")
        names = self.us.shown_folders()
        name = self.random.choice(EXTRA)
        if name not in names:
            self.us.create_folder(name)
        elif self.random.random() < 0.5 and (free := sorted({*EXTRA} - names)):
            self.us.rename_folder(name, self.random.choice(free))
        else:
            self.us.delete_folder(name)

    def remote_folder_act(self, folders: list[str], state: dict[str, list[Place]]) -> None:
        """Make, rename or delete a folder there; letters of a deleted one are gone."""
        name = self.random.choice(EXTRA)
        self.note("folders there", folder=name, there=folders)
        if name not in folders:
            self.other.create(name)
        elif self.random.random() < 0.5 and (free := sorted({*EXTRA} - {*folders})):
            self.other.rename(name, self.random.choice(free))
        else:
            for key, places in state.items():
                for _ in [place for place in places if place.folder == name]:
                    self._deleted_there(key)
            self.other.remove(name)

    def note(self, *words: str, **facts: object) -> None:
        """Write into the diary."""
        self.diary.append(" ".join([*words, *(f"{name}={value}" for name, value in facts.items())]))

    def _deleted_there(self, key: str) -> None:
        told = self.told[key]
        told.deleted_there += 1
        unsure = {"append"} if self.other.imap.has_capability("MOVE") else {"append", "move"}
        told.doubtful += any(row.intent in unsure for row in self.us.rows() if row.message_id == key)

    def _unheard_copy(self, key: str, place: Place) -> bool:
        """Whether the place was made by a command of ours without an answer, and is not the letter's only one; or is
        what a move of ours left behind, where there is no MOVE, and is still to be deleted there (seed 650200)."""
        folders = self.us.folders()
        rows = [row for row in self.us.rows(deleted=True) if row.message_id == key]
        begun = [row for row in rows if row.intent == "move" or (row.intent == "append" and len(rows) > 1)]
        known = (folders.get(place.folder), place.uid) in {(row.srv_folder_id, row.srv_uid) for row in rows}
        meant = folders.get(place.folder) in {row.intent_folder_id for row in begun}
        left_behind = (folders.get(place.folder), place.uid) in self.us.tombs()
        return left_behind or (meant and not known)

    def _stands_for_ours(self, key: str, folder: str, there: list[Place]) -> bool:
        """Whether a copy of ours was begun into the folder, has no answer, and is not to be seen there. Without
        MOVE a move begins with a copy."""
        unsure = {"append"} if self.other.imap.has_capability("MOVE") else {"append", "move"}
        ours = self.us.folders().get(folder)
        rows = [row for row in self.us.rows(deleted=True) if row.message_id == key]
        known = {row.srv_uid for row in rows if row.srv_folder_id == ours}
        begun = sum(row.intent in unsure and row.intent_folder_id == ours for row in rows)
        return begun > sum(place.folder == folder and place.uid not in known for place in there)

    def forget_uids(self) -> None:
        assert isinstance(self.server, Dovecot)
        self.other.close()
        self.server.reset_uidvalidity(self.user, self.random.choice(FOLDERS[1:]))
        self.other = PlainClient(self.server.host, self.server.imap_port, self.user, self.server.password)

    def wrong(self) -> list[str]:
        """What was lost, doubled, brought back, or differs."""
        there, here = self.other.state(), self.us.places()
        waiting = self._waiting(there)
        there = {
            key: left
            for key, places in there.items()
            if (left := [place for place in places if (place.folder, place.uid) not in waiting])
        }
        found: list[str] = []
        if (theirs := set(self.other.folders())) != (ours := self.us.shown_folders()):
            found.append(f"folders differ: server only {theirs - ours}, here only {ours - theirs}")
        for key in sorted({*self.told, *there, *here}):
            told = self.told[key]
            places = [(place.folder, place.flags, place.keywords) for place in there.get(key, [])]
            if not told.fewest() <= len(places) <= told.most():
                found.append(f"{key} is {len(places)} times on the server: {places}, {told}")
            if places != here.get(key, []):
                found.append(f"{key} differs: server {places}, here {here.get(key)}")
            elif len(places) == told.made == 1:
                found += [f"{key} lost the mark {mark}" for mark in self._lost_marks(told, places[0])]
        return found

    def _waiting(self, there: dict[str, list[Place]]) -> set[tuple[str, int]]:
        """Letters deleted here that are marked there and not gone yet: without UIDPLUS an EXPUNGE would take along
        what somebody else marked in the folder (sync.md §4.5), as a copy is that they made of a marked one."""
        if self.other.imap.has_capability("UIDPLUS"):
            return set()
        names = {key: name for name, key in self.us.folders().items()}
        rows = [row for row in self.us.rows(deleted=True) if row.deleted and row.srv_flags & Flag.DELETED]
        ours = {(names[row.srv_folder_id], row.srv_uid) for row in rows if row.srv_uid is not None}
        places = [place for found in there.values() for place in found if place.flags & Flag.DELETED]
        theirs = {place.folder for place in places if (place.folder, place.uid) not in ours}
        return {(folder, uid) for folder, uid in ours if folder in theirs}

    def _lost_marks(self, told: Told, place: tuple[str, int, tuple[str, ...]]) -> list[str]:
        _, flags, words = place
        now = {
            "flag": bool(flags & Flag.FLAGGED), "seen": bool(flags & Flag.SEEN),
            "ours": "$Ours" in words, "theirs": "$Theirs" in words,
        }  # fmt: skip
        return [mark for mark, wanted in told.marks.items() if now[mark] != wanted]

    def new(self) -> str:
        key = f"m{len(self.told) + 1}.{self.seed}@week.example"
        assert self.told[key].made == 1
        return key
