"""The person at this program, and who an act is written down to."""

import getpass

from crm_tui.store.engine import Store
from crm_tui.store.tables import User
from crm_tui.store.work import Actor, Work


def ensure(work: Work, login: str, *, name: str = "", zone: str = "UTC", language: str = "en") -> User:
    """The user with this login, made when not there."""
    found = work.find(User, login=login)
    if found is not None:
        return found
    return work.add(User(login=login, name=name or login, zone=zone, language=language))


def current(store: Store, *, zone: str = "UTC", language: str = "en") -> User:
    """The user of this login session, made on first use. The store's first user is taken over by whoever opens a
    store with one user only: a private store stays one person's, whatever the login is called."""
    login = getpass.getuser()
    with store.facts("user.current") as work:
        known = work.all(User, limit=2)
        if len(known) == 1:
            return known[0]
        return ensure(work, login, zone=zone, language=language)


def actor_of(user: User) -> Actor:
    """The user as the actor of a unit of work."""
    return Actor(user.name, user.key)
