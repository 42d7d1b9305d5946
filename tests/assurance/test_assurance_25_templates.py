"""Row 25: templates and conditions of strangers run no code, read no object and cost no more than they are long.

Each is tried in one child process that may use 2 s of CPU for it and 256 MB for all; a slip of the pen stops the send
with the name of the field, and what a stranger wrote into a value is text.
"""

import json
import subprocess
import sys
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from crm_tui.domain.conditions import condition
from crm_tui.domain.conditions.condition import Group, Leaf
from crm_tui.domain.conditions.condition_check import Context, holds
from crm_tui.domain.conditions.condition_fields import LETTER, Operator
from crm_tui.domain.errors import Invalid
from crm_tui.domain.letter import template
from crm_tui.services.process import process_notices
from crm_tui.services.record import condition_subjects, field_setting
from crm_tui.services.writing import letter_templates
from tests.services.conftest import Office, office
from tests.stores import START

__all__ = ["office"]

EXPRESSIONS = (
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ contact.__class__ }}",
    "{{ contact.__class__.__init__.__globals__ }}",
    "{{ contact.name.__class__ }}",
    "{{ contact['__class__'] }}",
    "{{ contact.name.format(contact) }}",
    "{{ '{0.__class__}'.format(contact) }}",
    "{{ contact.name | attr('__class__') }}",
    "{{ contact.name | map(attribute='__class__') | list }}",
    "{{ self._TemplateReference__context }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ lipsum.__globals__['os'].system('id') }}",
    "{{ config.items() }}",
    "{{ request.application.__globals__ }}",
    "{{ 'a' * 10**9 }}",
    "{{ 10**10**10 }}",
    "{{ range(10**9) | list }}",
    "{{ contact.name * 1000000000 }}",
    "{{ contact.name | center(1000000000) }}",
    "{{ contact.name | fallback('x' * 10**9) }}",
    "{{ contact.name | fallback({{ contact.name }}) }}",
    "{% for x in range(10**9) %}x{% endfor %}",
    "{% set x = contact.__class__ %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}{{ os }}",
    "{% extends 'base' %}",
    "{% raw %}{{ contact.name }}{% endraw %}",
    "{% if contact.name.__class__ %}x{% endif %}",
    "{% if contact.name == 'x' or 1 %}x{% endif %}",
    "{% if contact.name %}" * 9 + "{% endif %}" * 9,
    "{% if contact.name %}",
    "{% endif %}",
    "{{ contact.name ",
    "{{ contact",
    "{{ contact\u2024name }}",
    "{{ \uff43ontact.name }}",
    "{{ contact.n\u0430me\u200b }}",
    "{{ contact.name\u202e }}",
    "{{ contact\n.name }}",
    "{{ %s.name }}" % ("c" * 100_000),
    "{{" * 100_000,
    "{%" * 100_000,
    "{{ contact.name }}" + "{" * 200_000,
    "x" * (template.LONGEST + 1),
    "{{ contact.name }}" * 14_000 + "{{",
)
"""None of these is a template."""
GROWING = ("{{ contact.name }}" * 14_000, "{% if contact.name %}{{ contact.name }}{% endif %}" * 5_000)
"""Templates whose values would make more of them than a letter may be."""
DEEP: dict[str, Any] = {"field": "subject", "op": "filled"}
for _level in range(200):
    DEEP = {"all": [DEEP]}
CONDITIONS: tuple[Any, ...] = (
    DEEP,
    {"all": [{"field": "subject", "op": "filled"}] * 101},
    {"all": [{"any": [{"field": "subject", "op": "filled"}] * 50}] * 50},
    {"field": "__class__", "op": "filled"},
    {"field": "subject.__class__", "op": "equals", "value": "x"},
    {"field": "subject", "op": "__eq__", "value": "x"},
    {"field": "subject", "op": "equals", "value": "x" * 10**6},
    {"field": "subject", "op": "equals", "value": {"$where": "1"}},
    {"field": "subject", "op": "in", "value": ["x"] * 10**5},
    {"field": ["subject"], "op": "filled"},
    {"field": "size", "op": "greater", "value": 10**400},
    {"field": "size", "op": "greater", "value": float("nan")},
    {"field": "date", "op": "equals", "value": "last 999999999 days"},
    {"not": "subject"},
    {"all": [], "any": []},
    {"eval": "1"},
    "1 == 1",
    [[[]]],
    None,
)
CHILD = """
import json, resource, signal, sys
from crm_tui.domain.conditions import condition
from crm_tui.domain.letter import template
from crm_tui.domain.conditions.condition_fields import LETTER
from crm_tui.domain.errors import Invalid

texts, growing, conditions = json.load(open(sys.argv[1], encoding="utf-8"))
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 256 * 2**20,) * 2)

def late(signal, frame):
    raise TimeoutError
signal.signal(signal.SIGVTALRM, late)
values = {"contact": {"name": "x" * 1000}}
tries = [lambda text=text: template.fill(text, values) for text in (*texts, *growing)]
tries += [lambda one=one: condition.parsed(one, LETTER) for one in conditions]
for number, attempt in enumerate(tries):
    signal.setitimer(signal.ITIMER_VIRTUAL, 2)
    try:
        made = attempt()
    except Invalid:
        pass
    else:
        if not getattr(made, "empty", ()):  # a name that nobody knows has no value: such a letter stays
            print("let through:", number)
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
print(len(tries))
"""


def test_assurance_25_templates_and_conditions_of_strangers_are_refused(tmp_path: Path) -> None:
    assert len(EXPRESSIONS) + len(CONDITIONS) >= 30
    file = tmp_path / "hostile.json"
    file.write_text(json.dumps([EXPRESSIONS, GROWING, CONDITIONS]), "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(file)], capture_output=True, text=True, timeout=200, check=False
    )
    assert (done.stdout.split(), done.stderr) == (
        [str(len(EXPRESSIONS) + len(GROWING) + len(CONDITIONS))],
        "",
    )


def test_assurance_25_none_of_them_can_be_kept_as_a_template(office: Office) -> None:
    with office.store.work(office.actor, "template.add") as work:
        for number, text in enumerate(EXPRESSIONS):
            with pytest.raises(Invalid):
                letter_templates.add(work, f"Hostile {number}", body=text)


def test_assurance_25_what_a_stranger_wrote_into_a_value_is_text(office: Office) -> None:
    """Neither filled again, nor taken for a field, an operator or the name of a user."""
    theirs = "{{ user.email }}{% if user.name %}{{ 7*7 }}{% endif %}${user.name}%(name)s{0}"
    filled = template.fill(
        "Dear {{ contact.name }}", {"contact": {"name": theirs}, "user": {"email": "secret"}}
    )
    assert filled.text == f"Dear {theirs}"
    leaf = condition.checked(Leaf("subject", Operator.CONTAINS, "') OR 1=1 --"), LETTER)
    asked = Context(START, UTC)
    assert not holds(Group("all", (leaf,)), {"subject": theirs}, LETTER, asked)
    with office.store.work(office.actor, "set") as work:
        assert "state_id" not in field_setting.settable(work.connection, "interest")
        for name in ("__class__", "custom", "version", "id", "owner_id; DROP TABLE user", "custom.__class__"):
            with pytest.raises(Invalid):
                field_setting.set_field(work, "interest", 1, name, "1", UTC)
        subject = condition_subjects.subject(work.connection, "interest")
        assert not {name for name in subject.fields if name.startswith("_")}


@pytest.mark.parametrize("slip", ["contact.fristname", "contcat.first_name", "Contact.name", "contact.Name"])
def test_assurance_25_a_slip_of_the_pen_stops_the_text_with_its_name(slip: str) -> None:
    with pytest.raises(Invalid) as raised:
        process_notices.filled(
            f"Dear {{{{ {slip} }}}}", lambda _records: {"contact": {"name": "Olga", "first_name": "Olga"}}
        )
    assert (raised.value.code, raised.value.facts["names"]) == ("placeholders_empty", slip)
