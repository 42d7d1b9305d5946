"""What stands under the graph: the settings of the point or the way under the cursor, in a few lines."""

from collections.abc import Iterator

from crm_tui.domain.route.route_map import (
    KINDS,
    ActionPoint,
    EndPoint,
    NestedPoint,
    Point,
    Route,
    Step,
    TimerPoint,
)
from crm_tui.i18n import _, ngettext
from crm_tui.screens.route import map_words
from crm_tui.screens.route.map_keeping import Draft
from crm_tui.screens.route.map_words import MapWords
from crm_tui.services.route import route_sentences
from crm_tui.widgets.route_block import Key
from crm_tui.widgets.route_drawing import KIND_NAMES


def facts(draft: Draft, key: Key | None) -> str:
    """The lines; empty where the cursor stands nowhere."""
    if key is None:
        return ""
    route, words = draft.route, draft.words
    if key[0] == "flow":
        return "\n".join(_way(route, int(key[1]), words))
    point = route.by_id[str(key[1])]
    wrong = [one for one in draft.problems if one.point == point.id]
    lines = [f"! {route_sentences.of_problem(route, one)}" for one in wrong]
    return "\n".join([_head(point, words), *lines, *_settings(point, words)])


def title(route: Route, id: str) -> str:
    """What a point is called."""
    point = route.by_id.get(id)
    if point is None:
        return id
    return point.name or _(KIND_NAMES[KINDS[type(point)]])


def state_said(point: Point, words: MapWords) -> str:
    """The state into which the Interest goes at a point."""
    return words.states.get(point.state, point.state)


def demands(step: Step, words: MapWords) -> str:
    """What must be there before the step is completed, in one line."""
    return ", ".join(map_words.requirement_said(one, words) for one in step.requirements)


def _head(point: Point, words: MapWords) -> str:
    kind = _(KIND_NAMES[KINDS[type(point)]])
    state = _("State: {state}").format(state=state_said(point, words)) if point.state else ""
    return " · ".join(part for part in (point.name, kind, state) if part)


def _way(route: Route, number: int, words: MapWords) -> Iterator[str]:
    flow = route.flows[number]
    said = map_words.way_said(route, number, words)
    yield f"{title(route, flow.source)} · {said}"
    yield _("leads to: {point}").format(point=title(route, flow.target))


def _settings(point: Point, words: MapWords) -> Iterator[str]:
    match point:
        case Step():
            yield from _of_step(point, words)
        case NestedPoint():
            yield _("Waits for a process of: {map}").format(map=words.maps.get(point.map, (point.map,))[0])
        case TimerPoint():
            yield _("Waits {time}").format(time=map_words.duration_said(point.duration))
        case ActionPoint():
            yield _(map_words.ACTIONS.get(point.action, point.action))
            yield ", ".join(f"{name}={text}" for name, text in point.settings.items())
        case EndPoint():
            yield (
                _("the process ended well")
                if point.successful
                else _("the process failed: a reason is asked")
            )


def _of_step(step: Step, words: MapWords) -> Iterator[str]:
    parts = [map_words.performer_said(step.performer, words), map_words.duration_said(step.duration)]
    if step.ask_result:
        parts.append(_("asks for the result"))
    yield " · ".join(part for part in parts if part)
    if step.requirements:
        yield _("Needed: {list}").format(list=demands(step, words))
    if step.rules:
        count = len(step.rules)
        yield ngettext("{count} rule: {first}", "{count} rules: {first} …", count).format(
            count=count, first=map_words.rule_said(step.rules[0], words)
        )
    if step.instruction:
        yield step.instruction.strip().splitlines()[0]
