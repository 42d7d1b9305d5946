"""Mail that a person asked for: how that ended is said in one line (MAIL-36)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_tui.domain.errors import CrmError, Refused
from crm_tui.i18n import _, ngettext
from crm_tui.services import messages
from crm_tui.services.ports import Ports, SyncState

if TYPE_CHECKING:
    from textual.app import App

    Base = App[int]
else:
    Base = object


@dataclass(slots=True)
class _Asked:
    """An account that mail was asked of, as it was then."""

    before: SyncState | None
    was_busy: bool = False

    def ended(self, now: SyncState) -> bool:
        """Whether a pass has come to its end since: well, with a fault, or given up."""
        self.was_busy = self.was_busy or now.state == "syncing"
        if now.state == "syncing":
            return False
        before = self.before
        return (
            self.was_busy
            or now.last_success_at != (before.last_success_at if before else None)
            or (now.error is not None and now.error is not (before.error if before else None))
        )


def _asked(state: SyncState | None) -> _Asked:
    return _Asked(state, was_busy=state is not None and state.state == "syncing")


class MailFetching(Base):
    """For the app: ``get_mail`` asks, and ``tell_fetched`` hears that the sync went on."""

    if TYPE_CHECKING:
        ports: Ports

        def say(self, text: str, *, trouble: bool = False) -> None: ...

    _asked: dict[int, _Asked] = {}
    _newest = 0
    """The newest letter of the store when mail was asked for."""
    _ended: tuple[SyncState, ...] = ()

    def get_mail(self, account_ids: Sequence[int] | None = None) -> None:
        """Get the mail of these accounts, or of all. Raises Refused where no sync runs."""
        from crm_tui.store.queries import arrivals

        sync = self.ports.sync
        if sync is None:
            raise Refused("no_sync_here")
        known = {one.account_id: one for one in sync.states()}
        if not self._asked:
            with self.ports.store.read() as connection:
                self._newest = arrivals.newest_letter(connection)
            self._ended = ()
        self._asked = {**self._asked, **{key: _asked(known.get(key)) for key in account_ids or known}}
        if account_ids is None:
            sync.fetch()
        for account_id in account_ids or ():
            sync.fetch(account_id)
        self.say(_("Getting mail …"))

    def tell_fetched(self, states: Sequence[SyncState]) -> None:
        """Say how it ended when the last account that was asked has answered."""
        if not self._asked:
            return
        ended = [
            one for one in states if one.account_id in self._asked and self._asked[one.account_id].ended(one)
        ]
        self._ended = (*self._ended, *ended)
        gone = self._asked.keys() - {one.account_id for one in states}
        over = {one.account_id for one in ended} | gone
        self._asked = {key: one for key, one in self._asked.items() if key not in over}
        if self._ended and not self._asked:
            self.run_worker(self._tell_ended(self._ended, self._newest), group="fetched")

    async def _tell_ended(self, ended: Sequence[SyncState], newest: int) -> None:
        accounts = [one.account_id for one in ended]
        try:
            count = await asyncio.to_thread(self._came, accounts, newest)
        except CrmError:  # another program holds the store: the list shows what came
            return
        faults = [
            _("{account}: {trouble}").format(account=one.name, trouble=messages.of_error(one.error))
            for one in ended
            if one.error is not None
        ]
        came = ngettext("{n} new letter", "{n} new letters", count).format(n=count) if count else ""
        told = [came, *faults] if came or faults else [_("No new letters")]
        self.say(" · ".join(filter(None, told)), trouble=bool(faults))

    def _came(self, account_ids: Sequence[int], newest: int) -> int:
        from crm_tui.store.queries import arrivals

        with self.ports.store.read() as connection:
            return arrivals.letters_since(connection, newest, account_ids)
