"""What is left of a name when its spelling is forgotten: the words by which two spellings of one name meet.

``Ольга Ким``, ``Olga Kim`` and ``KIM, Ol'ga`` have the same words; so have ``ТОО «Жарық»`` and ``Zharyk LLP``. Made
for comparing, never shown. Letters that the usual transliterations of Russian, Ukrainian and Kazakh write in several
ways fall together, as do double letters.
"""

import re
import unicodedata
from functools import lru_cache

_CYRILLIC = dict(
    zip(
        "абвгґдеєжзиіїйклмнопрстуфхцчшщыэюяәғқңөұүһў",
        "abvggdeezziiiiklmnoprstufgccssieuaagknouugu",
        strict=True,
    )
)
_CYRILLIC |= {"ё": "e", "ь": "", "ъ": "", "'": "", "’": "", "ʼ": "", "`": ""}
_LETTERS = str.maketrans(_CYRILLIC)
_LATIN = (
    ("shch", "s"),
    ("sch", "s"),
    ("tch", "\0"),
    ("sh", "s"),
    ("ch", "\0"),
    ("ck", "k"),
    ("zh", "z"),
    ("kh", "g"),
    ("gh", "g"),
    ("ph", "f"),
    ("ts", "\0"),
    ("tz", "\0"),
    ("cz", "\0"),
    ("x", "ks"),
    ("c", "k"),
    ("\0", "c"),
    ("q", "k"),
    ("w", "v"),
    ("h", "g"),
)
"""How Latin letters are written for one Cyrillic letter, in the order in which they are looked for."""
_GLIDE = re.compile(r"i(?=[aeoui])|(?<=[aeou])i")
_DOUBLE = re.compile(r"(.)\1+")
_WORD = re.compile(r"[^\W_]+(?:['’ʼ`][^\W_]+)*")
_FORMS = (
    "ооо оао зао пао ао нао тоо ип чп гкп кх кфх тдо тов тзов пп фоп ат прат пат дп ооо жшс ақ жк чао "
    "llc llp ltd inc co corp jsc pjsc cjsc ojsc gmbh ag sa plc company limited too ooo oao zao tov"
)


def words(name: str) -> tuple[str, ...]:
    """The words of a name in their order, without legal forms; with them where nothing else is left."""
    found = [_word(part) for part in _WORD.findall(name)]
    kept = tuple(word for word in found if word and word not in _LEGAL_FORMS)
    return kept or tuple(word for word in found if word)


@lru_cache(maxsize=20_000)
def _word(part: str) -> str:
    folded = part.casefold()
    text = folded.translate(_LETTERS)
    if not text.isascii():
        text = "".join(
            sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)
        )
    if folded[:1].isascii():  # not what was Cyrillic: its ``ц`` is no Latin ``c``
        for written, meant in _LATIN:
            text = text.replace(written, meant)
    if text.isdecimal():
        return text
    return _DOUBLE.sub(r"\1", _GLIDE.sub("", text.replace("y", "i").replace("j", "i")))


_LEGAL_FORMS = frozenset(_word(form) for form in _FORMS.split())
