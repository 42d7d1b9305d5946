"""What is held of a person, in words and numbers: for the screens and the command line."""

from collections.abc import Iterator

from crm_tui.i18n import N_, _, ngettext
from crm_tui.services.privacy.personal_data import Count, Erasure, Preview

GROUPS = (
    (N_("Records"), ("customer", "contact", "lead")),
    (N_("Addresses and numbers"), ("contact_info",)),
    (N_("Legal entities"), ("legal_entity",)),
    (N_("Letters"), ("letter",)),
    (N_("Letters sent and drafts"), ("outbox", "draft")),
    (N_("Interests"), ("interest",)),
    (N_("Calls and meetings"), ("interaction",)),
    (N_("Tasks"), ("task",)),
    (N_("Events"), ("event",)),
    (N_("Documents"), ("document",)),
    (N_("Files"), ("card_file",)),
)
"""What rows of which tables are called; rows that belong to those are counted as other traces."""


def count_lines(counts: tuple[Count, ...]) -> Iterator[str]:
    """A line for each kind of thing, of those that there are."""
    left = {count.table: count for count in counts}
    for name, tables in GROUPS:
        yield from _line(_(name), [left.pop(table) for table in tables if table in left])
    yield from _line(_("Other traces"), list(left.values()))


def preview_lines(preview: Preview) -> Iterator[str]:
    """All that is to be known before an erasure."""
    person = preview.person
    yield from count_lines(preview.counts)
    if person.with_others:
        yield ngettext(
            "In {n} of the letters others take part: it is erased for them too.",
            "In {n} of the letters others take part: they are erased for them too.",
            person.with_others,
        ).format(n=person.with_others)
    if person.shared:
        yield _("Others have these too, their letters stay: {addresses}").format(
            addresses=", ".join(person.shared)
        )
    if preview.mentions:
        yield ngettext(
            "{n} letter or record of others names this person, and stays.",
            "{n} letters or records of others name this person, and stay.",
            preview.mentions,
        ).format(n=preview.mentions)


def erasure_lines(done: Erasure) -> Iterator[str]:
    """What was erased, and where the person still stands."""
    yield from count_lines(done.counts)
    if not done.rinsed.whole:
        yield _(
            "Another program reads the store: end it and erase once more, or the old words stay in the log."
        )
    if done.backups:
        yield _("The person still stands in these copies of the store:")
        yield from (str(path) for path in done.backups)
    if done.traces:
        yield _("The person may still stand in these: look through them and delete what names them:")
        yield from (str(path) for path in done.traces)
    yield _("What was exported, printed or saved outside the store is not known here.")


def _line(name: str, counts: list[Count]) -> Iterator[str]:
    erased, kept = sum(count.erased for count in counts), sum(count.kept for count in counts)
    if kept:
        yield _("{what}: {n}, and {kept} kept without the name").format(what=name, n=erased, kept=kept)
    elif erased:
        yield f"{name}: {erased}"
