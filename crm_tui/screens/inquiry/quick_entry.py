"""One typed line becomes a customer, contact person or lead; who may be there already is told of first."""

from functools import partial

from crm_tui.domain.errors import Invalid
from crm_tui.i18n import _
from crm_tui.screens.forms.lacking import make_whole
from crm_tui.screens.forms.prompt import Choice, Prompt
from crm_tui.screens.party.party_acts import PartyActs
from crm_tui.screens.party.party_form import SURE, alike_text
from crm_tui.services.party import quick_entry
from crm_tui.store.work import Work

LIKE = {
    "customer": ("customer", "lead"),
    "contact": ("contact", "lead"),
    "lead": ("customer", "contact", "lead"),
}
"""Among whom one who is entered may be there already."""


class QuickEntry(PartyActs):
    """For screens of customers, contact persons and leads."""

    async def enter_line(self, kind: str, argument: str = "") -> None:
        """Ask for the line where there is none, say what is understood, and make the record. What is required of it
        is asked for; whoever gives that up has the line again."""
        line: str | None = argument
        while True:
            line = line or await self._ask_line(kind)
            if not line or not await self._is_new(kind, line):
                return
            try:
                made = await make_whole(self, f"{kind}.new", partial(self._enter, kind, line), list)
            except Invalid as error:
                if error.code != "fields_missing":
                    raise
                self.shell.say(self.shell.explain(error), trouble=True)
                line = await self._ask_line(kind, line)
                continue
            self.shell.run_command(f"everywhere.show_{kind}", str(made[0][1]))
            return

    def _enter(self, kind: str, line: str, work: Work) -> list[tuple[str, int]]:
        return quick_entry.enter(work, kind, line, self.actor.user_id)

    async def _ask_line(self, kind: str, line: str = "") -> str | None:
        typed: str | None = await self.app.push_screen_wait(
            Prompt(
                _("In one line"),
                line,
                preview=quick_text,
                hint=_("For example: Olga Kim, NewCo, olga@newco.kz, +7 701 555 12 34"),
                kept_as=f"quick-{kind}",
            )
        )
        return typed

    async def _is_new(self, kind: str, line: str) -> bool:
        """Tell of who may be there already; whether another record is to be made."""
        from crm_tui.services.record.duplicates import alike  # loads much, and is seldom asked

        parts = quick_entry.understood(line)
        found = await self.look(
            lambda connection: alike(
                connection, name=parts.company or parts.person, infos=parts.infos, kinds=LIKE[kind], limit=3
            )
        )
        sure = [one for one in found if one.percent >= SURE]
        if not sure:
            return True
        answer = await self.app.push_screen_wait(
            Choice(
                _("Perhaps there already: {who}").format(who=alike_text(sure)),
                [
                    *((f"{one.kind} {one.id}", _("open {name}").format(name=one.name)) for one in sure),
                    ("new", _("make another record")),
                ],
            )
        )
        if answer and answer != "new":
            there, record_id = answer.split()
            self.shell.run_command(f"everywhere.show_{there}", record_id)
        return bool(answer == "new")


def quick_text(line: str) -> str:
    """What is understood of a line. Raises Invalid where it names nobody."""
    parts = quick_entry.understood(line)
    shown = [
        _("person {name}").format(name=parts.person) if parts.person else "",
        _("firm {name}").format(name=parts.company) if parts.company else "",
        *(value for _kind, value in parts.infos),
        *(_("note: {text}").format(text=text) for text in parts.rest),
    ]
    return " · ".join(part for part in shown if part)
