"""Pure decisions of the two-way sync: flags, roles, watermarks, batches (design/sync.md §4)."""

import random
from collections.abc import Collection, Iterable, Sequence

from crm_tui.domain.errors import CrmError
from crm_tui.domain.letter.flags import NAMES

FLIGHT = 50
"""Folders that are asked about in one turn."""
FIRST_BATCH = 200
HEADERS_AT_ONCE = 500
"""Headers of one transaction, behind the first ones, which a person waits for."""
BATCH = 1000
BODY_BATCH_LETTERS = 120
BODY_BATCH_BYTES = 4 << 20
SMALL_LETTER = 256 << 10
"""Letters up to this many bytes are fetched in batches with the others; larger ones come after all of them."""
LARGEST_LETTER = 100 << 20
"""Larger letters stay on the server: their headers are listed, their body is not fetched."""
GUARDED_ROWS = 50
GUARDED_SHARE = 0.3
FIRST_PAUSE = 5.0
LONGEST_PAUSE = 300.0
_NO_LINE = frozenset({"connection_failed", "timeout", "unknown_host"})
LONGEST_WITHOUT_LINE = 60.0
"""A line that is there again is used within a minute (design/assurance.md row 23)."""

_BITS = {name.encode().lower(): int(bit) for bit, name in NAMES.items()}

_ROLE_OF_ATTRIBUTE = {
    "\\sent": "sent",
    "\\drafts": "drafts",
    "\\trash": "trash",
    "\\junk": "junk",
    "\\archive": "archive",
}
_ROLE_OF_NAME = {
    "sent": "sent", "sent items": "sent", "sent messages": "sent", "отправленные": "sent",
    "надіслані": "sent", "жіберілгендер": "sent",
    "drafts": "drafts", "черновики": "drafts", "чернетки": "drafts",
    "trash": "trash", "deleted items": "trash", "deleted messages": "trash", "удаленные": "trash",
    "корзина": "trash", "видалені": "trash", "кошик": "trash",
    "junk": "junk", "spam": "junk", "junk e-mail": "junk", "спам": "junk",
    "archive": "archive", "архив": "archive", "архів": "archive",
    "processed": "processed", "обработанные": "processed", "опрацьовані": "processed", "өңделген": "processed",
}  # fmt: skip


def bits(flags: Iterable[bytes]) -> int:
    """System flags of a server's answer as bits of ``domain.letter.flags.Flag``."""
    found = 0
    for flag in flags:
        found |= _BITS.get(flag.lower(), 0)
    return found


def keywords(flags: Iterable[bytes]) -> list[str]:
    """Keywords (flags without a backslash) of a server's answer, sorted."""
    return sorted({flag.decode("utf-8", "replace") for flag in flags if not flag.startswith(b"\\")})


def flag_names(mask: int) -> list[bytes]:
    """Bits as flags to send."""
    return [name.encode() for bit, name in NAMES.items() if mask & bit]


def merge(base: int, local: int, server: int, in_flight: int = 0) -> int:
    """The desired flags after the server's news: what it set or cleared since ``base`` is applied to ``local``.

    Bits of a STORE of ours that was not answered (``in_flight``) are no news: there the local value stands.
    """
    came = server & ~base & ~in_flight
    went = base & ~server & ~in_flight
    return (local | came) & ~went


def pending(base: int, local: int, in_flight: int = 0) -> tuple[int, int]:
    """What the user changed and the server may not know yet: bits to set, bits to clear."""
    return local & (~base | in_flight), ~local & (base | in_flight)


def merge_words(
    base: Iterable[str],
    local: Iterable[str],
    server: Iterable[str],
    in_flight: Iterable[str] = (),
    *,
    lasting: bool = True,
) -> tuple[list[str], list[str]]:
    """Keywords by the rule of ``merge``: those desired now, and those known on the server; sorted.

    Case does not tell keywords apart, and the server's spelling is taken over. A folder that keeps none for good
    (not ``lasting``) says nothing by not having one.
    """
    spelled = {word.casefold(): word for words in (base, local, server) for word in words}
    old, mine, theirs, busy = (_folded(words) for words in (base, local, server, in_flight))
    went = old - theirs - busy if lasting else frozenset()
    desired = (mine | (theirs - old - busy)) - went
    known = theirs if lasting else theirs | old
    return sorted(spelled[word] for word in desired), sorted(spelled[word] for word in known)


def pending_words(
    base: Iterable[str], local: Iterable[str], in_flight: Iterable[str] = ()
) -> tuple[list[str], list[str]]:
    """Keywords that the user set, and those cleared, and the server may not know yet."""
    old, mine, busy = _folded(base), _folded(local), _folded(in_flight)
    add = [word for word in local if word.casefold() not in old or word.casefold() in busy]
    known = {word.casefold(): word for word in (*in_flight, *base)}
    return sorted(add), sorted(known[word] for word in (old | busy) - mine)


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word.casefold() for word in words)


def flag_changes(rows: Iterable[tuple[int, int, int]]) -> dict[tuple[bytes, int], list[int]]:
    """Rows (placement id, desired, known) grouped into STORE commands: {(sign, mask): ids}."""
    groups: dict[tuple[bytes, int], list[int]] = {}
    for row_id, local, base in rows:
        if add := local & ~base:
            groups.setdefault((b"+", add), []).append(row_id)
        if remove := base & ~local:
            groups.setdefault((b"-", remove), []).append(row_id)
    return groups


def too_many_gone(gone: int, of: int) -> bool:
    """Whether so much of a folder vanished that a person should be asked first."""
    return gone > GUARDED_ROWS and gone > of * GUARDED_SHARE


def roles(folders: Sequence[tuple[str, Collection[str], str]]) -> list[str]:
    """The role of each folder (name, attributes, delimiter): by RFC 6154 attribute, else by a usual name.

    A role is given once; an attribute wins over a name.
    """
    found = [""] * len(folders)
    taken: set[str] = set()

    def give(index: int, role: str) -> None:
        if role and role not in taken and not found[index]:
            found[index] = role
            taken.add(role)

    for index, (name, attributes, _) in enumerate(folders):
        if name.upper() == "INBOX":
            give(index, "inbox")
        for attribute in sorted(attributes):
            give(index, _ROLE_OF_ATTRIBUTE.get(attribute.lower(), ""))
    for index, (name, _, delimiter) in enumerate(folders):
        parts = name.split(delimiter) if delimiter else [name]
        if len(parts) == 1 or (len(parts) == 2 and parts[0].upper() == "INBOX"):
            give(index, _ROLE_OF_NAME.get(parts[-1].casefold(), ""))
    return found


def modes(folders: Sequence[tuple[str, bool, bool]]) -> list[str]:
    """The sync mode of each folder (role, subscribed, virtual) when it is first seen.

    Subscribed folders and those with a role are synced; where nobody ever subscribed to an ordinary folder,
    subscription says nothing and all are. Virtual folders (all mail, flagged mail) repeat what others hold.
    """
    used = any(subscribed for role, subscribed, virtual in folders if not role and not virtual)
    return [
        "full" if not virtual and (role or subscribed or not used) else "none"
        for role, subscribed, virtual in folders
    ]


def newest_first(uids: Sequence[int]) -> list[list[int]]:
    """UIDs in batches for the headers: a first screenful of the newest, then larger ones, newest first."""
    ordered = sorted(uids, reverse=True)
    batches = [ordered[:FIRST_BATCH]] if ordered else []
    batches += [ordered[start : start + BATCH] for start in range(FIRST_BATCH, len(ordered), BATCH)]
    return batches


def body_batches(letters: Iterable[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Letters (UID, size) in the order given, cut so that a batch is neither long nor heavy."""
    batches: list[list[tuple[int, int]]] = []
    weight = 0
    for uid, size in letters:
        full = not batches or len(batches[-1]) >= BODY_BATCH_LETTERS or weight + size > BODY_BATCH_BYTES
        if full:
            batches.append([])
            weight = 0
        batches[-1].append((uid, size))
        weight += size
    return batches


def pause_after(failures: int, chance: random.Random, longest: float = LONGEST_PAUSE) -> float:
    """Seconds to wait after so many failures in a row: doubling, with jitter, ``longest`` at most."""
    pause = min(longest, FIRST_PAUSE * 2.0 ** min(failures - 1, 16))
    return pause * (0.5 + chance.random() / 2)


def longest_pause(error: CrmError) -> float:
    """Seconds between two tries at most: few where there is no line, more where a server does not want us."""
    return LONGEST_WITHOUT_LINE if error.code in _NO_LINE else LONGEST_PAUSE
