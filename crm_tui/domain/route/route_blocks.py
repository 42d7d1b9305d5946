"""Which parallel branches the points of a route stand in (BP-20): between a split and the join that ends it."""

from collections.abc import Mapping

from crm_tui.domain.route.route_map import JoinPoint, Route, SplitPoint, StartPoint

Block = tuple[tuple[str, int], ...]
"""From the outside in: each split, and the number of its flow that the branch begins with."""


def blocks(route: Route) -> Mapping[str, Block]:
    """Point → the branches that it stands in; of a split or join those around it. Points that nothing leads to are
    left out, and of a route that is not sound the first way decides."""
    begin = next((point.id for point in route.points if isinstance(point, StartPoint)), None)
    found: dict[str, Block] = {} if begin is None else {begin: ()}
    waiting = list(found)
    while waiting:
        source = waiting.pop(0)
        for number in route.leaving[source]:
            target = route.flows[number].target
            if target in found or target not in route.by_id:
                continue
            found[target] = arriving_block(route, found[source], number)
            waiting.append(target)
    return found


def flow_block(route: Route, block: Block, number: int) -> Block:
    """The block that a flow runs in, whose source stands in ``block``."""
    source = route.flows[number].source
    return (*block, (source, number)) if isinstance(route.by_id[source], SplitPoint) else block


def arriving_block(route: Route, block: Block, number: int) -> Block:
    """The block that a flow comes to, whose source stands in ``block``."""
    block = flow_block(route, block, number)
    return block[:-1] if isinstance(route.by_id.get(route.flows[number].target), JoinPoint) else block


def join_of(route: Route, split: str) -> str | None:
    """The join that ends the branches of a split; None where there is none."""
    within = blocks(route)
    for point in route.points:
        if not isinstance(point, JoinPoint):
            continue
        for number in route.arriving[point.id]:
            around = flow_block(route, within.get(route.flows[number].source, ()), number)
            if around and around[-1][0] == split:
                return point.id
    return None


def split_of(route: Route, join: str) -> str | None:
    """The split whose branches a join ends; None where there is none."""
    splits = (point.id for point in route.points if isinstance(point, SplitPoint))
    return next((split for split in splits if join_of(route, split) == join), None)
