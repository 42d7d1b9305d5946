"""Where the shapes of a diagram stand: in layers from left to right, with room for each way between them.

The method is that of Sugiyama, made small: ways back are turned, each point stands one layer behind the last of those
before it, a way over several layers gets a place in each, so that no way runs through a shape.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

WIDTH, HEIGHT = 180, 110
"""Of the cell that a shape stands in, in pixels."""
LEFT, TOP = 160, 80

Edge = tuple[str, str]
Spot = tuple[int, int]


@dataclass(frozen=True)
class Layout:
    """Shape → middle of its cell; way → corners between the shapes, from the middle of one to that of the other."""

    shapes: Mapping[str, Spot]
    ways: tuple[tuple[Spot, ...], ...]


def laid_out(nodes: Sequence[str], edges: Sequence[Edge]) -> Layout:
    """The layout of a graph; edges between nodes that are there, in the order in which ways are told."""
    back = _back(nodes, edges)
    layers = _layers(nodes, [edge for place, edge in enumerate(edges) if place not in back])
    spots, lanes = _rows(nodes, edges, back, layers)
    lowest = max((row for _layer, row in chain(spots.values(), *lanes.values())), default=0)
    ways = []
    for place, (source, target) in enumerate(edges):
        if place in back or source == target:
            lowest += 1
            ways.append(_way_round(spots[source], spots[target], lowest))
        else:
            ways.append(_way_on([spots[source], *lanes.get(place, []), spots[target]]))
    return Layout({node: _middle(spot) for node, spot in spots.items()}, tuple(ways))


def _back(nodes: Sequence[str], edges: Sequence[Edge]) -> set[int]:
    """The edges that lead back to where their way came from, found by going through the graph once."""
    leaving: dict[str, list[int]] = {node: [] for node in nodes}
    arriving = {target for _source, target in edges}
    for place, (source, _target) in enumerate(edges):
        leaving[source].append(place)
    back: set[int] = set()
    on_the_way: dict[str, bool] = {}
    for root in [*(node for node in nodes if node not in arriving), *nodes]:
        stack = [] if root in on_the_way else [(root, 0)]
        while stack:
            node, place = stack.pop()
            on_the_way[node] = place < len(leaving[node])
            if not on_the_way[node]:
                continue
            stack.append((node, place + 1))
            target = edges[leaving[node][place]][1]
            if on_the_way.get(target):
                back.add(leaving[node][place])
            elif target not in on_the_way:
                stack.append((target, 0))
    return back


def _layers(nodes: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """How many shapes stand before a shape on the longest way to it; the edges have no circle."""
    before = dict.fromkeys(nodes, 0)
    leaving: dict[str, list[str]] = {node: [] for node in nodes}
    for source, target in edges:
        before[target] += 1
        leaving[source].append(target)
    layers = dict.fromkeys(nodes, 0)
    ready = [node for node in nodes if not before[node]]
    while ready:
        node = ready.pop()
        for target in leaving[node]:
            layers[target] = max(layers[target], layers[node] + 1)
            before[target] -= 1
            if not before[target]:
                ready.append(target)
    return layers


def _rows(
    nodes: Sequence[str], edges: Sequence[Edge], back: set[int], layers: Mapping[str, int]
) -> tuple[dict[str, Spot], dict[int, list[Spot]]]:
    """The cell of each shape, and the cells that each way passes on the layers between its shapes."""
    taken: set[Spot] = set()
    spots: dict[str, Spot] = {}
    lanes: dict[int, list[Spot]] = {}
    leaving: dict[str, list[int]] = {node: [] for node in nodes}
    for place, (source, _target) in enumerate(edges):
        if place not in back:
            leaving[source].append(place)

    def free(layer: int, row: int) -> Spot:
        while (layer, row) in taken:
            row += 1
        taken.add((layer, row))
        return layer, row

    wished = dict.fromkeys(nodes, 0)
    for node in sorted(nodes, key=lambda one: layers[one]):
        spots[node] = free(layers[node], wished[node])
        row = spots[node][1]
        for branch, place in enumerate(leaving[node]):
            target = edges[place][1]
            passed = range(layers[node] + 1, layers[target])
            lanes[place] = [free(layer, row + branch) for layer in passed]
            wished[target] = max(wished[target], row + branch) if wished[target] else row + branch
    return spots, lanes


def _middle(spot: Spot) -> Spot:
    return LEFT + spot[0] * WIDTH, TOP + spot[1] * HEIGHT


def _way_on(spots: Sequence[Spot]) -> tuple[Spot, ...]:
    """To the right; from row to row in the gap between two layers."""
    corners = [_middle(spots[0])]
    for spot in spots[1:]:
        x, y = _middle(spot)
        if y != corners[-1][1]:
            corners += [(x - WIDTH // 2, corners[-1][1]), (x - WIDTH // 2, y)]
        corners.append((x, y))
    return tuple(corners)


def _way_round(source: Spot, target: Spot, row: int) -> tuple[Spot, ...]:
    """Down, below everything, and up again."""
    (from_x, from_y), (to_x, to_y) = _middle(source), _middle(target)
    below = TOP + row * HEIGHT
    aside = WIDTH // 4
    return (
        (from_x, from_y),
        (from_x + WIDTH // 2, from_y),
        (from_x + WIDTH // 2, below),
        (to_x - WIDTH // 2 + aside, below),
        (to_x - WIDTH // 2 + aside, to_y),
        (to_x, to_y),
    )
