"""Words of a text in the form under which the search index knows them: one for all forms of a word."""

import re
import threading
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from crm_tui.domain.text import fold, fold_pieces

_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_CYRILLIC = re.compile(r"[а-яіїєґәғқңөұүһ]")
_UKRAINIAN = re.compile(r"[іїєґ']")
_KAZAKH = re.compile(r"[әғқңөұүһ]")
_LONGEST_WORD = 64  # longer ones are codes, found by their beginning
_SHORTEST_STEM = 3
_ONE_AT_A_TIME = threading.Lock()  # a Snowball stemmer keeps the word it works on

_UKRAINIAN_ENDINGS = re.compile(
    r"(ями|ами|ей|ові|еві|ого|ому|ими|ій|ою|ею|ях|ах|ям|ам|ів|їв|ий|их|им|ої|ти|ть|ла|ли|ло|а|я|у|ю|і|ї|е|є|и|о|ь|й)$"
)
_KAZAKH_ENDINGS = re.compile(
    r"(лары|лері|дары|дері|тары|тері|лар|лер|дар|дер|тар|тер|ның|нің|дың|дің|тың|тің|нан|нен|дан|ден|тан|тен"
    r"|мен|бен|пен|ға|ге|қа|ке|да|де|та|те|ны|ні|ды|ді|ты|ті|сы|сі|ы|і)$"
)


def stem_words(text: str) -> list[str]:
    """The stems of the words of a text, in their order, repeated as often as they stand there.

    Letter case, ё and е make no difference. Russian words are stemmed by Snowball, words with letters of Ukrainian
    or Kazakh only lose a known ending, all others stay as they are.
    """
    return [stem(word) for word in words(text)]


def words(text: str) -> list[str]:
    """The folded words and numbers of a text, without punctuation."""
    return [word[:_LONGEST_WORD] for word in _found(fold(text))]


def vocabulary(folded: str) -> set[str]:
    """The words of ``words``, each once, of a text that is folded already."""
    return _vocabulary(folded.split())


class Searchable(NamedTuple):
    """A text as the search index takes it."""

    folded: str
    stems: str
    """Of its words, those that are not among them."""


def searchable(text: str) -> Searchable:
    """The text made ready for the search index."""
    pieces = fold_pieces(text)
    folded = " ".join(pieces)
    others = "" if folded.isascii() else other_stems(_vocabulary(pieces))  # ASCII words are their own stems
    return Searchable(folded.replace("\0", " "), others)


def other_stems(words: set[str]) -> str:
    """The stems of the words, without those that are words among them."""
    return " ".join(sorted({stem(word) for word in words} - words))


def _vocabulary(pieces: Iterable[str]) -> set[str]:
    # No word goes beyond white space, and most of what stands between has stood there before.
    return {word[:_LONGEST_WORD] for word in set(_found(" ".join(set(pieces))))}


def _found(folded: str) -> list[str]:
    return _WORD.findall(folded.replace("’", "'").replace("ʼ", "'"))


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The stem of one folded word."""
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
