"""Who of the base a row of a file may be by likeness alone: a name misspelt or in other letters (IDX-10, C-10).

`import_match` finds whom a row is; whoever is left over is looked up here. It is no more than likely, so the plan
says what is done about it, and the row is told of with the reasons in any case.
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from crm_tui.domain.identity.duplicate_search import Among
from crm_tui.services.exchange.import_fields import RECORD_KIND
from crm_tui.services.exchange.import_match import AMONG, LIKENESS, Match, Sought
from crm_tui.services.record import duplicates


@dataclass(frozen=True, slots=True)
class Everybody:
    """Those who were here when the import began, by kind. Read before the store is held: it takes seconds."""

    among: tuple[tuple[str, Among, dict[int, str]], ...] = ()

    def likest(self, sought: Sought) -> Match | None:
        """Who the row may be."""
        known = duplicates.known_of(sought.name, sought.infos, sought.tax_number, sought.city)
        found: Match | None = None
        for kind, among, names in self.among:
            likest = among.likest(known)
            if likest is not None and (found is None or likest[1].percent > found.percent):
                key, likeness = likest
                found = Match(kind, key, names[key], LIKENESS, likeness.percent, likeness.reasons)
        return found


def everybody(connection: Connection, kind: str) -> Everybody:
    """Those who rows of this kind may be; nobody for Interests."""
    kinds = AMONG.get(RECORD_KIND[kind], ())
    return Everybody(tuple((one, *duplicates.everybody(connection, one)) for one in kinds))
