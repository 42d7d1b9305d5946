"""The route maps that come with the program, with the letters that they send (RM-04, CORP-23, IDX-25).

They lie in ``crm_tui/maps`` as files like those that anybody writes, in English; the store gets them in the language
of whoever first looks at the catalogue. They are drafts, sound as they are, and start nothing until put in force.
"""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from sqlalchemy import Connection, select

from crm_tui.domain.route.route_map import Point, Route, RuleAction, Step, StepRule
from crm_tui.domain.route.route_text import Written, read
from crm_tui.domain.text import fold
from crm_tui.i18n import _
from crm_tui.services.interest import scenarios
from crm_tui.services.route import route_maps
from crm_tui.services.writing import letter_templates
from crm_tui.store.engine import Store
from crm_tui.store.tables import LetterTemplate, table_of
from crm_tui.store.tables.processes import RouteMap
from crm_tui.store.work import Work

FOLDER = Path(str(files("crm_tui").joinpath("maps")))
LETTERS = "letters.toml"
Words = Callable[[str], str]
"""From the English source text to the language in which a map is put down."""


@lru_cache(maxsize=1)
def shipped() -> dict[str, Written]:
    """The maps by the names of their files."""
    paths = sorted(path for path in FOLDER.glob("*.toml") if path.name != LETTERS)
    return {path.name: read(path.read_bytes()) for path in paths}


@lru_cache(maxsize=1)
def letters() -> dict[str, tuple[str, str]]:
    """The letters that the maps send: name → subject and body."""
    data = tomllib.loads((FOLDER / LETTERS).read_text("utf-8"))
    return {one["name"]: (one["subject"], one["body"]) for one in data["letter"]}


def are_there(connection: Connection) -> bool:
    """Whether the store has them all, in whatever status, and the scenarios that they are for."""
    there = set(connection.scalars(select(table_of(RouteMap).c.code)))
    return scenarios.are_shipped(connection) and {one.code for one in shipped().values()} <= there


def ensure_in(store: Store) -> None:
    """Put the maps that a store lacks into it; without writing where it lacks none."""
    with store.read() as connection:
        complete = are_there(connection)
    if not complete:
        with store.facts("route_maps.shipped") as work:
            ensure(work)


def ensure(work: Work, words: Words = _) -> None:
    """Put the maps that the store lacks into it as drafts, and the letters that they send. What was once put into it
    is never put there again: the company may have changed it."""
    scenarios.ensure_shipped(work)
    for one in shipped().values():
        if work.find(RouteMap, code=one.code) is None:
            _ensure_letters(work, one.route, words)
            route_maps.add_shipped(work, Written(one.code, in_words(one.route, words)))


def in_words(route: Route, words: Words) -> Route:
    """The route with its texts in a language."""
    return replace(
        route,
        name=words(route.name),
        notes=words(route.notes),
        points=tuple(_point(point, words) for point in route.points),
    )


def source_texts() -> Iterator[tuple[str, str]]:
    """File and text of all that is to be translated."""
    for file, one in shipped().items():
        found: dict[str, None] = {}

        def kept(text: str, found: dict[str, None] = found) -> str:
            found.setdefault(text)
            return text

        in_words(one.route, kept)
        yield from ((file, text) for text in found if text)
    for name, (subject, body) in letters().items():
        yield from ((LETTERS, text) for text in (name, subject, body))


def _point(point: Point, words: Words) -> Point:
    point = replace(point, name=words(point.name))
    if not isinstance(point, Step):
        return point
    return replace(
        point,
        instruction=words(point.instruction),
        outcomes=tuple(replace(one, name=words(one.name)) for one in point.outcomes),
        rules=tuple(_rule(one, words) for one in point.rules),
    )


def _rule(rule: StepRule, words: Words) -> StepRule:
    return rule if rule.action is RuleAction.SET_FIELD else replace(rule, target=words(rule.target))


def _ensure_letters(work: Work, route: Route, words: Words) -> None:
    steps = (point for point in route.points if isinstance(point, Step))
    wanted = {rule.target for step in steps for rule in step.rules if rule.action is RuleAction.EMAIL}
    template = table_of(LetterTemplate)
    there = {fold(name) for name in work.connection.scalars(select(template.c.name))}
    for name, (subject, body) in letters().items():
        if name in wanted and fold(words(name)) not in there:
            letter_templates.add(work, words(name), subject=words(subject), body=words(body))
