"""Which letters belong together: message identifiers (RFC 5322 3.6.4), the key of a thread, and its tree."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

_LIMIT = 16_384  # characters of one header that are looked at (assurance 1.3)
_IDS_LIMIT = 200
_BRACKETED = re.compile(r"<([^<>]*)>")
_MARKS = re.compile(r"\s*(?:re|aw|sv|antw|fwd?|пер|отв|ответ|на)(?:\[\d+\])?\s*:\s*", re.IGNORECASE)


def message_id(text: str | None) -> str | None:
    """One identifier in the form it is compared in: no brackets, no white space; None when there is none.

    The domain of an identifier does not care about letter case, the part before it does.
    """
    ids = message_ids(text)
    return ids[0] if ids else None


def message_ids(text: str | None) -> list[str]:
    """The identifiers of a References or In-Reply-To header, oldest first, each once. Never raises.

    White space inside brackets is what folding left behind. Text without brackets is taken where it looks like an
    identifier, since some programs leave them out; the phrases of old In-Reply-To headers are skipped.
    """
    if not text:
        return []
    text = text[:_LIMIT]
    found = _BRACKETED.findall(text) or [word.strip("<>,;") for word in text.split() if "@" in word]
    ids = (_normal(one) for one in found)
    return list(dict.fromkeys(one for one in ids if one))[:_IDS_LIMIT]


def _normal(identifier: str) -> str:
    joined = "".join(c for c in identifier if c.isprintable() and not c.isspace())
    left, at, domain = joined.rpartition("@")
    return f"{left}@{domain.lower()}" if at else joined


def ancestors(references: str | None, in_reply_to: str | None) -> list[str]:
    """The letters that a letter answers, from the first of the thread to the one answered directly."""
    chain = message_ids(references)
    parents = message_ids(in_reply_to)
    # An In-Reply-To with several identifiers names no single parent (RFC 5322): only References order them.
    if len(parents) == 1:
        chain = [one for one in chain if one != parents[0]] + parents
    return chain


def thread_key(own_id: str | None, references: str | None, in_reply_to: str | None) -> str | None:
    """The identifier of the first letter of the thread, which every letter of it leads back to.

    The letter's own identifier when it answers nothing; None when nothing names it.
    """
    chain = ancestors(references, in_reply_to)
    own = message_id(own_id)
    return next((one for one in chain if one != own), own)


@dataclass(frozen=True, slots=True)
class Linked:
    """A letter as far as threads care. ``key`` is the caller's own; ``ancestors`` are as of `ancestors`."""

    key: int
    message_id: str
    ancestors: tuple[str, ...]
    date: datetime
    subject: str = ""


@dataclass(slots=True)
class Node:
    """A place in the tree of a thread; ``letter`` is None for one that is not here but holds several together."""

    letter: Linked | None
    children: list["Node"] = field(default_factory=list)

    def walk(self) -> Iterator[tuple["Node", int]]:
        """This node and all below it, each with its depth from 0, in the order they are read."""
        waiting = [(self, 0)]
        while waiting:
            node, depth = waiting.pop()
            yield node, depth
            waiting.extend((child, depth + 1) for child in reversed(node.children))


def forest(letters: Iterable[Linked], *, by_subject: bool = False) -> list[Node]:
    """The letters as trees, by the algorithm of Jamie Zawinski (jwz.org/doc/threading.html); never raises.

    The same letters give the same trees in whatever order they come: the oldest is asked first whom it answers.
    What would close a circle is left out. A letter that is not here is left out too, but for a root that several
    hang on. ``by_subject`` joins trees whose first letters have the same subject.
    """
    places = _Places()
    for letter in sorted(letters, key=_age):
        places.put(letter)
    roots = [root for place in places.all if place.parent is None for root in _without_absent(place)]
    if by_subject:
        roots = _joined_by_subject(roots)
    oldest: dict[int, tuple[datetime, int]] = {}
    for root in roots:
        for node, _depth in reversed(list(root.walk())):
            node.children.sort(key=lambda child: oldest[id(child)])
            ages = [oldest[id(child)] for child in node.children]
            oldest[id(node)] = min([*ages, *([_age(node.letter)] if node.letter else [])])
    return sorted(roots, key=lambda root: oldest[id(root)])


def base_subject(subject: str) -> str:
    """The subject without the marks of answers and forwarding, in one letter case; what RFC 5256 2.1 calls so."""
    return unmarked(" ".join(subject.split()).casefold())


def unmarked(subject: str) -> str:
    """The subject without the marks of answers and forwarding at its beginning, in the languages of our users."""
    while found := _MARKS.match(subject):
        subject = subject[found.end() :]
    return subject


@dataclass(slots=True, eq=False)
class _Place:
    """A letter or the gap where one belongs, while the tree is made (a "container" of the algorithm)."""

    letter: Linked | None = None
    parent: "_Place | None" = None
    children: list["_Place"] = field(default_factory=list)

    def is_under(self, other: "_Place") -> bool:
        place: _Place | None = self
        while place is not None:
            if place is other:
                return True
            place = place.parent
        return False

    def hang_on(self, parent: "_Place") -> None:
        if self.parent is not None:
            self.parent.children.remove(self)
        self.parent = parent
        parent.children.append(self)


class _Places:
    def __init__(self) -> None:
        self.all: list[_Place] = []
        self._named: dict[str, _Place] = {}

    def put(self, letter: Linked) -> None:
        """Give the letter its place, and hang it on the letter that it answers."""
        place = self._named.get(letter.message_id) if letter.message_id else None
        if place is None or place.letter is not None:  # a second copy under the same name stands for itself
            place = self._new(letter.message_id if place is None else "")
        place.letter = letter
        above: _Place | None = None
        for name in letter.ancestors:
            one = self._named.get(name) or self._new(name)
            if above is not None and one.parent is None and not above.is_under(one):
                one.hang_on(above)
            above = one
        # What the letter says of its own parent goes before what others guessed from their References.
        if above is not None and not above.is_under(place):
            place.hang_on(above)

    def _new(self, name: str) -> _Place:
        place = _Place()
        self.all.append(place)
        if name:
            self._named[name] = place
        return place


def _without_absent(root: _Place) -> list[Node]:
    """The tree below a root without the letters that are not here, but for a root that holds several."""
    order, waiting = [], [root]
    while waiting:
        place = waiting.pop()
        order.append(place)
        waiting.extend(place.children)
    made: dict[_Place, list[Node]] = {}
    for place in reversed(order):
        below = [node for child in place.children for node in made.pop(child)]
        if place.letter is not None:
            made[place] = [Node(place.letter, below)]
        elif place is root and len(below) > 1:
            made[place] = [Node(None, below)]
        else:
            made[place] = below
    return made[root]


def _joined_by_subject(roots: Sequence[Node]) -> list[Node]:
    by_subject: dict[str, list[Node]] = {}
    firsts = [
        (min((one.letter for one, _depth in root.walk() if one.letter is not None), key=_age), root)
        for root in roots
    ]
    for first, root in sorted(firsts, key=lambda pair: _age(pair[0])):
        by_subject.setdefault(base_subject(first.subject) or f"\0{first.key}", []).append(root)
    joined = []
    for first_root, *others in by_subject.values():
        for other in others:
            first_root.children.extend([other] if other.letter is not None else other.children)
        joined.append(first_root)
    return joined


def _age(letter: Linked) -> tuple[datetime, int]:
    return letter.date, letter.key
