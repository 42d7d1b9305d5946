"""The subjects of conditions as they are in a store now: with the company's words, fields and kept results."""

from sqlalchemy import Connection, select

from crm_tui.domain.conditions.condition_fields import SUBJECTS, Subject
from crm_tui.domain.conditions.record_subjects import RECORDS, Choices, OwnField, subject_of_record
from crm_tui.domain.text import clean
from crm_tui.i18n import _
from crm_tui.services.record import lists
from crm_tui.store.tables import Scenario, State, User, found, table_of

scenario, state, user = table_of(Scenario), table_of(State), table_of(User)


def subject(connection: Connection, kind: str, *, archived: bool = False) -> Subject:
    """The subject of this id: ``letter``, or a kind of ``record_subjects.RECORDS``. ``archived``: with the own fields
    that are not offered any more, for conditions that were written before."""
    if kind not in RECORDS:
        return SUBJECTS[kind]

    def words_of(name: str) -> Choices:
        return list(lists.names(connection, name).items())

    return subject_of_record(kind, words_of, _own_fields(connection, kind, archived))


def choices(connection: Connection, of: str) -> list[tuple[int, str]]:
    """Records that a reference of these subjects can point to: id, and name fit to show."""
    kind, _space, subject_id = of.partition(" ")
    if kind == "segment":
        segment = found("segment")
        query = select(segment.c.id, segment.c.name).where(segment.c.kind == subject_id)
        query = query.order_by(segment.c.name)
    elif kind == "state":
        states = select(state.c.id, state.c.name, scenario.c.name.label("within"))
        states = states.join(scenario, scenario.c.id == state.c.scenario_id)
        rows = connection.execute(states.order_by(scenario.c.position, state.c.position)).all()
        many = len({row.within for row in rows}) > 1
        return [(row.id, clean(f"{_(row.within)}: {_(row.name)}" if many else _(row.name))) for row in rows]
    else:
        table = {"user": user, "scenario": scenario}[kind]
        query = select(table.c.id, table.c.name).order_by(table.c.name)
    return [(row.id, clean(_(row.name))) for row in connection.execute(query) if row.name]


def _own_fields(connection: Connection, kind: str, archived: bool) -> list[OwnField]:
    from crm_tui.services.record import custom_fields

    return [
        OwnField(one.code, clean(one.label) or one.code, one.type, [(word, word) for word in one.choices])
        for one in custom_fields.of_kind(connection, kind, archived=archived)
    ]
