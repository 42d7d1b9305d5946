"""Words of a text in the form under which the search index knows them: one for all forms of a word."""

import re
import threading
from functools import cache, lru_cache
from typing import NamedTuple

from crm_tui.domain.index_words import indexed
from crm_tui.domain.text import fold

_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_CYRILLIC = re.compile(r"[а-яіїєґәғқңөұүһ]")
_UKRAINIAN = re.compile(r"[іїєґ']")
_KAZAKH = re.compile(r"[әғқңөұүһ]")
_LONGEST_WORD = 64  # longer ones are codes, found by their beginning
_OFTEN_SEEN = 2 * _LONGEST_WORD  # bytes between white space that are worth remembering
_SHORTEST_STEM = 3
_ONE_AT_A_TIME = threading.Lock()  # a Snowball stemmer keeps the word it works on

_UKRAINIAN_ENDINGS = re.compile(
    r"(ями|ами|ей|ові|еві|ого|ому|ими|ій|ою|ею|ях|ах|ям|ам|ів|їв|ий|их|им|ої|ти|ть|ла|ли|ло|а|я|у|ю|і|ї|е|є|и|о|ь|й)$"
)
_KAZAKH_ENDINGS = re.compile(
    r"(лары|лері|дары|дері|тары|тері|лар|лер|дар|дер|тар|тер|ның|нің|дың|дің|тың|тің|нан|нен|дан|ден|тан|тен"
    r"|мен|бен|пен|ға|ге|қа|ке|да|де|та|те|ны|ні|ды|ді|ты|ті|сы|сі|ы|і)$"
)


def words(text: str) -> list[str]:
    """The folded words and numbers of a text, without punctuation."""
    return [word[:_LONGEST_WORD] for word in _found(fold(text))]


def vocabulary(folded: str) -> set[str]:
    """The words of ``words``, each once, of a text that is folded already."""
    return {word[:_LONGEST_WORD] for word in _found(folded)}


class Searchable(NamedTuple):
    """A text as the search index takes it, in UTF-8."""

    words: bytes
    """Its words in their order, each as ``indexed`` has it."""
    stems: bytes
    """Of its words, those that are not among them."""


def searchable(text: bytes) -> Searchable:
    """The text (UTF-8) made ready for the search index."""
    # No word goes beyond white space, and most of what stands between has stood there before.
    pieces = text.split()
    taken: dict[bytes, bytes] = {}
    there: set[str] = set()
    others: set[str] = set()
    for piece in set(pieces):
        found = _known(piece) if len(piece) <= _OFTEN_SEEN else _looked_at(piece)
        taken[piece] = found.indexed
        if found.words:
            there.update(found.words)
            others.update(found.stems)
    stems = indexed(" ".join(sorted(others - there))).encode()
    return Searchable(b" ".join(map(taken.__getitem__, pieces)), stems)


class _Piece(NamedTuple):
    indexed: bytes
    words: tuple[str, ...]
    stems: tuple[str, ...]


def _looked_at(piece: bytes) -> _Piece:
    folded = fold(piece.decode())
    ready = indexed(folded).encode()
    if folded.isascii():  # such words are their own stems
        return _Piece(ready, (), ())
    there = tuple(vocabulary(folded))
    return _Piece(ready, there, tuple(map(stem, there)))


_known = lru_cache(maxsize=65_536)(_looked_at)


def _found(folded: str) -> list[str]:
    return _WORD.findall(folded.replace("’", "'").replace("ʼ", "'"))


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The stem of one folded word: a Russian one by Snowball, one with letters of Ukrainian or Kazakh without a known
    ending, all others as they are."""
    if not _CYRILLIC.search(word):
        return word
    if _KAZAKH.search(word):
        return _shortened(word, _KAZAKH_ENDINGS, times=2)
    if _UKRAINIAN.search(word):
        return _shortened(word, _UKRAINIAN_ENDINGS, times=1)
    with _ONE_AT_A_TIME:
        found: str = _russian().stemWord(word)
    return found


def _shortened(word: str, endings: re.Pattern[str], times: int) -> str:
    for _ in range(times):
        shorter = endings.sub("", word)
        if len(shorter) < _SHORTEST_STEM:
            break
        word = shorter
    return word


@cache
def _russian():  # type: ignore[no-untyped-def]
    import snowballstemmer

    return snowballstemmer.stemmer("russian")
