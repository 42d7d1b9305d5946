"""The first name in a person's name as it is written here: ``Olga Kim``, ``Иванов Пётр Сергеевич``, ``Kim, Olga``."""

import re

_PATRONYMIC = re.compile(
    r"(?:[ое]вич|[ое]вна|ична|инична|ілліч|ич|івна|ївна|ұлы|қызы|улы|кызы)$", re.IGNORECASE
)
_SURNAME = re.compile(
    r"(?:ов|ова|ев|ева|ёв|ёва|ин|ина|ын|ына|ский|ская|цкий|цкая|ський|ська|цький|цька|енко|чук|щук|юк|ук|баев|баева)$",
    re.IGNORECASE,
)
_TITLE = re.compile(r"^(?:mr|mrs|ms|dr|prof|г-н|г-жа|пан|пані)\.?$", re.IGNORECASE)
_NOT_SURNAMES = re.compile(
    "марина|полина|ирина|екатерина|валентина|кристина|алина|карина|галина|нина|арина|дина|регина|ангелина",
    re.IGNORECASE,
)
"""First names that end as surnames do."""


def first_name(name: str) -> str:
    """The name by which the person is addressed; empty where the name has no word that can be one.

    Never more than a good guess: a person looks at the letter before it is sent.
    """
    _before, comma, after = name.partition(",")
    words = [word for word in (after if comma and after.strip() else name).split() if not _TITLE.match(word)]
    words = [word for word in words if any(sign.isalpha() for sign in word) and "@" not in word]
    if not words or (comma and after.strip()):
        return words[0] if words else ""
    for at, word in enumerate(words):
        if at and len(word) > 4 and _PATRONYMIC.search(word):
            return words[at - 1]
    if len(words) > 1 and _SURNAME.search(words[0]) and not _NOT_SURNAMES.fullmatch(words[0]):
        return words[1]
    return words[0]
