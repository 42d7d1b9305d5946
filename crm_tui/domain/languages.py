"""What language a letter is in, by its letters, and the few words that mail programs write in it."""

from dataclasses import dataclass

_ENOUGH = 4000
_KAZAKH = frozenset("әғқңөұүһі")
_UKRAINIAN = frozenset("іїєґ")
_RUSSIAN = frozenset("ыэъё")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language; ``wrote`` is filled with ``date`` and ``name``."""

    wrote: str
    forwarded: str
    sender: str
    date: str
    subject: str
    to: str
    cc: str


WORDS: dict[str, Words] = {
    "en": Words("On {date}, {name} wrote:", "Forwarded message", "From", "Date", "Subject", "To", "Cc"),
    "ru": Words("{date}, {name} пишет:", "Пересылаемое сообщение", "От", "Дата", "Тема", "Кому", "Копия"),
    "uk": Words("{date}, {name} пише:", "Переслане повідомлення", "Від", "Дата", "Тема", "Кому", "Копія"),
    "kk": Words(
        "{date}, {name} жазды:", "Қайта жіберілген хабарлама", "Кімнен", "Күні", "Тақырып", "Кімге", "Көшірме"
    ),
}


def guess(text: str, otherwise: str = "en") -> str:
    """``kk``, ``uk``, ``ru`` or ``en``, as the letters of the text tell; ``otherwise`` where there are none."""
    letters = [letter for letter in text[:_ENOUGH].casefold() if letter.isalpha()]
    if not letters:
        return otherwise
    cyrillic = sum("Ѐ" <= letter <= "ӿ" for letter in letters)
    if cyrillic * 3 < len(letters):
        return "en"
    kazakh = sum(letter in _KAZAKH - {"і"} for letter in letters)
    ukrainian = sum(letter in _UKRAINIAN for letter in letters)
    russian = sum(letter in _RUSSIAN for letter in letters)
    if kazakh * 100 > cyrillic:  # more than a name or two with its own letters
        return "kk"
    return "uk" if ukrainian > russian else "ru"
