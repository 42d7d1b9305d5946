"""Keyboard layouts: from the letter that a Cyrillic layout types to the one printed on the same key.

Positions are those of the xkb symbol tables `ru(winkeys)`, `ua` and `kz`. What a layout types by itself
(``:`` ``?`` ``/`` ``.`` ``,`` and the digits of ru and uk) stays what it is. The Kazakh digit row types
letters, so those stand for the digits there.
"""

_RU = dict(zip("йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`", strict=True))
_RU |= {letter.upper(): key.upper() for letter, key in _RU.items()}
_RU |= dict(zip("ХЪЖЭБЮЁ", '{}:"<>~', strict=True)) | {"№": "#"}

_UK_ONLY = dict(zip("іїєґІЇЄҐ", "s]'\\S}\"|", strict=True))
_BY_ONLY = dict(zip("іўІЎ", "boBO", strict=True))
_KK_ONLY = dict(zip("әіңғүұқөһӘІҢҒҮҰҚӨҺ", "2345890-=@#$%*()_+", strict=True))

_TABLES: dict[str, dict[str, str]] = {
    "latin": {},
    "ru": _RU | _UK_ONLY | {key: value for key, value in _KK_ONLY.items() if key not in _UK_ONLY},
    "uk": _RU | _UK_ONLY,
    "by": _RU | _BY_ONLY,
    "kk": _RU | _KK_ONLY,
}


def layout_for(setting: str, language: str) -> str:
    """The layout meant by ``keys.layout``; ``auto`` follows the language of the screens."""
    if setting in _TABLES:
        return setting
    return language if language in _TABLES else "ru"


def translate(character: str, layout: str) -> str:
    """The character that the same key types on a Latin (US) layout, or the character itself."""
    return _TABLES[layout].get(character, character)


def translate_text(text: str, layout: str) -> str:
    """A word typed with the wrong layout on: ``ьщму`` → ``move``."""
    return "".join(translate(character, layout) for character in text)


def other_spellings(text: str) -> tuple[str, ...]:
    """What was meant by a text typed with the wrong layout on: ``ghbdtn`` → ``привет``, ``ьщму`` → ``move``.

    Both ways and by every layout, each spelling once, the text itself left out.
    """
    found: dict[str, None] = {}
    for layout in _TABLES:
        found[translate_text(text, layout)] = None
        back = _BACK[layout]
        found["".join(back.get(character, character) for character in text)] = None
    found.pop(text, None)
    return tuple(found)


_BACK = {
    "latin": {},
    "ru": {key: letter for letter, key in _RU.items()},
    "uk": {key: letter for letter, key in (_RU | _UK_ONLY).items()},
    "by": {key: letter for letter, key in (_RU | _BY_ONLY).items()},
    "kk": {key: letter for letter, key in _RU.items()},
}
"""From what a key types on a Latin layout to the letter of a Cyrillic one; Kazakh letters on digits are left out."""
