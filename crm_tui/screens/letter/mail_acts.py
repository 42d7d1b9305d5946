"""What can be done with letters, on the Mail screen and in the reader alike."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from crm_tui.commands.command import Command
from crm_tui.domain.errors import NotFound, Refused
from crm_tui.domain.letter.flags import Flag
from crm_tui.i18n import N_, _, ngettext
from crm_tui.screens.acting import Acting
from crm_tui.screens.forms.prompt import Choice, Prompt
from crm_tui.screens.letter.mail_folders import folder_title
from crm_tui.screens.letter.mail_rule_acts import RuleActs
from crm_tui.screens.writing.compose_acts import ReplyActs
from crm_tui.services.letter import mail
from crm_tui.store.queries import folders as folder_queries
from crm_tui.store.queries import letters
from crm_tui.store.queries.folders import FolderRow
from crm_tui.store.queries.letters import LetterCard, LetterRow
from crm_tui.store.work import Work
from crm_tui.widgets.list_mouse import SignPressed

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen

    class Base(Acting, CrmScreen[None]):
        """What the acts need of their screen."""

else:
    Base = Acting

OTHER_REASON = "other"
ONLY_IN = {
    "mail.accept": ("", "inbox", "processed", "archive"),
    "mail.decline": ("", "inbox", "processed", "archive", "junk"),
    "mail.edit_draft": ("drafts",),
    "mail.restore": ("processed", "archive", "junk", "trash"),
}
"""Commands that only folders with some roles have."""
NEVER_IN = {"mail.reply": ("drafts",), "mail.reply_all": ("drafts",), "mail.forward": ("drafts",)}
"""Commands that folders with these roles do not have."""
TITLES = {
    ("mail.restore", "processed"): N_("Reopen"),
    ("mail.restore", "trash"): N_("Restore"),
    ("mail.restore", "junk"): N_("Not junk"),
    ("mail.delete", "trash"): N_("Delete for good"),
}
"""What commands are called in folders with a role."""


class LetterActs(RuleActs, ReplyActs, Base):
    """For a screen with a letter under the cursor, and perhaps with marked ones."""

    ALSO_IN_MENU = frozenset({"everywhere.folders", "everywhere.rules"})

    def chosen_letters(self) -> tuple[int, ...]:
        """Places of the marked letters, or of the one at hand. Raises Refused where there is none."""
        raise NotImplementedError

    def letter_at_hand(self) -> int:
        """The place of the letter at hand. Raises Refused where there is none."""
        raise NotImplementedError

    def role_at_hand(self) -> str:
        """Role of the folder of the letter at hand; empty for a folder without one."""
        raise NotImplementedError

    def letters_left(self) -> None:
        """The letters at hand were moved away or deleted."""

    def letters_dealt_with(self) -> None:
        """What was decided of them is done, and they stay where they are."""

    def is_out_of_place(self, command: Command) -> bool:
        """Whether the folder has no use for the command (MAIL-14): then it is not offered there."""
        if command.id not in ONLY_IN and command.id not in NEVER_IN:
            return False
        role = self.role_at_hand()
        return role not in ONLY_IN.get(command.id, (role,)) or role in NEVER_IN.get(command.id, ())

    def title_of(self, command: Command) -> str:
        return _(TITLES.get((command.id, self.role_at_hand()), command.title))

    # Flags

    async def command_mail_toggle_read(self, argument: str = "") -> None:
        """Unread letters among them become read; where all are read, unread."""
        await self._toggle(Flag.SEEN, "mail.toggle_read", mail.mark_read)

    async def command_mail_toggle_important(self, argument: str = "") -> None:
        """All become important, or where they all are, not."""
        await self._toggle(Flag.FLAGGED, "mail.toggle_important", mail.mark_important)

    async def on_record_list_sign_pressed(self, event: SignPressed) -> None:
        """The sign of one letter, pressed in the list: that letter alone, whatever is marked (MAIL-15)."""
        if event.sign == "unread":
            await self._toggle(Flag.SEEN, "mail.toggle_read", mail.mark_read, [event.id])
        else:
            await self._toggle(Flag.FLAGGED, "mail.toggle_important", mail.mark_important, [event.id])

    async def _toggle(
        self, flag: Flag, command: str, verb: Callable[..., int], chosen: Sequence[int] | None = None
    ) -> None:
        chosen = self.chosen_letters() if chosen is None else chosen
        on = not all(row.flags & flag for row in self._rows(chosen).values())
        keyword = "read" if flag is Flag.SEEN else "important"
        await self.act(command, lambda work: verb(work, chosen, **{keyword: on}))

    # Moving

    async def command_mail_move(self, argument: str = "") -> None:
        """To a folder of the same account, chosen by typing a part of its name."""
        chosen = self.chosen_letters()
        folder_id = await self.folder_for(self._account(chosen[0]), argument)
        if folder_id is None:
            return
        await self._moved(chosen, folder_id)
        self.shell.remember("mail.move", self._folder_name(folder_id))

    async def command_mail_restore(self, argument: str = "") -> None:
        """Back to the inbox of their account."""
        chosen = self.chosen_letters()
        account_id = self._account(chosen[0])
        inbox = next(
            (one for one in self.all_folders() if one.account_id == account_id and one.role == "inbox"), None
        )
        if inbox is None:
            raise NotFound("no_such_folder", name=_("Inbox"))
        await self._moved(chosen, inbox.id)

    async def _moved(self, chosen: Sequence[int], folder_id: int) -> None:
        count = await self.act("mail.move", lambda work: mail.move(work, chosen, folder_id))
        self.shell.say(
            ngettext(
                "{n} letter moved to “{folder}”. u takes it back.",
                "{n} letters moved to “{folder}”. u takes it back.",
                count,
            ).format(n=count, folder=self._folder_name(folder_id))
        )
        self.letters_left()

    async def command_mail_delete(self, argument: str = "") -> None:
        """Into the trash; what lies there already is deleted for good."""
        chosen = self.chosen_letters()
        count = await self.act("mail.delete", lambda work: mail.delete(work, chosen))
        self.shell.say(
            ngettext(
                "{n} letter deleted. u takes it back.", "{n} letters deleted. u takes it back.", count
            ).format(n=count)
        )
        self.letters_left()

    # Inquiries

    async def command_mail_accept(self, argument: str = "") -> None:
        """The wizard asks who, what and which Interest; then that Interest is shown (MAIL-10)."""
        from crm_tui.screens.inquiry.intake import IntakeWizard

        card = self.card(self.letter_at_hand())
        if card.row.inquiry:
            raise Refused("already_decided", status=_status(card.row.inquiry))
        accepted = await self.app.push_screen_wait(IntakeWizard(card.row.letter_id))
        if accepted is not None:
            self.letters_left()
            self.shell.run_command("everywhere.show_interest", str(accepted.interest_id))

    async def command_mail_decline(self, argument: str = "") -> None:
        """At once, or with a reason where the account asks for one (MAIL-12)."""
        from crm_tui.services.inquiry import inquiries

        chosen = self.chosen_letters()
        rows = self._rows(chosen)
        open_ones = dict.fromkeys(row.letter_id for row in rows.values() if not row.inquiry)
        if not open_ones:
            raise Refused("already_decided", status=_status(next(iter(rows.values())).inquiry))
        reason: str | None = argument
        if not argument and self._needs_reason(chosen):
            reason = await self._reason()
        if reason is None:
            return
        given = reason

        def all_declined(work: Work) -> int:
            return sum(len(inquiries.decline(work, letter_id, given)) for letter_id in open_ones)

        moved = await self.act("mail.decline", all_declined)
        self.shell.remember("mail.decline", given)
        self.shell.say(
            ngettext(
                "{n} letter declined. u takes it back.",
                "{n} letters declined. u takes it back.",
                len(open_ones),
            ).format(n=len(open_ones))
        )
        if moved:
            self.letters_left()
        else:
            self.letters_dealt_with()

    async def _reason(self) -> str | None:
        from crm_tui.services.record import lists  # its table is not read at the start

        with self.store.read() as connection:
            options = [(name, name) for _code, name in lists.items(connection, "decline_reason")]
        chosen = await self.app.push_screen_wait(
            Choice(_("Why is it declined?"), [*options, (OTHER_REASON, _("another reason …"))])
        )
        if chosen == OTHER_REASON:
            return await self.app.push_screen_wait(Prompt(_("Why is it declined?"), kept_as="decline"))
        return chosen

    def command_mail_interest(self, argument: str = "") -> None:
        """The Interest that the letter belongs to."""
        card = self.card(self.letter_at_hand())
        if not card.interests:
            raise NotFound("no_interest_here")
        self.shell.run_command("everywhere.show_interest", str(card.interests[0]))

    def command_mail_sync(self, argument: str = "") -> None:
        """Mail of the account at hand, now."""
        account_id = self.account_at_hand()
        self.shell.get_mail(None if account_id is None else [account_id])

    def account_at_hand(self) -> int | None:
        """The account of the letter at hand; None for all."""
        return self._account(self.letter_at_hand())

    # Reading

    def card(self, place: int) -> LetterCard:
        """The letter that lies there. Raises NotFound."""
        with self.store.read() as connection:
            found = letters.card(connection, place)
        if found is None:
            raise NotFound("no_such_record", kind="letter", id=place)
        return found

    def _rows(self, chosen: Sequence[int]) -> dict[int, LetterRow]:
        with self.store.read() as connection:
            rows = letters.rows(connection, chosen)
        if not rows:
            raise NotFound("no_such_record", kind="letter", id=chosen[0])
        return rows

    def _needs_reason(self, chosen: Sequence[int]) -> bool:
        with self.store.read() as connection:
            return folder_queries.needs_reason(connection, chosen)

    def _account(self, place: int) -> int:
        return self.card(place).account_id

    def all_folders(self) -> list[FolderRow]:
        with self.store.read() as connection:
            return folder_queries.rows(connection, counted=False)

    def _folder_name(self, folder_id: int) -> str:
        return next((folder_title(one) for one in self.all_folders() if one.id == folder_id), "")

    async def folder_for(self, account_id: int | None, argument: str = "", title: str = "") -> int | None:
        """The folder meant by a name, or chosen from a list; only those of the account, unless it is None."""
        folders = [
            one for one in self.all_folders() if one.selectable and account_id in (None, one.account_id)
        ]
        titles = [
            (str(one.id), folder_title(one) if account_id else f"{one.account}: {folder_title(one)}")
            for one in folders
        ]
        if argument:
            wanted = argument.casefold()
            named = [key for key, title in titles if title.casefold() == wanted] or [
                key for key, title in titles if title.casefold().startswith(wanted)
            ]
            if not named:
                raise NotFound("no_such_folder", name=argument)
            return int(named[0])
        chosen: Any = await self.app.push_screen_wait(Choice(title or _("Folder"), titles))
        return None if chosen is None else int(chosen)


def _status(status: str) -> str:
    return {"accepted": _("accepted"), "declined": _("declined")}.get(status, status)
