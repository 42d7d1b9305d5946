"""One processing rule: its name, what it asks for, what it does, and how many letters that would be now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from textual import work as in_worker
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.domain.conditions import condition_words
from crm_tui.domain.conditions.condition import Condition, Group
from crm_tui.domain.conditions.condition_check import Context
from crm_tui.domain.conditions.condition_fields import LETTER, FieldOf
from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.identity import address
from crm_tui.domain.text import clean
from crm_tui.i18n import _, ngettext
from crm_tui.screens.acting import Acting
from crm_tui.screens.base import CrmScreen
from crm_tui.screens.forms.prompt import Choice, Prompt
from crm_tui.screens.forms.unkept import Unkept
from crm_tui.screens.letter.mail_folders import folder_title
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.services.letter import mail_rule_words, mail_rules
from crm_tui.store import letter_conditions
from crm_tui.store.queries import choices
from crm_tui.store.queries import folders as folder_queries
from crm_tui.store.queries.letters import LetterRow
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row, heading_id

NAME, WANTED, FIRST_ACTION, FIRST_EXAMPLE = 1, 10, 1000, 10_000
"""Ids of the rows; parts of the condition and actions count on from theirs."""
MOST_OFFERED = 2000
MOST_SHOWN = 100
"""Letters that are shown of those that a rule would act on."""


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule as it is being made. ``run``: it is to be applied to the folder at once."""

    account_id: int
    name: str
    condition: Condition
    actions: tuple[dict[str, Any], ...] = ()
    folder_id: int | None = None
    """The folder in which it is tried."""
    run: bool = False


class RuleCard(Unkept, Acting, CrmScreen[RuleDraft]):
    """Answers the rule as it was left by ``y`` or Ctrl+S, or None."""

    SCOPES = ("rule",)

    def __init__(self, draft: RuleDraft) -> None:
        super().__init__()
        self._given = self._draft = draft
        self._examples: list[str] = []

    def compose_body(self) -> Iterable[Widget]:
        columns = (
            Column("part", "", width=8, sortable=False),
            Column("what", "", flex=1, sortable=False),
        )
        self._list = RecordList(SmallSource(columns, self._rows), Order(""), header=False)
        yield Static(Content(_("Processing rule")), classes="card-title")
        yield Static(classes="card-facts", id="rule-trial")
        yield self._list

    def on_mount(self) -> None:
        self._list.focus()
        self._try()

    def on_record_list_opened(self, _event: RecordList.Opened) -> None:
        self.shell.run_command("rule.change")

    def made(self) -> RuleDraft:
        return self._draft

    def given(self) -> RuleDraft:
        return self._given

    def command_rule_run(self, argument: str = "") -> None:
        self._answer(run=True)

    def command_rule_keep(self, argument: str = "") -> None:
        self._answer(run=False)

    def _answer(self, *, run: bool) -> None:
        if condition_words.is_empty(self._draft.condition):
            raise Invalid("rule_without_condition")
        if not self._draft.actions:
            raise Invalid("rule_does_nothing")
        self.dismiss(replace(self._draft, run=run))

    async def command_rule_change(self, argument: str = "") -> None:
        """The name, the conditions in their editor, or another action."""
        row = self._list.current_id or NAME
        if row >= FIRST_EXAMPLE:
            raise Refused("nothing_chosen")
        if row == NAME:
            name = await self.app.push_screen_wait(Prompt(_("Name of the rule"), self._draft.name))
            if name:
                self._show(replace(self._draft, name=name))
        elif row < FIRST_ACTION:
            from crm_tui.screens.lists.condition_editor import ConditionEditor

            editor = ConditionEditor(LETTER, self._draft.condition, self._references)
            wanted = await self.app.push_screen_wait(editor)
            if wanted is not None:
                self._show(replace(self._draft, condition=wanted))
        else:
            action = await self._asked()
            if action is not None:
                actions = list(self._draft.actions)
                actions[row - FIRST_ACTION : row - FIRST_ACTION + 1] = [action]
                self._show(replace(self._draft, actions=tuple(actions)))

    async def command_rule_add(self, argument: str = "") -> None:
        action = await self._asked()
        if action is not None:
            self._show(replace(self._draft, actions=(*self._draft.actions, action)))

    def command_rule_delete(self, argument: str = "") -> None:
        place = (self._list.current_id or NAME) - FIRST_ACTION
        if not 0 <= place < len(self._draft.actions):
            raise Refused("nothing_chosen")
        actions = self._draft.actions
        self._show(replace(self._draft, actions=actions[:place] + actions[place + 1 :]))

    # Asking for an action

    async def _asked(self) -> dict[str, Any] | None:
        kinds = [
            ("move", _("put into a folder …")),
            ("read", _("mark as read")),
            ("important", _("mark as important")),
            ("keyword", _("set a keyword …")),
            ("interest", _("link to an Interest …")),
            ("customer", _("link to a customer …")),
            ("task", _("make a task …")),
            ("accept", _("accept as an inquiry")),
            ("forward", _("forward to …")),
        ]
        kind = await self.app.push_screen_wait(Choice(_("What is done"), kinds))
        if kind in ("read", "important"):
            return {"do": "mark", kind: True}
        if kind == "accept":
            return {"do": "accept", "scenario": "sale"}
        if kind is None:
            return None
        return await {
            "move": self._ask_folder,
            "keyword": self._ask_keyword,
            "interest": self._ask_interest,
            "customer": self._ask_customer,
            "task": self._ask_task,
            "forward": self._ask_forward,
        }[kind]()

    async def _ask_folder(self) -> dict[str, Any] | None:
        chosen = await self.app.push_screen_wait(
            Choice(_("Put into folder"), folder_options(self, self._draft.account_id))
        )
        return None if chosen is None else {"do": "move", "folder_id": int(chosen)}

    async def _ask_keyword(self) -> dict[str, Any] | None:
        word = await self.app.push_screen_wait(Prompt(_("Keyword"), hint=_("A word of Latin letters.")))
        return {"do": "keyword", "word": word.strip()} if word else None

    async def _ask_interest(self) -> dict[str, Any] | None:
        return await self._link("interest", _("Interest"))

    async def _ask_customer(self) -> dict[str, Any] | None:
        return await self._link("customer", _("Customer"))

    async def _link(self, kind: str, title: str) -> dict[str, Any] | None:
        known = await self.look(lambda connection: choices.by_name(connection, kind, MOST_OFFERED))
        chosen = await self.app.push_screen_wait(Choice(title, [(str(key), name) for key, name in known]))
        return None if chosen is None else {"do": "link", "kind": kind, "id": int(chosen)}

    async def _ask_task(self) -> dict[str, Any] | None:
        title = await self.app.push_screen_wait(
            Prompt(_("Task"), hint=_("Nothing: the subject of the letter."), may_be_empty=True)
        )
        return None if title is None else {"do": "task", "title": title, "days": 1}

    async def _ask_forward(self) -> dict[str, Any] | None:
        def understood(line: str) -> str:
            if not address.is_valid(line.strip()):
                raise Invalid("not_an_address", value=line)
            return ""

        to = await self.app.push_screen_wait(Prompt(_("Forward to"), preview=understood))
        return {"do": "forward", "to": to.strip()} if to else None

    # What is shown

    def _show(self, draft: RuleDraft) -> None:
        asks_anew = draft.condition != self._draft.condition
        self._draft = draft
        self._list.reload()
        if asks_anew:
            self._try()

    def _try(self) -> None:
        self._tried()

    @in_worker(exclusive=True, group="trial")
    async def _tried(self) -> None:
        """How many letters of the folder it would act on: counted in a thread."""
        draft = self._draft
        line = self.query_one("#rule-trial", Static)
        self._examples = []
        if draft.folder_id is None or condition_words.is_empty(draft.condition):
            line.update(Content(_("y keeps the rule, Esc gives it up.")))
            return
        folder_id = draft.folder_id
        asked = Context(self._now(), self._zone(), self.actor.user_id)
        trial = await self.look(
            lambda connection: mail_rules.trial(connection, draft.condition, asked, folder_id, MOST_SHOWN)
        )
        self._examples = [_in_one_line(one) for one in trial.examples]
        self._list.reload()
        line.update(
            Content(
                ngettext(
                    "Would act on {n} of {total} letter in “{folder}”. y: keep and run now",
                    "Would act on {n} of {total} letters in “{folder}”. y: keep and run now",
                    trial.total,
                ).format(n=trial.matching, total=trial.total, folder=self._folder_name(folder_id))
            )
        )

    def _rows(self) -> list[Row]:
        draft = self._draft
        rows = [Row(NAME, (_("Rule"), draft.name))]
        rows += [
            Row(number, (_("If") if number == WANTED else _("and"), text))
            for number, text in enumerate(self._asked_for(), WANTED)
        ]
        with self.store.read() as connection:
            texts = [mail_rule_words.action_said(connection, one) for one in draft.actions]
        rows += [
            Row(number, (_("Then") if number == FIRST_ACTION else "", text))
            for number, text in enumerate(texts, FIRST_ACTION)
        ]
        if self._examples:
            rows.append(Row(heading_id(0), (_("Now, the newest first"), "")))
        return rows + [Row(number, ("", text)) for number, text in enumerate(self._examples, FIRST_EXAMPLE)]

    def _asked_for(self) -> list[str]:
        """The condition in lines: what must all hold, one by one."""
        wanted = self._draft.condition
        parts: tuple[Condition, ...] = (wanted,)
        if isinstance(wanted, Group) and wanted.kind == "all" and wanted.members:
            parts = wanted.members
        return [condition_words.said(one, LETTER, self._name_of) for one in parts]

    def _references(self, of: str) -> list[tuple[str, str]]:
        with self.store.read() as connection:
            return [(str(key), name) for key, name in letter_conditions.choices(connection, of)]

    def _name_of(self, field: FieldOf, key: int) -> str:
        return dict(self._references(field.of)).get(str(key), str(key))

    def _folder_name(self, folder_id: int) -> str:
        with self.store.read() as connection:
            found = folder_queries.rows(connection, counted=False)
        return next((folder_title(one) for one in found if one.id == folder_id), "")


def _in_one_line(letter: LetterRow) -> str:
    return f"{clean(letter.sender)}: {clean(letter.subject) or _('(no subject)')}"


def folder_options(screen: Acting, account_id: int) -> Sequence[tuple[str, str]]:
    """The folders of an account to choose from."""
    with screen.store.read() as connection:
        found = folder_queries.rows(connection, counted=False)
    return [
        (str(one.id), folder_title(one)) for one in found if one.selectable and one.account_id == account_id
    ]
