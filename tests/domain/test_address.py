"""E-mail addresses: one form to compare by, display names without injection."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.domain.identity import address
from crm_tui.domain.text import clean

any_text = st.text(st.characters(), max_size=60)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Aigul@Example.KZ", "aigul@example.kz"),
        (" <aigul@example.kz> ", "aigul@example.kz"),
        ("почта@Пример.РФ", "Почта@xn--e1afmkfd.xn--p1ai"),
        ("a@example.kz.", "a@example.kz"),
        ("ａ@example.kz", "a@example.kz"),
        ("not an address", "Not An Address"),
    ],
)
def test_normal_makes_equal(one: str, other: str) -> None:
    assert address.normal(one) == address.normal(other)


@pytest.mark.parametrize(
    "odd", ["", "@", "a@", "@b", "a@b..c", "a@" + "я" * 500, "a@\ud800", "a@.я.", "x@-ё-.рф"]
)
def test_normal_never_raises(odd: str) -> None:
    address.normal(odd)


@given(any_text)
def test_nothing_raises(s: str) -> None:
    address.normal(s)
    address.domain_of(s)
    address.is_no_reply(s)
    address.is_valid(s)
    address.split_list(s)


@pytest.mark.parametrize(
    ("given_address", "domain"),
    [("a@Kaspi.KZ", "kaspi.kz"), ("a@пример.рф", "xn--e1afmkfd.xn--p1ai"), ("kaspi.kz", ""), ("", "")],
)
def test_domain_of(given_address: str, domain: str) -> None:
    assert address.domain_of(given_address) == domain


@pytest.mark.parametrize(
    ("given_address", "expected"),
    [
        ("noreply@x.kz", True),
        ("No-Reply@x.kz", True),
        ("no_reply+123@x.kz", True),
        ("donotreply@x.kz", True),
        ("do-not-reply@x.kz", True),
        ("MAILER-DAEMON@x.kz", True),
        ("postmaster@x.kz", True),
        ("bounces-17-me=x.kz@list.kz", True),
        ("notifications@github.com", True),
        ("notes@x.kz", False),
        ("reply@x.kz", False),
        ("noreplyev@x.kz", False),
        ("bouncer@x.kz", False),
        ("aigul@noreply.kz", False),
        ("", False),
    ],
)
def test_is_no_reply(given_address: str, expected: bool) -> None:
    assert address.is_no_reply(given_address) is expected


@pytest.mark.parametrize("good", ["a@b.kz", "a.b+c@d-e.kz", "почта@пример.рф", "o'neil@x.com", "a@localhost"])
def test_valid(good: str) -> None:
    assert address.is_valid(good)


@pytest.mark.parametrize(
    "bad",
    ["", "a", "@", "a@", "@b", "a b@c.kz", "a@b c.kz", "a@b\r\nX: y", "a@b,c@d", "a@b;c", "<a@b>", "a@b@c",
     "a@b..kz", "a@.kz", "x" * 65 + "@b.kz", "a\x00@b.kz", "a@\u202eb.kz"],
)  # fmt: skip
def test_not_valid(bad: str) -> None:
    assert not address.is_valid(bad)


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("Айгуль <a@b.kz>", ("Айгуль", "a@b.kz")),
        ('"Иванов, Иван" <i@b.ru>', ("Иванов, Иван", "i@b.ru")),
        (r'"A \"B\" C" <i@b.ru>', ('A "B" C', "i@b.ru")),
        ("<a@b.kz>", ("", "a@b.kz")),
        ("a@b.kz", ("", "a@b.kz")),
        ("a@b.kz (Айгуль)", ("Айгуль", "a@b.kz")),
        ("Айгуль", ("Айгуль", "")),
        ("evil@evil <a@b.kz>", ("evil@evil", "a@b.kz")),
        ("", ("", "")),
    ],
)
def test_split(text: str, pair: tuple[str, str]) -> None:
    assert address.split(text) == pair


def test_split_list() -> None:
    text = 'a@b.kz, "Иванов, И." <i@b.ru>; Олена <o@u.ua>\n c@d.kz,, '
    assert address.split_list(text) == [
        ("", "a@b.kz"),
        ("Иванов, И.", "i@b.ru"),
        ("Олена", "o@u.ua"),
        ("", "c@d.kz"),
    ]


@given(st.text(st.characters(), max_size=40))
def test_a_display_name_never_becomes_a_recipient(name: str) -> None:
    shown = " ".join(clean(name).split())
    assert address.split_list(address.joined(name, "a@b.kz")) == [(shown, "a@b.kz")]


def test_assurance_1_4_name_with_a_comma() -> None:
    written = address.joined("Ivan, evil@evil", "d@e.fr")
    assert written == '"Ivan, evil@evil" <d@e.fr>'
    assert address.split_list(written) == [("Ivan, evil@evil", "d@e.fr")]
