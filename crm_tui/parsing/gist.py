"""What the store keeps of a letter's body, made ready where the letter is parsed: text, beginning, words to search.

All of it is work on every character, so that a first sync leaves it to the child that parses (`parsing.ahead`).
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate, pairwise
from typing import Any

from crm_tui.domain.stems import Searchable, searchable
from crm_tui.domain.text import shorten
from crm_tui.parsing.bounce import Bounce
from crm_tui.parsing.letter import Attachment, Letter

SNIPPET = 200
"""Cells of a letter's beginning that lists show."""
LONGEST_TEXT = 200_000
"""Characters of a letter that are searched; what follows is mostly made by machines."""


@dataclass(frozen=True, slots=True)
class Gist:
    """The fields of `Letter` that are stored once its body is there, and what is made of them."""

    text: bytes
    """In UTF-8, as it is stored: nothing more is made of it."""
    snippet: str
    kind: str
    attachments: tuple[Attachment, ...]
    bounces: tuple[Bounce, ...]
    returned_ids: tuple[str, ...]
    envelope_id: str
    words: Searchable


def gist_of(letter: Letter) -> Gist:
    """The gist of a letter that was parsed."""
    text = letter.text.encode()
    names = [item.name for item in letter.attachments]
    as_it_is = not names and len(letter.text) <= LONGEST_TEXT
    return Gist(
        text=text,
        snippet=shorten(" ".join(letter.text[: SNIPPET * 4].split())[: SNIPPET * 2], SNIPPET),
        kind=letter.kind,
        attachments=letter.attachments,
        bounces=letter.bounces,
        returned_ids=letter.returned_ids,
        envelope_id=letter.envelope_id,
        words=searchable(text if as_it_is else searched(letter.text, names).encode()),
    )


def searched(text: str, names: Iterable[str]) -> str:
    """What of a letter's text is searched, with the names of its attachments."""
    return "\n".join([text[:LONGEST_TEXT], *names])


def pack(gists: Sequence[Gist | None]) -> bytes:
    """Gists as a line of JSON for all of them, and behind it the long texts, which need no reading then.

    None stands for a letter of which there is none.
    """
    values: list[list[Any] | None] = []
    texts: list[bytes] = [b"", b"\n"]
    for gist in gists:
        if gist is None:
            values.append(None)
            continue
        its_texts = gist.text, gist.words.words, gist.words.stems
        texts += its_texts
        values.append(
            [
                gist.snippet, gist.kind, [asdict(each) for each in gist.attachments],
                [asdict(each) for each in gist.bounces], gist.returned_ids, gist.envelope_id,
                [len(text) for text in its_texts],
            ]
        )  # fmt: skip
    texts[0] = json.dumps(values).encode()
    return b"".join(texts)


def unpack(data: bytes | bytearray) -> list[Gist | None]:
    """The gists that `pack` wrote. Raises ValueError or TypeError for anything else.

    What is kept of a text is looked at here: one that is no UTF-8 could be stored, and not read.
    """
    at = data.index(b"\n") + 1
    view = memoryview(data)
    gists: list[Gist | None] = []
    for one in json.loads(data[:at]):
        if one is None:
            gists.append(None)
            continue
        snippet, kind, attachments, bounces, returned_ids, envelope_id, lengths = one
        ends = list(accumulate(lengths, initial=at))
        text, words, stems = (bytes(view[start:end]) for start, end in pairwise(ends))
        at = ends[-1]
        text.decode()
        gists.append(
            Gist(
                text, snippet, kind, tuple(Attachment(**each) for each in attachments),
                tuple(Bounce(**each) for each in bounces), tuple(returned_ids), envelope_id,
                Searchable(words, stems),
            )
        )  # fmt: skip
    if at != len(data):
        raise ValueError(at)
    return gists
