"""Commands of the intake, the journal of contacts, the phone lookup and the briefing."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    look(
        "everywhere.inquiry",
        N_("New inquiry"),
        N_("Take in somebody who called or came: who, what for, which Interest."),
        "g N",
        argument="choice:call,meeting",
    ),
    look(
        "everywhere.phone",
        N_("Who is calling"),
        N_("Find by the digits of a phone number, in any form, while the call is on."),
        "g p",
        argument="text",
    ),
    act(
        "everywhere.note_call",
        N_("Note a call"),
        N_("Write down the call with whoever has this number, when it is over."),
        argument="text",
    ),
    look(
        "everywhere.journal",
        N_("Journal of contacts"),
        N_("Show all calls, meetings and messages: by date, employee, result."),
        "g j",
    ),
    look(
        "everywhere.briefing",
        N_("Briefing"),
        N_("Show on one page what to know before a talk: people, state, promises, last touches."),
        "B",
        argument="text",
    ),
    look(
        "everywhere.purposes",
        N_("Purposes of inquiries"),
        N_("Show what inquiries are for: scenario and owner of each; change them."),
    ),
    act("lookup.log_call", N_("Log the call"), N_("Write down the call of the row."), "c", footer=True),
    act(
        "lookup.new_lead",
        N_("New lead, this number"),
        N_("Take in an unknown caller: a lead with the number that was typed."),
        "n",
        footer=True,
        repeatable=False,
    ),
    act("briefing.log_call", N_("Log a call"), N_("Write down the talk."), "c", footer=True),
    look(
        "briefing.pipe",
        N_("Pipe or print"),
        N_("Let a program read the page: lpr prints it, less shows it."),
        "|",
        argument="text",
        footer=True,
    ),
    look(
        "briefing.card", N_("Open the card"), N_("Open the record that the page is about."), "o", footer=True
    ),
    act(
        "interaction.new",
        N_("New contact"),
        N_("Write down or plan a call, meeting or message; with nobody, to be linked later."),
        "n",
        footer=True,
        repeatable=False,
    ),
    act(
        "interaction.edit",
        N_("Change"),
        N_("Change result, kind or people."),
        "e",
        footer=True,
        repeatable=False,
    ),
    act(
        "interaction.held",
        N_("Held, not held, moved"),
        N_("Say whether the planned contact took place."),
        "d",
        argument="choice:held,not_held,moved",
        footer=True,
    ),
    act(
        "interaction.move",
        N_("Put off"),
        N_("Give the planned contact another time, with the reason; attempts are counted."),
        "z",
        argument="date",
        footer=True,
    ),
    act(
        "interaction.link",
        N_("Link"),
        N_("Say with whom a contact was, or within which Interest, that has nobody yet."),
        "L",
        argument="text",
        footer=True,
        repeatable=False,
    ),
    act("interaction.cancel", N_("Cancel"), N_("The planned contact will not take place."), "D"),
    look(
        "interaction.open", N_("Open"), N_("Open the Interest or the card that the contact belongs to."), "I"
    ),
    look(
        "interaction.filter",
        N_("Which contacts"),
        N_("Show only contacts of a time, an employee, a kind, or with words in their result."),
        "o",
        footer=True,
    ),
    act(
        "purposes.add",
        N_("New purpose"),
        N_("Add a purpose of inquiries."),
        "n",
        footer=True,
        repeatable=False,
    ),
    act(
        "purposes.change",
        N_("Change"),
        N_("Change name, scenario and who becomes the owner."),
        "e",
        footer=True,
        repeatable=False,
    ),
    act("purposes.archive", N_("Archive"), N_("Offer the purpose no more, or again."), "D", footer=True),
    act("purposes.up", N_("Earlier"), N_("Move the purpose one place up."), "K"),
    act("purposes.down", N_("Later"), N_("Move the purpose one place down."), "J"),
)
