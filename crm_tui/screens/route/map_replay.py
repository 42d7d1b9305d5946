"""Past Interests flown through a map before it is in force: the second half of the flight simulator. Nothing is
written, nobody is told."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from crm_tui.domain.text import clean
from crm_tui.i18n import N_, _, ngettext
from crm_tui.screens.forms.report import Report
from crm_tui.screens.route import map_words
from crm_tui.screens.route.map_readout import MapReadout, Section
from crm_tui.screens.wording import due_text
from crm_tui.services.messages_process import REASONS
from crm_tui.services.process import process_replay
from crm_tui.services.process.process_flown import Flown, Replay
from crm_tui.services.route import route_maps
from crm_tui.widgets.record_list import RecordList

ENDINGS = {
    "successful": N_("ended well"),
    "unsuccessful": N_("failed"),
    "terminated": N_("ended early"),
    "stopped": N_("stopped: it cannot go on"),
}
MOST_LISTED = 500
INTERESTS = 5
"""Number of the section whose lines are Interests."""


class MapReplay(MapReadout):
    """Where past Interests would stand, what would be late, which letters would have gone; Enter tells of one."""

    WIDTHS = (12, 22)

    def __init__(self, map_id: int) -> None:
        super().__init__(map_id)
        self._flown: Sequence[Flown] = ()
        self._states: map_words.Named = {}
        self._gone = False

    def list_title(self) -> str:
        with self.store.read() as connection:
            title = route_maps.row(connection, self._map_id).title
        return _("Past Interests on: {map}. Nothing is written, nobody is told.").format(map=title)

    def titles(self) -> Sequence[str]:
        return (_("What would be"), _("How many"), _("State"))

    def on_unmount(self) -> None:
        """Nobody waits for it any more."""
        self._gone = True

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        part, place = divmod(event.id, 10_000)
        if part == INTERESTS:
            one = self._flown[place]
            self.app.push_screen(Report(clean(one.name), list(self._told_of(one))))

    def read(self, connection: Connection) -> Sequence[Section]:
        route = route_maps.draft_or_current(connection, self._map_id)
        found = process_replay.replay(connection, route, self._now(), told=lambda _done, _all: not self._gone)
        self._flown = found.flown[:MOST_LISTED]
        self._states = map_words.read(connection, route).states
        return (
            Section(
                self._counted(found), [(place_said(one), str(n), "") for one, n in found.stands.most_common()]
            ),
            Section(
                _("Deadlines that would be broken"),
                [(one, str(n), "") for one, n in found.broken.most_common()],
            ),
            Section(_("Letters and messages"), list(_letters(found))),
            Section(
                _("Missing where they stand"), [(one, str(n), "") for one, n in found.missing.most_common()]
            ),
            Section(_("Interests"), [self._line(one) for one in self._flown]),
        )

    def _counted(self, found: Replay) -> str:
        count = len(found.flown)
        said = ngettext(
            "{count} Interest; in another state than it is: {apart}",
            "{count} Interests; in another state than they are: {apart}",
            count,
        ).format(count=count, apart=found.apart)
        return _("{said}; only the newest").format(said=said) if found.cut else said

    def _line(self, one: Flown) -> tuple[str, str, str]:
        stands = ", ".join(map(place_said, one.stands or (one.ended,)))
        late = f"! {len(one.broken)}" if one.broken else ""
        return (f"{clean(one.name)}: {stands}", late, self._state(one.state))

    def _state(self, code: str) -> str:
        return self._states.get(code, code)

    def _told_of(self, one: Flown) -> Iterator[str]:
        yield ", ".join(map(place_said, one.stands or (one.ended,)))
        if one.state != one.past_state:
            yield _("state: {state}, but it is {past}").format(
                state=self._state(one.state) or "–", past=self._state(one.past_state)
            )
        now, zone = self._now(), self._zone()
        for late in one.broken:
            due = due_text(late.due_at, now, zone)
            yield _("late: {step}, due {due}, {who}").format(step=late.step, due=due, who=late.performer)
        for sent in one.letters:
            at = due_text(sent.at, now, zone)
            if sent.reason:
                reason = _(REASONS.get(sent.reason, sent.reason))
                yield _("{at} {template}: {reason}").format(at=at, template=sent.template, reason=reason)
            else:
                yield _("{at} {template} to {address}").format(
                    at=at, template=sent.template, address=sent.address
                )
        for need in one.missing:
            yield _("missing: {name}").format(name=need.name)


def place_said(place: str) -> str:
    """A point, or how the process ended."""
    return _(ENDINGS[place]) if place in ENDINGS else place or "–"


def _letters(found: Replay) -> Iterator[tuple[str, str, str]]:
    for (template, reason), count in found.letters.most_common():
        text = _("{template}: {reason}") if reason else _("{template}: sent")
        yield (text.format(template=template, reason=_(REASONS.get(reason, reason))), str(count), "")
