"""What the store keeps of a letter's body, made ready where the letter is parsed: text, beginning, words to search.

All of it is work on every character, so that a first sync leaves it to the child that parses (`parsing.ahead`).
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import accumulate
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

    text: str
    snippet: str
    kind: str
    attachments: tuple[Attachment, ...]
    bounces: tuple[Bounce, ...]
    returned_ids: tuple[str, ...]
    envelope_id: str
    words: Searchable


_IN_JSON = ("snippet", "kind", "returned_ids", "envelope_id")


def gist_of(letter: Letter) -> Gist:
    """The gist of a letter that was parsed."""
    return Gist(
        text=letter.text,
        snippet=shorten(" ".join(letter.text[: SNIPPET * 4].split())[: SNIPPET * 2], SNIPPET),
        kind=letter.kind,
        attachments=letter.attachments,
        bounces=letter.bounces,
        returned_ids=letter.returned_ids,
        envelope_id=letter.envelope_id,
        words=searchable(searched(letter.text, (item.name for item in letter.attachments))),
    )


def searched(text: str, names: Iterable[str]) -> str:
    """What of a letter's text is searched, with the names of its attachments."""
    return "\n".join([text[:LONGEST_TEXT], *names])


def pack(gist: Gist) -> bytes:
    """The gist as a line of JSON, and behind it the long texts in UTF-8, which need no reading then."""
    texts = [text.encode() for text in (gist.text, *gist.words)]
    values: dict[str, Any] = {name: getattr(gist, name) for name in _IN_JSON}
    values["attachments"] = [asdict(each) for each in gist.attachments]
    values["bounces"] = [asdict(each) for each in gist.bounces]
    values["lengths"] = [len(text) for text in texts]
    return b"".join([json.dumps(values).encode(), b"\n", *texts])


def unpack(data: bytes) -> Gist:
    """The gist that `pack` wrote. Raises ValueError, TypeError or KeyError for anything else."""
    line, _, rest = data.partition(b"\n")
    values = json.loads(line)
    text, words, stems = (rest[end - size : end].decode() for size, end in _ends(values.pop("lengths")))
    values["attachments"] = tuple(Attachment(**each) for each in values["attachments"])
    values["bounces"] = tuple(Bounce(**each) for each in values["bounces"])
    values["returned_ids"] = tuple(values["returned_ids"])
    return Gist(**values, text=text, words=Searchable(words, stems))


def _ends(lengths: list[int]) -> Iterable[tuple[int, int]]:
    return zip(lengths, accumulate(lengths), strict=True)
