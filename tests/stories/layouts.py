"""Keyboards of three countries: which character the key types that has a Latin letter printed on it.

Written down from the keys of a real keyboard (ISO, Windows layouts), not from the program's own tables.
"""

LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm"
ROWS = {
    "latin": LATIN,
    "russian": "йцукенгшщзхъфывапролджэячсмить",
    "ukrainian": "йцукенгшщзхїфівапролджєячсмить",
}
TYPES_ITSELF = "0123456789*?/:-+"
"""Characters that a person finds on each of the three, wherever they are printed."""


def typed(key: str, layout: str) -> str:
    """What arrives when the person strikes ``key``: a character, or the name of a special key, which stays."""
    if len(key) > 1 or key in TYPES_ITSELF:
        return key
    lower = key.lower()
    place = LATIN.index(lower)
    character = ROWS[layout][place]
    return character if key == lower else character.upper()
