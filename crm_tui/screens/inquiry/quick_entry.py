"""One typed line becomes a customer, contact person or lead; who may be there already is told of first."""

from crm_tui.i18n import _
from crm_tui.screens.forms.prompt import Choice, Prompt
from crm_tui.screens.party.party_acts import PartyActs
from crm_tui.screens.party.party_form import SURE, alike_text
from crm_tui.services.party import quick_entry

LIKE = {
    "customer": ("customer", "lead"),
    "contact": ("contact", "lead"),
    "lead": ("customer", "contact", "lead"),
}
"""Among whom one who is entered may be there already."""


class QuickEntry(PartyActs):
    """For screens of customers, contact persons and leads."""

    async def enter_line(self, kind: str, argument: str = "") -> None:
        """Ask for the line where there is none, say what is understood, and make the record."""
        line = argument or await self.app.push_screen_wait(
            Prompt(
                _("In one line"),
                preview=quick_text,
                hint=_("For example: Olga Kim, NewCo, olga@newco.kz, +7 701 555 12 34"),
                kept_as=f"quick-{kind}",
            )
        )
        if not line:
            return
        from crm_tui.services.record.duplicates import alike  # loads much, and is seldom asked

        parts = quick_entry.understood(line)
        found = await self.look(
            lambda connection: alike(
                connection, name=parts.company or parts.person, infos=parts.infos, kinds=LIKE[kind], limit=3
            )
        )
        sure = [one for one in found if one.percent >= SURE]
        if sure:
            answer = await self.app.push_screen_wait(
                Choice(
                    _("Perhaps there already: {who}").format(who=alike_text(sure)),
                    [
                        *((f"{one.kind} {one.id}", _("open {name}").format(name=one.name)) for one in sure),
                        ("new", _("make another record")),
                    ],
                )
            )
            if answer is None:
                return
            if answer != "new":
                there, record_id = answer.split()
                self.shell.run_command(f"everywhere.show_{there}", record_id)
                return
        made = await self.act(
            f"{kind}.new", lambda work: quick_entry.enter(work, kind, line, self.actor.user_id)
        )
        self.shell.run_command(f"everywhere.show_{kind}", str(made))


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
