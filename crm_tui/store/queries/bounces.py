"""Whom a letter of ours did not reach."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from crm_tui.store.tables import Bounce, Outbox, table_of


@dataclass(frozen=True, slots=True)
class Undelivered:
    """An address that a letter did not reach, or (``permanent`` False) has not reached yet."""

    address: str
    permanent: bool
    reason: str


def undelivered(connection: Connection, letter_id: int) -> list[Undelivered]:
    """Whom a sent letter did not reach: refused when it was sent, or reported later; the newest report counts."""
    outbox, bounce = table_of(Outbox), table_of(Bounce)
    found: dict[str, Undelivered] = {}
    for row in connection.execute(
        select(outbox.c.id, outbox.c.results).where(outbox.c.letter_id == letter_id)
    ):
        for address, (code, text) in row.results.items():
            if 500 <= code < 600:
                found[address] = Undelivered(address, True, text)
        reports = select(bounce).where(bounce.c.outbox_id == row.id).order_by(bounce.c.id)
        for report in connection.execute(reports):
            reason = report.diagnostic or report.status
            found[report.address] = Undelivered(report.address, report.permanent, reason)
    return list(found.values())
