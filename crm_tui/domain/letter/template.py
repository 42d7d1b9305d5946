"""Templates of letters: text with placeholders, filled from plain values (MAIL-34, field.md C-14).

``{{ contact.first_name }}`` is a value, ``{{ contact.first_name | fallback("customer") }}`` one that may be empty,
``{% if contact.phone %} … {% else %} … {% endif %}`` a text that depends on one. There is nothing else: no calls, no
attributes, no loops, so that a template can neither run code nor take more than time and memory in step with its own
length (assurance 1.5).
"""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from crm_tui.domain.errors import Invalid

LONGEST = 256 * 1024
"""Characters of a template, and of what becomes of it."""
DEEPEST = 8
"""Conditions within conditions."""

Values = Mapping[str, Mapping[str, str]]
"""Record → field → text, such as ``{"contact": {"first_name": "Olga"}}``."""

_NAME = r"[A-Za-z_][A-Za-z0-9_]{0,60}"
_TAG = re.compile(r"\{\{(?P<value>[^{}\n]{0,500})\}\}|\{%(?P<block>[^{}%\n]{0,200})%\}")
_VALUE = re.compile(
    rf"\s*(?P<record>{_NAME})\s?\.\s?(?P<field>{_NAME})\s*"
    r"(?:\|\s*(?:fallback|default)\s*\(\s*(?P<mark>[\"'])(?P<text>[^\"']{0,200})(?P=mark)\s*\)\s*)?"
)
_IF = re.compile(rf"\s*if\s+(?P<negated>not\s+)?(?P<record>{_NAME})\.(?P<field>{_NAME})\s*")
_OPENING = re.compile(r"\{[{%]")


@dataclass(frozen=True, slots=True)
class _Placeholder:
    record: str
    field: str
    fallback: str | None
    source: str

    @property
    def name(self) -> str:
        return f"{self.record}.{self.field}"


@dataclass(frozen=True, slots=True)
class _Condition:
    record: str
    field: str
    negated: bool
    source: str
    then: "list[_Node]" = dataclasses.field(default_factory=list)
    otherwise: "list[_Node]" = dataclasses.field(default_factory=list)


_Node = str | _Placeholder | _Condition


@dataclass(frozen=True, slots=True)
class Filled:
    """A template with its values in place; placeholders without one stand as they were."""

    text: str
    empty: tuple[str, ...]
    """Names of the placeholders without a value, ``contact.first_name``, each once."""


def fill(text: str, values: Values, fallbacks: Mapping[str, str] | None = None) -> Filled:
    """The template with its values; ``fallbacks`` (name → text) stand in for those that are empty.

    A value is never looked at again: what it holds is text, whatever it looks like. A name that nobody knows counts
    as empty, so that a slip of the pen is told and not sent. Raises Invalid (``template_syntax`` with the line,
    ``template_too_long``).
    """
    pieces: list[str] = []
    empty: dict[str, None] = {}
    room = LONGEST
    for piece in _pieces(_parsed(text), values, fallbacks or {}, empty):
        room -= len(piece)
        if room < 0:
            raise Invalid("template_too_long", most=LONGEST)
        pieces.append(piece)
    return Filled("".join(pieces), tuple(empty))


def check(text: str) -> None:
    """Raise Invalid when the text is no template."""
    _parsed(text)


def names(text: str) -> tuple[str, ...]:
    """The fields that a template names, ``record.field``, each once. Raises Invalid."""
    found: dict[str, None] = {}
    todo: list[list[_Node]] = [_parsed(text)]
    while todo:
        for node in todo.pop(0):
            if isinstance(node, _Placeholder):
                found[node.name] = None
            elif isinstance(node, _Condition):
                found[f"{node.record}.{node.field}"] = None
                todo += [node.then, node.otherwise]
    return tuple(found)


def replaced(text: str, values: Mapping[str, str]) -> str:
    """A text with the placeholders of these names (name → text) replaced, and all else as it is. Never raises."""

    def value(tag: re.Match[str]) -> str:
        found = _VALUE.fullmatch(tag["value"]) if tag["value"] is not None else None
        return values.get(f"{found['record']}.{found['field']}", "") if found else ""

    return _TAG.sub(lambda tag: value(tag) or tag[0], text)


def left_open(text: str) -> tuple[str, ...]:
    """What of a template still stands in a text that is to be sent: names, or the piece itself where it has none.

    Never raises; an empty answer means that there is neither ``{{`` nor ``{%`` in the text.
    """
    found: dict[str, None] = {}
    at = 0
    while begun := _OPENING.search(text, at):
        start = begun.start()
        tag = _TAG.match(text, start)
        value = _VALUE.fullmatch(tag["value"]) if tag and tag["value"] is not None else None
        if value is not None:
            found[f"{value['record']}.{value['field']}"] = None
        else:
            found[text[start : start + 40].split("\n")[0]] = None
        at = tag.end() if tag else start + 2
    return tuple(found)


def _pieces(
    nodes: list[_Node], values: Values, fallbacks: Mapping[str, str], empty: dict[str, None]
) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield node
        elif isinstance(node, _Placeholder):
            found = _value(values, node.record, node.field)
            found = found or fallbacks.get(node.name) or node.fallback or ""
            if not found:
                empty[node.name] = None
            yield found or node.source
        else:
            if node.field not in values.get(node.record, {}):
                empty[f"{node.record}.{node.field}"] = None
                yield node.source
                continue
            holds = bool(_value(values, node.record, node.field)) is not node.negated
            yield from _pieces(node.then if holds else node.otherwise, values, fallbacks, empty)


def _value(values: Values, record: str, name: str) -> str:
    return str(values.get(record, {}).get(name, "")).strip()


def _parsed(text: str) -> list[_Node]:
    if len(text) > LONGEST:
        raise Invalid("template_too_long", most=LONGEST)
    root: list[_Node] = []
    lists = [root]
    conditions: list[_Condition] = []
    at = 0
    for tag in _TAG.finditer(text):
        _plain(text, at, tag.start(), lists[-1])
        at = tag.end()
        if tag["value"] is not None:
            lists[-1].append(_placeholder(text, tag))
            continue
        word = tag["block"].strip()
        if begun := _IF.fullmatch(tag["block"]):
            if len(conditions) == DEEPEST:
                raise _wrong(text, tag.start(), tag[0])
            condition = _Condition(begun["record"], begun["field"], bool(begun["negated"]), tag[0])
            lists[-1].append(condition)
            conditions.append(condition)
            lists.append(condition.then)
        elif word == "else" and conditions and lists[-1] is conditions[-1].then:
            lists[-1] = conditions[-1].otherwise
        elif word == "endif" and conditions:
            conditions.pop()
            lists.pop()
        else:
            raise _wrong(text, tag.start(), tag[0])
    _plain(text, at, len(text), lists[-1])
    if conditions:
        raise _wrong(text, len(text), "{% endif %}")
    return root


def _plain(text: str, start: int, end: int, into: list[_Node]) -> None:
    piece = text[start:end]
    if begun := _OPENING.search(piece):
        at = begun.start()
        raise _wrong(text, start + at, piece[at : at + 40].split("\n")[0])
    if piece:
        into.append(piece)


def _placeholder(text: str, tag: re.Match[str]) -> _Placeholder:
    found = _VALUE.fullmatch(tag["value"])
    if found is None:
        raise _wrong(text, tag.start(), tag[0])
    return _Placeholder(found["record"], found["field"], found["text"], tag[0])


def _wrong(text: str, at: int, what: str) -> Invalid:
    return Invalid("template_syntax", line=text.count("\n", 0, at) + 1, what=what)
