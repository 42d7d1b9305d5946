"""Who performs a step (BP-13): the rules of a map looked up among the users, and who of them is there."""

from sqlalchemy import Connection, bindparam, func, select

from crm_tui.domain.route.route_map import Performer, PerformerRule, Step
from crm_tui.services.process.process_object import About, about
from crm_tui.store.tables import Task, User, table_of
from crm_tui.store.tables.processes import Process, ProcessEvent, ProcessToken
from crm_tui.store.work import Work

user, task = table_of(User), table_of(Task)
_ACTIVE = select(user.c.id).where(user.c.id == bindparam("of"), user.c.active)


def performer(work: Work, process: Process, step: Step, card: About | None = None) -> int | None:
    """The user who is to perform the step of a process, which is about this card. Where its rule finds nobody who
    works here: the owner of the card, who started the process, or the first user. None in a store without users.

    Whoever is away is stood in for when the task is made (``tasks.add``).
    """
    card = card or about(work.connection, process.object_kind, process.object_id, process.interest_id)
    return next(iter(_found(work, process, step.performer, card)), None) or _owner(work, process, card)


def owner(work: Work, process: Process) -> int | None:
    """Who answers for the process: the owner of its card, else who started it, else the first user."""
    card = about(work.connection, process.object_kind, process.object_id, process.interest_id)
    return _owner(work, process, card)


def with_role(connection: Connection, role: str) -> list[int]:
    """The users with this role who work here, by id."""
    query = select(user.c.id, user.c.roles).where(user.c.active).order_by(user.c.id)
    return [row.id for row in connection.execute(query) if role in (row.roles or ())]


def _found(work: Work, process: Process, rule: Performer, card: About) -> list[int]:
    connection = work.connection
    match rule.rule:
        case PerformerRule.OWNER:
            return []
        case PerformerRule.HEAD:
            head = select(user.c.head_id).where(user.c.id == _owner(work, process, card))
            return _active(connection, connection.execute(head).scalar_one_or_none())
        case PerformerRule.USER:
            return _active(
                connection, connection.execute(select(user.c.id).where(user.c.login == rule.of)).scalar()
            )
        case PerformerRule.ROLE:
            able = with_role(connection, rule.of)
            mine = _owner(work, process, card)
            return [mine] if mine is not None and mine in able else able
        case PerformerRule.LEAST_LOADED:
            return _by_load(connection, with_role(connection, rule.of))
        case PerformerRule.PREVIOUS:
            return _active(connection, _previous(connection, process))


def _active(connection: Connection, user_id: int | None) -> list[int]:
    return [] if user_id is None else list(connection.execute(_ACTIVE, {"of": user_id}).scalars())


def _owner(work: Work, process: Process, card: About) -> int | None:
    for user_id in (card.owner_id, process.started_by):
        if found := _active(work.connection, user_id):
            return found[0]
    query = select(user.c.id).where(user.c.active).order_by(user.c.id).limit(1)
    return work.connection.execute(query).scalar_one_or_none()


def _by_load(connection: Connection, able: list[int]) -> list[int]:
    """The fewest open tasks first, then by id."""
    query = (
        select(task.c.assignee_id, func.count())
        .where(task.c.assignee_id.in_(able), task.c.status == "open")
        .group_by(task.c.assignee_id)
    )
    load = {row[0]: row[1] for row in connection.execute(query)}
    return sorted(able, key=lambda one: (load.get(one, 0), one))


def _previous(connection: Connection, process: Process) -> int | None:
    """Who completed the last step of the process that was completed."""
    event, token = table_of(ProcessEvent), table_of(ProcessToken)
    of_step = (token.c.process_id == event.c.process_id) & (token.c.token == event.c.token)
    query = (
        select(event.c.user_id, token.c.performer_id)
        .join(token, of_step)
        .where(event.c.process_id == process.key, event.c.kind == "completed", token.c.kind == "step")
        .order_by(event.c.number.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else row.user_id or row.performer_id
