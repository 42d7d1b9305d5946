"""Whether processes are used at all: the company's switch (RM-01) and its edition (RM-02)."""

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.text import clean
from crm_tui.services import users
from crm_tui.services.process import process_catching_up, process_hold, process_state, processes
from crm_tui.store.tables import Interest, Setting
from crm_tui.store.tables.processes import Process
from crm_tui.store.work import Work

EDITIONS = ("base", "prof", "corp")


def switch(work: Work, on: bool) -> None:
    """Use business processes and tasks, or not (RM-01). Off: nothing starts or goes on, states are moved by hand; all
    data are kept. On again: those that control hold the state that their Interest stands in now; of an Interest that
    was closed meanwhile they end. Steps whose tasks were closed meanwhile: ``process_catching_up``.

    Raises Refused (``needs_an_administrator``, ``edition_without_processes``).
    """
    edition = process_hold.edition(work.connection)
    if on and edition not in process_hold.WITH_PROCESSES:
        raise Refused("edition_without_processes", edition=edition)
    _set(work, process_hold.SETTING, on)


def set_edition(work: Work, edition: str) -> None:
    """Work with another edition: ``base`` has no processes, ``prof`` and ``corp`` have them (RM-02). What it leaves
    out is as switched off: no data are lost.

    Raises Invalid (``no_such_edition``) and Refused (``needs_an_administrator``).
    """
    if edition not in EDITIONS:
        raise Invalid("no_such_edition", value=clean(edition))
    _set(work, process_hold.EDITION, edition)


def _set(work: Work, name: str, value: bool | str) -> None:
    """Write a setting of the company; where processes go out of use by it, or into use, they let go or take hold."""
    if work.actor.user_id is not None and not users.may(work.connection, work.actor.user_id, users.ADMIN):
        raise Refused("needs_an_administrator")
    before = process_hold.are_used(work.connection)
    known = work.find(Setting, name=name, user_id=None)
    if known is None:
        work.add(Setting(name=name, value=value))
    else:
        work.change(known, value=value)
    on = process_hold.are_used(work.connection)
    if on == before:
        return
    for process in work.all(Process, controlling=True):
        if process.status not in process_state.ALIVE or process.interest_id is None:
            continue
        interest = work.get(Interest, process.interest_id)
        if not on:
            work.change(process, held_state_id=None)
        elif interest.closed_at is not None:
            processes.end(work, process.key)
        else:
            work.change(process, held_state_id=interest.state_id)
    if on:
        process_catching_up.after_rest(work)
