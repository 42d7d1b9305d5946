"""All commands of the program, and how to find one."""

from collections.abc import Iterable
from functools import cache

from crm_tui.commands import (
    accounts,
    board,
    bulk,
    calendar,
    card_files,
    card_processes,
    clean_data,
    company,
    compose,
    contacts,
    customers,
    documents,
    entities,
    everywhere,
    exchange,
    files,
    filters,
    folders,
    forms,
    handover,
    intake,
    interest_parts,
    interests,
    leads,
    letter_templates,
    lists,
    mail,
    mail_reading,
    mail_rules,
    maps,
    notifications,
    outbox,
    own_fields,
    parties,
    process_switch,
    processes,
    reminder,
    reports,
    route,
    row_looks,
    scenarios,
    settings,
    tasks,
    today,
    words,
    work_calendar,
)
from crm_tui.commands.command import Command

TABLES = (
    everywhere,
    parties,
    lists,
    mail,
    mail_reading,
    files,
    card_files,
    card_processes,
    documents,
    own_fields,
    tasks,
    calendar,
    customers,
    contacts,
    leads,
    entities,
    words,
    interests,
    interest_parts,
    processes,
    process_switch,
    company,
    board,
    reports,
    bulk,
    scenarios,
    maps,
    route,
    row_looks,
    today,
    clean_data,
    handover,
    exchange,
    intake,
    reminder,
    compose,
    forms,
    notifications,
    outbox,
    settings,
    filters,
    letter_templates,
    mail_rules,
    folders,
    accounts,
    work_calendar,
)

EVERYWHERE = "everywhere"
LIST = "list"


@cache
def all_commands() -> tuple[Command, ...]:
    """Every command, in the order of the tables."""
    return tuple(command for table in TABLES for command in table.COMMANDS)


@cache
def by_id() -> dict[str, Command]:
    """Id → command."""
    return {command.id: command for command in all_commands()}


@cache
def by_scope() -> dict[str, tuple[Command, ...]]:
    """Scope → its commands."""
    scopes: dict[str, list[Command]] = {}
    for command in all_commands():
        scopes.setdefault(command.scope, []).append(command)
    return {scope: tuple(commands) for scope, commands in scopes.items()}


def find(name: str, scopes: Iterable[str] = ()) -> Command | None:
    """The command meant by a name: an id, or a verb that the place or the whole program has but once.

    ``scopes`` are those of the place, nearest first: ``done`` means ``tasks.done`` on My Tasks.
    """
    name = name.strip().lower().replace("-", "_")
    if name in by_id():
        return by_id()[name]
    for scope in (*scopes, EVERYWHERE):
        if f"{scope}.{name}" in by_id():
            return by_id()[f"{scope}.{name}"]
    same = [command for command in all_commands() if command.verb == name]
    return same[0] if len(same) == 1 else None


def names(scopes: Iterable[str] = ()) -> list[str]:
    """The shortest name of each command that ``find`` understands in the place, those of the place first."""
    near = [command for scope in (*scopes, EVERYWHERE) for command in by_scope().get(scope, ())]
    rest = [command for command in all_commands() if command not in near]
    shortest = [
        command.verb if find(command.verb, scopes) is command else command.id for command in (*near, *rest)
    ]
    return list(dict.fromkeys(shortest))
