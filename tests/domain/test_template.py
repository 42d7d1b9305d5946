"""Templates of letters: strict, and harmless whoever wrote them (MAIL-34, field.md C-14, assurance 1.5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.domain.errors import Invalid
from crm_tui.domain.letter import template
from crm_tui.domain.letter.template import Filled

VALUES = {"contact": {"first_name": "Olga", "phone": ""}, "interest": {"name": "Pumps {{ user.name }}"}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Filled("", ())),
        ("Hello, {{ contact.first_name }}!", Filled("Hello, Olga!", ())),
        ("{{contact.first_name}}{{contact.first_name}}", Filled("OlgaOlga", ())),
        ("Call {{ contact.phone }}.", Filled("Call {{ contact.phone }}.", ("contact.phone",))),
        ("{{contact.phone}}{{contact.phone}}", Filled("{{contact.phone}}{{contact.phone}}", ("contact.phone",))),
        ("{{ contact.frist_name }}", Filled("{{ contact.frist_name }}", ("contact.frist_name",))),
        ("{{ nobody.name }}", Filled("{{ nobody.name }}", ("nobody.name",))),
        ('{{ contact.phone | fallback("your number") }}', Filled("your number", ())),
        ("{{ contact.phone|default('it''s') }}", None),
        ("{{ contact.first_name | default('friend') }}", Filled("Olga", ())),
        ('{{ contact.phone | fallback("") }}', Filled('{{ contact.phone | fallback("") }}', ("contact.phone",))),
        ("{% if contact.phone %}We call{% else %}We write{% endif %}.", Filled("We write.", ())),
        ("{% if not contact.phone %}No number{% endif %}", Filled("No number", ())),
        ("{% if contact.first_name %}{% if contact.phone %}a{% else %}b{% endif %}{% endif %}", Filled("b", ())),
        ("{% if contact.phone %}{{ contact.phone }}{% endif %}", Filled("", ())),
        ("{% if contact.typo %}x{% endif %}!", Filled("{% if contact.typo %}!", ("contact.typo",))),
        ("{{ interest.name }}", Filled("Pumps {{ user.name }}", ())),
        ("100 % {curly} $name", Filled("100 % {curly} $name", ())),
    ],
)  # fmt: skip
def test_mail_34_a_template_is_filled_or_says_what_is_missing(text: str, expected: Filled | None) -> None:
    if expected is None:
        with pytest.raises(Invalid, match="template_syntax"):
            template.fill(text, VALUES)
        return
    assert template.fill(text, VALUES) == expected
    left = template.left_open(expected.text)
    assert bool(left) is bool(expected.empty or "user" in expected.text)


def test_mail_34_a_fallback_given_later_takes_the_place() -> None:
    text = "Dear {{ contact.phone }} of {{ contact.firm }}"
    assert template.fill(text, VALUES, {"contact.phone": "customer"}) == Filled(
        "Dear customer of {{ contact.firm }}", ("contact.firm",)
    )
    assert template.replaced(text, {"contact.phone": "customer"}) == "Dear customer of {{ contact.firm }}"


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a\n{{ }}", 2, "{{ }}"),
        ("{{ contact }}", 1, "{{ contact }}"),
        ("{{ contact.first_name.upper }}", 1, "{{ contact.first_name.upper }}"),
        ("{{ contact.first_name | upper }}", 1, "{{ contact.first_name | upper }}"),
        ("x\n\n{% for one in many %}{% endfor %}", 3, "{% for one in many %}"),
        ("{% if contact.phone %}", 1, "{% endif %}"),
        ("{% endif %}", 1, "{% endif %}"),
        ("{% else %}", 1, "{% else %}"),
        ("{% if a.b %}{% else %}{% else %}{% endif %}", 1, "{% else %}"),
        ("Hello {{ contact.first_name", 1, "{{ contact.first_name"),
        ("{{ contact.first_name }", 1, "{{ contact.first_name }"),
        ("{% if a.b %}" * 9 + "{% endif %}" * 9, 1, "{% if a.b %}"),
    ],
)
def test_mail_34_what_is_no_template_is_refused_with_its_line(text: str, line: int, what: str) -> None:
    with pytest.raises(Invalid) as told:
        template.check(text)
    assert told.value.code == "template_syntax"
    assert told.value.facts == {"line": line, "what": what}


HOSTILE = [
    "{{ ''.__class__.__mro__ }}",
    "{{ contact.__class__ }}",
    "{{ contact.__class__.__init__ }}",
    "{{ contact.delete() }}",
    "{{ contact['first_name'] }}",
    "{{ 'a' * 1000000000 }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ lipsum(n=100000) }}",
    "{% include '/etc/passwd' %}",
    "{% set x = 1 %}",
    "{{ contact.first_name | attr('__class__') }}",
    "{{ contact.first_name.format(contact) }}",
    "{% for a in range(9999999) %}{% for b in range(9999999) %}{% endfor %}{% endfor %}",
    "{{" * 50_000,
    "{%" * 50_000,
    "{{ a.b }}" * 40_000,
    "{% if a.b %}" * 20_000,
    "{{ " + " " * 100_000 + "a.b }}",
    "{{ a.b | fallback(" + "\"" * 50_000,
    "{" * 200_000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_mail_34_a_hostile_template_runs_nothing_and_ends_soon(text: str) -> None:
    class Trap(dict[str, str]):
        def __getattribute__(self, name: str) -> object:
            assert name in ("get", "__contains__", "keys", "__class__"), name
            return super().__getattribute__(name)

    try:
        filled = template.fill(text, {"contact": Trap(first_name="Olga")})
    except Invalid:
        filled = template.Filled(text, ("refused",))
    assert filled.text == text
    assert filled.empty or "{{" not in text
    assert len(template.left_open(text)) <= 50_000


def test_mail_34_what_a_template_grows_to_is_bounded() -> None:
    with pytest.raises(Invalid, match="template_too_long"):
        template.fill("{{ a.b }}" * 1000, {"a": {"b": "x" * 1000}})
    with pytest.raises(Invalid, match="template_too_long"):
        template.fill("x" * (template.LONGEST + 1), {})


pieces = st.lists(
    st.sampled_from(
        ["{{", "}}", "{%", "%}", " if ", " endif ", " else ", "a.b", "|", "fallback(\"x\")", "\n", "ж", "{"]
    )
    | st.text(max_size=5),
    max_size=20,
).map("".join)  # fmt: skip


@given(text=pieces, value=pieces)
def test_c_14_nothing_is_left_unseen(text: str, value: str) -> None:
    """A text is told to be free of templates when there is neither ``{{`` nor ``{%`` in it, and only then."""
    assert bool(template.left_open(text)) is ("{{" in text or "{%" in text)
    try:
        filled = template.fill(text, {"a": {"b": value}})
    except Invalid:
        return
    assert template.left_open(filled.text) or not filled.empty
    if value.strip():
        assert not any(name == "a.b" for name in filled.empty)
