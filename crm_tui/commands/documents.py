"""Commands of documents: proposals, invoices, contracts and other papers between us and a customer."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    look(
        "everywhere.documents",
        N_("Documents"),
        N_("List the documents of the record under the cursor, or all of them."),
        "g D",
        argument="text",
    ),
    look(
        "everywhere.show_document",
        N_("Show document"),
        N_("Open the document with this number."),
        argument="id",
    ),
    act(
        "interest.proposal",
        N_("New proposal"),
        N_("Make a proposal to the customer of the Interest."),
        "P",
        repeatable=False,
    ),
    act(
        "interest.invoice",
        N_("New invoice"),
        N_("Make an invoice to the customer of the Interest."),
        "I",
        repeatable=False,
    ),
    act(
        "documents.new",
        N_("New document"),
        N_("Make a proposal, invoice, contract or another document."),
        "n",
        argument="choice:proposal,invoice,contract,act,letter,other",
        footer=True,
        repeatable=False,
    ),
    act("documents.edit", N_("Edit"), N_("Change the document."), "e", footer=True, repeatable=False),
    act(
        "documents.status",
        N_("Change the status"),
        N_("Say that the document is sent, agreed, signed, paid or cancelled."),
        "w",
        argument="choice:draft,sent,agreed,signed,paid,cancelled",
        footer=True,
        takes_marks=True,
    ),
    act("documents.trash", N_("To the trash"), N_("Put the document into the trash."), "D", takes_marks=True),
    look(
        "documents.which",
        N_("Which documents"),
        N_("List those of one kind, contracts that end soon, or all."),
        "o",
        argument="text",
        footer=True,
    ),
    act("document.edit", N_("Edit"), N_("Change the document."), "e", footer=True, repeatable=False),
    act(
        "document.status",
        N_("Change the status"),
        N_("Say that the document is sent, agreed, signed, paid or cancelled."),
        "w",
        argument="choice:draft,sent,agreed,signed,paid,cancelled",
        footer=True,
        repeatable=False,
    ),
    look(
        "document.interest",
        N_("Its Interest or customer"),
        N_("Open the Interest of the document, or else its customer."),
        "c",
    ),
)
