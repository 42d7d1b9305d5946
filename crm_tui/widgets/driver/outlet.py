"""What goes to the terminal, and when: the picture as it is now, at the pace of the line. No input or output."""

from crm_tui.widgets.driver.pace import Pace
from crm_tui.widgets.driver.picture import Picture

ASK = "\x1b[6n"
_SYNC_FROM = 1400  # bytes; a smaller frame arrives in one packet


class Outlet:
    """Times are in seconds of a monotonic clock."""

    def __init__(self, picture: Picture, pace: Pace) -> None:
        self.picture = picture
        self.pace = pace
        self.has_sync = False
        """Whether the terminal shows a long frame at once when told where it begins and ends (mode 2026)."""

    def due(self, now: float) -> tuple[str, float | None]:
        """What to send now, and in how many seconds to ask for more; None when all that was painted is sent."""
        if not self.pace.may_send(now):
            return "", self.pace.wait(now)
        output = self.picture.update(self.pace.room(now))
        if not output and not self.pace.has_to_ask:
            return "", None
        size = len(output.encode())
        if size > _SYNC_FROM and self.has_sync:
            output = f"\x1b[?2026h{output}\x1b[?2026l"
        if self.pace.sent(size, now):
            output += ASK
            self.pace.ask(now)
        return output, None if self.picture.is_whole else self.pace.wait(now)
