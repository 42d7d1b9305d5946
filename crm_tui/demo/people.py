"""The people and firms around the demo company, made from the lists of each language."""

import random
from dataclasses import dataclass

from crm_tui.demo.content import LANGUAGES
from crm_tui.demo.content.language import Language

OWN_HOST = "jelken.example"
SERVICE_ADDRESS = f"service@{OWN_HOST}"
LEAD_FIRMS = 2
"""The last firms of each language: of the one before last come leads, nobody knows the last."""

_CYRILLIC = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяёыъэәғқңөұүһ"
_LATIN_NAMES = (
    "a b v g g d e ie zh z y i i i k l m n o p r s t u f kh ts ch sh shch _ iu ia e y _ e a g q n o u u h"
)
_LATIN = dict(zip(_CYRILLIC, _LATIN_NAMES.split(), strict=True))


@dataclass(frozen=True, slots=True)
class Human:
    """Somebody with an address; ``called`` is how one is addressed in a letter."""

    name: str
    called: str
    address: str
    role: str
    phone: str
    language: str
    company: str


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm around the demo company; ``place`` is its position in its language's list."""

    name: str
    host: str
    city: str
    language: str
    place: int
    people: tuple[Human, ...]

    @property
    def known(self) -> str:
        """``customer``, ``lead`` or empty: what the demo's CRM knows of it."""
        behind = len(LANGUAGES[self.language].firms) - self.place
        return "customer" if behind > LEAD_FIRMS else "lead" if behind == LEAD_FIRMS else ""


def latin(text: str, language: str) -> str:
    """Letters of a name as they look in an address."""
    text = text if language == "uk" else text.replace("и", "i")
    return "".join(_LATIN.get(char, char) for char in text.lower()).replace("_", "").replace("’", "")


def firms(seed: str) -> list[Firm]:
    """Every firm of every language, with two or three people each; the same for the same seed."""
    rng = random.Random(f"{seed} people")
    return [_firm(rng, texts, place) for texts in LANGUAGES.values() for place in range(len(texts.firms))]


def colleagues(texts: Language) -> list[Human]:
    """The people of the demo company; the first is its user."""
    return [
        Human(name, name.split()[0], f"{local}@{OWN_HOST}", role, "", texts.code, texts.company)
        for name, local, role in texts.colleagues
    ]


def _firm(rng: random.Random, texts: Language, place: int) -> Firm:
    name, host, city = texts.firms[place]
    people: dict[str, Human] = {}
    while len(people) < 2 + place % 2:
        human = _human(rng, texts, f"{host}.example", name)
        people.setdefault(human.address, human)
    return Firm(name, host, city, texts.code, place, tuple(people.values()))


def _human(rng: random.Random, texts: Language, host: str, company: str) -> Human:
    woman = rng.random() < 0.5
    first, called = rng.choice(texts.women if woman else texts.men)
    last = rng.choice(texts.surnames)[woman]
    address = f"{latin(first, texts.code)}.{latin(last, texts.code)}@{host}"
    phone = texts.phone + _digits(rng, texts.phone)
    return Human(f"{first} {last}", called, address, rng.choice(texts.roles), phone, texts.code, company)


def _digits(rng: random.Random, prefix: str) -> str:
    """Seven digits as people write them; numbers of Britain end in six (Ofcom's range for stories)."""
    if prefix.startswith("+44"):
        return f"00{rng.randrange(1000):03}"
    return f"{rng.randrange(200, 999)} {rng.randrange(10, 99)} {rng.randrange(10, 99)}"
