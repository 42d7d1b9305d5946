"""What a command is: one row of the tables that key, palette, `:` line, help, footer and docs all read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a person can do.

    ``id`` is ``scope.verb`` in Latin letters; the method that carries it out has the same name with
    underscores: ``mail.move`` → ``command_mail_move``. ``title`` and ``help`` are English source texts marked
    with ``N_`` and translated when shown.
    """

    id: str
    title: str
    help: str
    keys: tuple[str, ...] = ()
    """Chords in the notation of ``commands.strokes``: ``M``, ``g m``, ``ctrl+p``, ``f1``, ``space``."""
    argument: str | None = None
    """What may follow the name on the command line: ``text``, ``date``, ``folder`` …, or ``choice:a,b,c``."""
    footer: bool = False
    """One of the most useful keys of its place: shown in the footer while there is room."""
    takes_marks: bool = False
    """Acts on all marked rows, or on the row under the cursor when nothing is marked."""
    repeatable: bool = True
    """Worth repeating with ``.`` on another row."""
    changes: bool = True
    """Changes the store (and so can be undone), rather than only what is shown."""
    in_dialogs: bool = False
    """For commands that work everywhere: also while a dialog is open."""

    @property
    def scope(self) -> str:
        """The place it belongs to: ``mail``, ``list``, ``everywhere`` …"""
        return self.id.partition(".")[0]

    @property
    def verb(self) -> str:
        """The name within its scope: ``move``."""
        return self.id.partition(".")[2]

    @property
    def method(self) -> str:
        """The name of the method that carries it out."""
        return "command_" + self.id.replace(".", "_")

    @property
    def guard(self) -> str:
        """The name of the optional method that says whether it can be done now."""
        return "can_" + self.id.replace(".", "_")

    @property
    def choices(self) -> tuple[str, ...]:
        """The values the argument may take, when they are fixed."""
        kind, _, values = (self.argument or "").partition(":")
        return tuple(values.split(",")) if kind == "choice" else ()


def look(
    id: str,
    title: str,
    help: str,
    *keys: str,
    argument: str | None = None,
    footer: bool = False,
    in_dialogs: bool = False,
) -> Command:
    """A command that only changes what is shown: not undoable, not worth repeating."""
    return Command(
        id,
        title,
        help,
        keys,
        argument=argument,
        footer=footer,
        in_dialogs=in_dialogs,
        repeatable=False,
        changes=False,
    )


def act(
    id: str,
    title: str,
    help: str,
    *keys: str,
    argument: str | None = None,
    footer: bool = False,
    takes_marks: bool = False,
    repeatable: bool = True,
) -> Command:
    """A command that changes the store."""
    return Command(
        id,
        title,
        help,
        keys,
        argument=argument,
        footer=footer,
        takes_marks=takes_marks,
        repeatable=repeatable,
    )
