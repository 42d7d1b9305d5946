"""Ids of new points, codes of new outcomes: a word of the name in Latin letters, with a number when it is taken."""

import re
from collections.abc import Container

from crm_tui.domain.text import fold

LONGEST = 30
"""Of an id, without the number behind it."""
_CYRILLIC = dict(
    zip(
        "абвгґдеєзиіїйклмнопрстуфыэәғқңөұүһў",
        "abvggdeeziiijklmnoprstufyeagknouuhu",
        strict=True,
    )
)
_CYRILLIC |= {
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ю": "yu",
    "я": "ya",
    "ё": "e",
}
_LETTERS = str.maketrans(_CYRILLIC)


def new_id(name: str, kind: str, taken: Container[str]) -> str:
    """An id for what has this name; for one without letters the ``kind`` is taken."""
    latin = fold(name).translate(_LETTERS)
    word = re.sub(r"[^a-z0-9]+", "_", latin).strip("_")[:LONGEST].strip("_")
    word = word if word[:1].isalpha() else kind
    number, found = 1, word
    while found in taken:
        number += 1
        found = f"{word}_{number}"
    return found
