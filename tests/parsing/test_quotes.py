"""What the sender wrote, told from what was quoted, in the words of many mail programs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.parsing.html import lay_out
from crm_tui.parsing.quotes import split
from tests.corpora import folder

OWN = "Добрый день!\n\nСогласны на вторник."
QUOTED = [
    "21.11.2026 12:05, Анна Петрова пишет:\n> Встретимся?",
    "21 ноября 2026 г., 12:05, Анна <a@example.com> написал(а):\n\n> Встретимся?",
    "сб, 21 нояб. 2026 г. в 12:05, Анна Петрова <a@example.com>:\n\n> Встретимся?",
    "Суббота, 21 ноября 2026, 12:05 +05:00 от Анна <a@example.com>:\n\nВстретимся?",
    "сб, 21 лист. 2026 р. о 12:05 Олена <o@example.com> пише:\n\n> Зустрінемось?",
    "21.11.26 12:05, Олена Коваленко писав(ла):\n> Зустрінемось?",
    "2026 ж. 21 қар., сб 12:05, Айгерім <a@example.kz> жазды:\n\n> Кездесеміз бе?",
    "On Sat, Nov 21, 2026 at 12:05 PM Anna Smith <\na.very.long.address@example.com> wrote:\n\n> Shall we meet?",
    "Le 21 nov. 2026 à 12:05, Anne <a@example.com> a écrit :\n> On se voit ?",
    "Am 21.11.2026 um 12:05 schrieb Anna <a@example.com>:\n> Treffen wir uns?",
    "-----Original Message-----\nFrom: Anna\nSent: Saturday\nTo: Me\n\nShall we meet?",
    "-------- Исходное сообщение --------\nОт: Анна\nДата: 21.11.2026\n\nВстретимся?",
    "-------- Пересылаемое сообщение --------\n21.11.2026, Анна\n\nВстретимся?",
    "From: Anna <a@example.com>\nSent: Saturday, November 21, 2026 12:05\nTo: Me\nSubject: Meeting\n\nShall we meet?",
    "От: Анна [mailto:a@example.com]\nОтправлено: 21 ноября 2026 г. 12:05\nКому: Я\nТема: Встреча\n\nВстретимся?",
    "Від: Олена <o@example.com>\nНадіслано: 21 листопада 2026 р.\nКому: Я\nТема: Зустріч\n\nЗустрінемось?",
    "Кімнен: Айгерім <a@example.kz>\nЖіберілді: 21 қараша\nКімге: Мен\nТақырыбы: Кездесу\n\nКездесеміз бе?",
    "________________________________\nFrom: Anna <a@example.com>\nSent: Saturday\nTo: Me\nSubject: x\n\nShall we?",
    "> Встретимся?\n> > Может быть.",
]


@pytest.mark.parametrize("quoted", QUOTED)
def test_a_quoted_tail_is_found_with_the_line_that_says_whom(quoted: str) -> None:
    body = split(f"{OWN}\n\n{quoted}")
    assert body.own == OWN
    assert body.quoted == quoted
    assert body.signature == ""


@pytest.mark.parametrize(
    "signature", ["-- \nИван\n+7 701 000", "Отправлено с iPhone", "Sent from my iPhone", "Надіслано з iPhone"]
)
def test_a_signature_is_no_part_of_what_was_written(signature: str) -> None:
    body = split(f"{OWN}\n\n{signature}\n\n{QUOTED[0]}")
    assert (body.own, body.signature, body.quoted) == (OWN, signature, QUOTED[0])


def test_answers_between_the_lines_are_own_words() -> None:
    body = split("On Sat, Nov 21, 2026, Anna <a@example.com> wrote:\n> One?\n\nYes.\n\n> Two?\n\nNo.")
    assert [block.kind for block in body.blocks] == ["quote", "own", "quote", "own"]
    assert body.own.split() == ["Yes.", "No."]


@pytest.mark.parametrize(
    "text",
    [
        "On Monday we wrote to them.",
        "On 21 November:\n- tea\n- coffee",
        "From: one end\nto the other",
        "Он пишет: завтра.",
        "Price from: 10\n\nTo: whom it may concern",
        "2026:\nbudget",
        "a -- b",
    ],
)
def test_ordinary_sentences_are_not_taken_for_quotations(text: str) -> None:
    assert split(text).own == text


def test_nothing_but_a_quotation_is_shown_and_not_folded_away() -> None:
    for quoted in QUOTED:
        assert split(f"\n{quoted}\n-- \nme").own == f"{quoted}\n-- \nme"


@given(
    st.lists(
        st.sampled_from(
            ["", "a", "> b", ">> c", "-- ", "On 2026 <a@b.cd> wrote:", "From: x", "To: y", "Sent: z", "____"]
        )
    )
)
def test_no_line_is_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    body = split(text)
    assert "\n".join(block.text for block in body.blocks) == text
    assert {block.kind for block in body.blocks} <= {"own", "quote", "signature"}


def test_replies_of_a_corpus_in_many_languages() -> None:
    # All of its tricky letters begin with the same five lines, and what follows them is quoted or signed.
    texts = [path.read_text() for path in sorted((folder("mail") / "reply-crisp").glob("*.txt"))]
    own = max(
        (text.partition("\n\n")[0] for text in texts), key=[t.partition("\n\n")[0] for t in texts].count
    )
    cases = [text for text in texts if text.startswith(own)]
    found = sum(split(text).own.strip() == own for text in cases)
    assert len(cases) >= 40
    assert found >= len(cases) - 1


def test_replies_in_html_as_another_program_strips_them() -> None:
    emails = folder("mail") / "mailspring-quoted" / "fixtures" / "emails"
    right = 0
    for stripped in sorted(emails.glob("*_stripped.html")):
        whole = emails / stripped.name.replace("_stripped", "")
        body = split(lay_out(whole.read_text()).text)
        words = f"{body.own} {body.signature}".split()
        right += words == lay_out(stripped.read_text()).text.split()
    # The others keep answers between the lines together with the lines answered; we fold those.
    assert right >= 8
