"""The settings there are: each a field of a frozen dataclass with its default, its meaning and its choices.

Read at each start, so that the classes have no methods that nobody calls: each is compiled anew.
"""

from dataclasses import dataclass, field
from typing import Any

from crm_tui.i18n import N_


def _setting(
    default: Any,
    meaning: str,
    choices: tuple[str, ...] = (),
    *,
    at_start: bool = False,
    pattern: bool = False,
    fields_of: str = "",
) -> Any:
    """``at_start``: a change is seen at the next start; ``pattern``: the text is a regular expression;
    ``fields_of``: the text names fields of this kind of card."""
    return field(
        default=default,
        metadata={
            "meaning": meaning,
            "choices": choices,
            "at_start": at_start,
            "pattern": pattern,
            "fields_of": fields_of,
        },
    )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Ui:
    """Looks and language."""

    language: str = _setting(
        "auto", N_("Language of the screens."), ("auto", "en", "ru", "uk", "kk"), at_start=True
    )
    theme: str = _setting("auto", N_("Name of a theme; auto: dark, or mono where NO_COLOR is set."))
    glyphs: str = _setting(
        "auto", N_("Signs used for drawing."), ("auto", "unicode", "console", "ascii"), at_start=True
    )
    mouse: str = _setting(
        "auto",
        N_("Mouse; auto: off over SSH, so that the terminal's own selection works."),
        ("auto", "on", "off"),
        at_start=True,
    )
    driver: str = _setting(
        "auto",
        N_("How the terminal is written to: wire sends changed cells only."),
        ("auto", "wire", "stock"),
        at_start=True,
    )
    kitty_keys: bool = _setting(True, N_("Ask the terminal for the kitty keyboard protocol."), at_start=True)
    restore: bool = _setting(True, N_("Start where the last session ended."), at_start=True)
    read_after_seconds: float = _setting(
        3.0, N_("A letter shown that long counts as read; 0: only when opened.")
    )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Keys:
    """The keyboard. Other lines of ``[keys]`` and ``[keys.PLACE]`` give keys to commands."""

    layout: str = _setting(
        "auto",
        N_("Cyrillic layout whose letters stand for Latin keys."),
        ("auto", "latin", "ru", "uk", "by", "kk"),
    )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Notify:
    """Notifications outside the screens."""

    method: str = _setting(
        "auto",
        N_("How the terminal is told of a reminder."),
        ("auto", "osc9", "osc777", "osc99", "bell", "command", "none"),
    )
    command: str = _setting("", N_("Program for the method command; it gets the text on its standard input."))
    private: bool = _setting(True, N_("Say that there is something, not what it is."))
    new_letters: bool = _setting(True, N_("Tell of new letters."))
    few_letters: int = _setting(
        3, N_("Up to this many new letters are told one by one, more in one summary.")
    )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Mail:
    """Reading and writing letters."""

    primary_account: str = _setting("", N_("Account that new letters are written from; empty: the first."))
    send: str = _setting(
        "at_once",
        N_("When a letter goes out: at_once, or with the next scheduled fetching and sending."),
        ("at_once", "job"),
    )
    undo_seconds: int = _setting(10, N_("So long a letter that is sent can still be called back."))
    show_attachments: bool = _setting(True, N_("List the attached files below a letter."))
    openers: str = _setting(
        "",
        N_(
            "Programs that open files, by type, apart by semicolons: application/pdf zathura; image/* feh. "
            "All others: the desktop's own (xdg-open)."
        ),
    )
    threads_by_subject: bool = _setting(
        False, N_("Join letters with the same subject into one thread when nothing else joins them.")
    )
    attachment_words: str = _setting(
        r"attach|enclos|прилож|прикреп|влож|додат|додаю|вкладен|прикріп|қоса бер|тірке",
        N_("Words (a regular expression) after which a letter without a file asks whether one is missing."),
        pattern=True,
    )
    editor: str = _setting(
        "builtin", N_("Where the text is written: builtin, or external for $EDITOR."), ("builtin", "external")
    )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Interests:
    """Interests: the list, the board, and what finishing a task asks for."""

    columns: str = _setting(
        "name party state amount next age",
        N_(
            "Columns of the list, in their order: name, party, state, amount, next, age, changed, probability, "
            "close, owner, status, source, created, and custom.CODE for a field of one's own."
        ),
    )
    next_task: bool = _setting(
        True, N_("Finishing a task of an Interest asks for its result and for the next task.")
    )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Urgency:
    """How much a task presses (``domain.task.urgency``): what each term counts at the most."""

    due: float = _setting(12.0, N_("A due time: all of it a week after, a fifth of it two weeks ahead."))
    important: float = _setting(6.0, N_("A high priority; a low one takes half of it away."))
    step: float = _setting(3.0, N_("A step of a process, which waits for it."))
    waits: float = _setting(
        5.0, N_("The customer waits: the last word in the Interest is a letter from there.")
    )
    age: float = _setting(2.0, N_("Age: all of it after a year."))
    blocked: float = _setting(
        5.0, N_("Taken away where the Interest is closed or in the trash, or the process is stopped.")
    )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Lists:
    """Which columns lists have, in their order; those of Interests: interests.columns."""

    task: str = _setting(
        "due title interest urgency process",
        N_(
            "Columns of My Tasks, in their order: due, title, interest, urgency, process, customer, priority, "
            "author, performer, absent, created."
        ),
    )
    customer: str = _setting(
        "",
        N_(
            "Columns of the list of customers, in their order: name, city, region, activity, kind, status, owner, "
            "touch, open, sum, and custom.CODE for a field of one's own; empty: all but one's own."
        ),
    )
    contact: str = _setting(
        "",
        N_(
            "Columns of the list of contact persons, in their order: name, customer, role, email, phone, owner, "
            "and custom.CODE for a field of one's own; empty: all but one's own."
        ),
    )
    lead: str = _setting(
        "",
        N_(
            "Columns of the list of leads, in their order: name, company, city, source, status, owner, touch, "
            "open, sum, and custom.CODE for a field of one's own; empty: all but one's own."
        ),
    )
    document: str = _setting(
        "",
        N_(
            "Columns of the list of documents, in their order: kind, number, title, customer, status, issued, "
            "until, amount, and custom.CODE for a field of one's own; empty: all but one's own."
        ),
    )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Contacts:
    """Calls and meetings."""

    passed: str = _setting(
        "ask",
        N_("A planned call or meeting whose time has passed: ask whether it was held, or count it as held."),
        ("ask", "held"),
    )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Forms:
    """Which fields stand in the forms of cards, in their order."""

    customer: str = _setting(
        "", N_("Fields in the form of customers, in their order; empty: all."), fields_of="customer"
    )
    contact: str = _setting(
        "", N_("Fields in the form of contact persons, in their order; empty: all."), fields_of="contact"
    )
    lead: str = _setting("", N_("Fields in the form of leads, in their order; empty: all."), fields_of="lead")
    interest: str = _setting(
        "", N_("Fields in the form of Interests, in their order; empty: all."), fields_of="interest"
    )
    document: str = _setting(
        "", N_("Fields in the form of documents, in their order; empty: all."), fields_of="document"
    )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Required:
    """Fields of cards without which a form is not saved (IDX-08)."""

    customer: str = _setting("", N_("Fields that must be filled in, of customers."), fields_of="customer")
    contact: str = _setting("", N_("Fields that must be filled in, of contact persons."), fields_of="contact")
    lead: str = _setting("", N_("Fields that must be filled in, of leads."), fields_of="lead")
    interest: str = _setting("", N_("Fields that must be filled in, of Interests."), fields_of="interest")
    document: str = _setting("", N_("Fields that must be filled in, of documents."), fields_of="document")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Recommended:
    """Fields of cards that should be filled in (IDX-08)."""

    customer: str = _setting("", N_("Fields that should be filled in, of customers."), fields_of="customer")
    contact: str = _setting(
        "", N_("Fields that should be filled in, of contact persons."), fields_of="contact"
    )
    lead: str = _setting("", N_("Fields that should be filled in, of leads."), fields_of="lead")
    interest: str = _setting("", N_("Fields that should be filled in, of Interests."), fields_of="interest")
    document: str = _setting("", N_("Fields that should be filled in, of documents."), fields_of="document")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Sync:
    """Mail servers."""

    every_minutes: float = _setting(
        5.0, N_("How often mail is fetched where the server cannot call us."), at_start=True
    )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Hooks:
    """Programs of one's own before and after acts (docs/hooks.md)."""

    seconds: float = _setting(
        10.0, N_("So long a hook may last; then it is ended, and counts as against it.")
    )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Sms:
    """Text messages that rules of steps and triggers send."""

    command: str = _setting(
        "",
        N_(
            "Program that sends one: it is given the number as its last argument and the text on standard input; "
            "empty: none is sent."
        ),
    )
    seconds: float = _setting(30.0, N_("So long the program may take; then it is ended."))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Config:
    """All settings."""

    ui: Ui = Ui()
    keys: Keys = Keys()
    notify: Notify = Notify()
    mail: Mail = Mail()
    interests: Interests = Interests()
    urgency: Urgency = Urgency()
    lists: Lists = Lists()
    contacts: Contacts = Contacts()
    forms: Forms = Forms()
    required: Required = Required()
    recommended: Recommended = Recommended()
    sync: Sync = Sync()
    hooks: Hooks = Hooks()
    sms: Sms = Sms()
