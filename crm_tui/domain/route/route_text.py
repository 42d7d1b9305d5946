"""A route map as TOML that a person likes to read and to edit (CORP-22), and back.

``[map]`` has the parameters, then each point is a table ``[point.ID]`` with its ``kind``, its settings and where it
goes on: ``next = "proposal"``, or a list of flows, each a name or ``{to = …, when = …, controls = true}``. The
outcomes of a step say their own way: ``outcomes.won = {name = "Won", next = "done"}``. What is not said is as usual.
Comments do not survive; apart from them a file that was written here comes back byte for byte.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from crm_tui.domain.errors import Invalid
from crm_tui.domain.route import route_json
from crm_tui.domain.route.route_map import Route
from crm_tui.domain.text import clean

LARGEST = 512 * 1024
"""Bytes of a file that is read."""
CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
"""What a code of a map looks like."""

Plain = dict[str, Any]
_PARAMETERS = tuple(one.name for one in fields(Route) if one.name not in ("points", "flows"))
_KEY_PART = r"(?:[\w-]{1,200}|\"[^\"\n]{0,200}\"|'[^'\n]{0,200}')[ \t]*\.[ \t]*"
_LONG_KEY = re.compile(rf"(?:{_KEY_PART}){{9}}")
_LONG_INNER_KEY = re.compile(rf"[{{,][ \t]*(?:{_KEY_PART}){{9}}")
"""Nine dots in a name: nothing here has so many, and the time ``tomllib`` takes grows with their square."""
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_RULE_NAMES = {"event": "on", "action": "do", "condition": "when"}
_RULE_NAMES_BACK = {new: old for old, new in _RULE_NAMES.items()}


@dataclass(frozen=True, slots=True)
class Written:
    """A map as a file holds it."""

    code: str
    """The stable name by which nested points refer to it; empty where the file gives none."""
    route: Route


def in_order(route: Route) -> Route:
    """The same route with its flows in the order of the points that they leave: as it comes back from a file."""
    at = {point.id: place for place, point in enumerate(route.points)}
    flows = sorted(route.flows, key=lambda flow: at.get(flow.source, len(at)))
    return replace(route, flows=tuple(flows))


def written(route: Route, code: str = "") -> str:
    """The text of a map. Raises Invalid (``route_twice``) where two points have one id."""
    import tomlkit

    route = in_order(route)
    if len(route.by_id) != len(route.points):
        twice = next(one.id for one in route.points if route.by_id[one.id] is not one)
        raise Invalid("route_twice", place=clean(twice)[:50])
    said = route_json.as_json(route)
    document = tomlkit.document()
    head = tomlkit.table()
    for name in ("code", *_PARAMETERS):
        value = code if name == "code" else said.get(name)
        if value is not None and (value != "" or name not in ("code", "number", "name")):
            head.append(name, _item(value))
    document.append("map", head)
    points = tomlkit.table(is_super_table=True)
    for point, plain in zip(route.points, said["points"], strict=True):
        flows = [said["flows"][number] for number in route.leaving[point.id]]
        points.append(point.id, _point_table(plain, flows))
    if route.points:
        document.append("point", points)
    loose = [flow for flow in said["flows"] if flow["source"] not in route.by_id]
    if loose:
        document.append("flow", _tables(loose))
    return tomlkit.dumps(document)


def read(data: bytes) -> Written:
    """The map that a file holds.

    Raises Invalid: ``route_file_big``, ``route_not_text``, ``route_toml`` with the ``line`` and the ``reason``,
    ``route_code``, and all that ``route_json.parsed`` raises, which name the point.
    """
    if len(data) > LARGEST:
        raise Invalid("route_file_big", most=LARGEST // 1024)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("route_not_text") from None
    plain = _loaded(text.replace("\r\n", "\n"))
    for name in plain:
        if name not in ("map", "point", "flow"):
            raise Invalid("route_unknown", place="map", name=clean(name)[:50])
    head = _table(plain.get("map", {}), "map")
    code = head.pop("code", "")
    if not isinstance(code, str) or (code and not CODE.fullmatch(code)):
        raise Invalid("route_code", value=clean(str(code))[:50])
    points, flows = [], []
    for point_id, settings in _table(plain.get("point", {}), "point").items():
        point, leaving = _point(point_id, _table(settings, point_id))
        points.append(point)
        flows += leaving
    more = plain.get("flow", [])
    if not isinstance(more, list):
        raise Invalid("route_shape", place="flow")
    return Written(code, route_json.parsed({**head, "points": points, "flows": [*flows, *more]}))


def _loaded(text: str) -> Plain:
    lines = text.split("\n")
    if any(_LONG_KEY.match(line.lstrip(" \t[")) or _LONG_INNER_KEY.search(line) for line in lines):
        raise Invalid("route_shape", place="map")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise Invalid("route_shape", place="map") from None
    except (tomllib.TOMLDecodeError, ValueError) as error:  # a number or date that there is not
        reason = str(error)
        found = _PLACE.search(reason)
        line = int(found[1]) if found and found[1] else text.count("\n") + 1
        raise Invalid("route_toml", line=line, reason=clean(_PLACE.sub("", reason))[:100]) from None


# reading a point


def _point(point_id: str, settings: Plain) -> tuple[Plain, list[Plain]]:
    """The point and the flows that leave it, as ``route_json`` has them."""
    plain = dict(settings)
    onward = plain.pop("next", [])
    flows: list[Plain] = []
    if "outcomes" in plain:
        plain["outcomes"] = outcomes = []
        for code, said in _table(settings["outcomes"], point_id).items():
            outcome = dict(_table(said, point_id))
            if "next" in outcome:
                flows.append({"source": point_id, "target": outcome.pop("next"), "outcome": code})
            outcomes.append({**outcome, "code": code})
    flows += [_flow(point_id, one) for one in (onward if isinstance(onward, list) else [onward])]
    if "performer" in plain:
        plain["performer"] = _performer(plain["performer"], point_id)
    if "requires" in plain:
        plain["requirements"] = [
            _requirement(one, point_id) for one in _list(plain.pop("requires"), point_id)
        ]
    if "rules" in plain:
        plain["rules"] = [
            {_RULE_NAMES_BACK.get(name, name): value for name, value in _table(rule, point_id).items()}
            for rule in _list(plain["rules"], point_id)
        ]
    return {**plain, "id": point_id}, flows


def _flow(source: str, said: object) -> Plain:
    if isinstance(said, str):
        return {"source": source, "target": said}
    flow = dict(_table(said, source))
    plain: Plain = {"source": source, "target": flow.pop("to", "")}
    if "when" in flow:
        plain["condition"] = flow.pop("when")
    return {**flow, **plain}


def _performer(said: object, place: str) -> Plain:
    if not isinstance(said, str):
        raise Invalid("route_value", place=clean(place)[:50], name="performer", value=clean(str(said))[:50])
    rule, _space, of = said.partition(" ")
    return {"rule": rule, "of": of}


def _requirement(said: object, place: str) -> Plain:
    plain = dict(_table(said, place))
    kind = next((one for one in ("document", "field") if one in plain), None)
    return plain if kind is None else {"kind": kind, "of": plain.pop(kind), **plain}


def _table(data: object, place: str) -> Plain:
    if not isinstance(data, dict):
        raise Invalid("route_shape", place=clean(place)[:50])
    return data


def _list(data: object, place: str) -> list[Any]:
    if not isinstance(data, list):
        raise Invalid("route_shape", place=clean(place)[:50])
    return data


# writing a point


def _point_table(plain: Plain, flows: Sequence[Plain]) -> Any:
    import tomlkit

    table = tomlkit.table()
    outcomes = {one["code"]: {"name": one["name"]} for one in plain.get("outcomes", ())}
    own_ways = _own_ways(plain, flows)
    for name, value in plain.items():
        if name in ("id", "outcomes", "rules") or (name != "kind" and value == ""):
            continue
        if name == "performer":
            table.append(name, f"{value.get('rule', 'owner')} {value.get('of', '')}".removesuffix(" "))
        elif name == "requirements":
            table.append("requires", _lines([_short(one) for one in value]))
        else:
            table.append(name, _item(value))
    for code, outcome in outcomes.items():
        way = {"next": own_ways[code]} if own_ways else {}
        table.append(tomlkit.key(["outcomes", code]), _item({**outcome, **way}))
    if flows and not own_ways:
        table.append("next", _onward(flows))
    if plain.get("rules"):
        rules = [
            {_RULE_NAMES.get(name, name): value for name, value in rule.items()} for rule in plain["rules"]
        ]
        table.append("rules", _tables(rules))
    return table


def _own_ways(plain: Plain, flows: Sequence[Plain]) -> Mapping[str, str]:
    """Outcome → where it goes, where each has one flow and nothing else leaves the step."""
    codes = [one["code"] for one in plain.get("outcomes", ())]
    simple = all(flow.keys() == {"source", "target", "outcome"} for flow in flows)
    if not codes or not simple or [flow.get("outcome") for flow in flows] != codes:
        return {}
    return {flow["outcome"]: flow["target"] for flow in flows}


def _onward(flows: Sequence[Plain]) -> Any:
    said = []
    for flow in flows:
        plain = {
            "to": flow["target"],
            **{name: flow[name] for name in flow if name not in ("source", "target")},
        }
        if "condition" in plain:
            plain["when"] = plain.pop("condition")
        said.append(flow["target"] if plain.keys() == {"to"} else plain)
    return _item(said[0]) if len(said) == 1 and isinstance(said[0], str) else _lines(said)


def _short(requirement: Plain) -> Plain:
    kind = requirement["kind"]
    if kind not in ("document", "field"):
        return requirement
    return {kind: requirement["of"], **{name: requirement[name] for name in requirement if name == "count"}}


# values of TOML


def _item(value: Any) -> Any:
    import tomlkit

    if isinstance(value, str):
        return _text_of_lines(value) if "\n" in value else tomlkit.string(value)
    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        for name, one in value.items():
            table.append(name, tomlkit.string(one) if isinstance(one, str) else _item(one))
        return table
    if isinstance(value, list | tuple):
        array = tomlkit.array()
        for one in value:
            array.append(tomlkit.string(one) if isinstance(one, str) else _item(one))
        return array
    return tomlkit.item(value)


def _text_of_lines(text: str) -> Any:
    """It begins under its name: a line feed behind the opening quotes is no part of it."""
    import tomlkit

    quoted = tomlkit.string(text, multiline=True).as_string()
    return tomlkit.value(quoted if text.startswith("\n") else quoted.replace('"""', '"""\n', 1))


def _lines(values: Sequence[Any]) -> Any:
    """A list with one value a line, where there is more than one."""
    array = _item(values)
    return array.multiline(True) if len(values) > 1 else array


def _tables(rows: Sequence[Plain]) -> Any:
    import tomlkit

    array = tomlkit.aot()
    for row in rows:
        table = tomlkit.table()
        for name, value in row.items():
            table.append(name, _item(value))
        array.append(table)
    return array
