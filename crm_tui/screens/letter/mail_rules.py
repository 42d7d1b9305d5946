"""The list of the processing rules of a mailbox (MAIL-05, MAIL-51)."""

from textual.content import Content

from crm_tui.domain.conditions import condition_words
from crm_tui.domain.conditions.condition import Group
from crm_tui.domain.conditions.condition_check import Context
from crm_tui.domain.conditions.condition_fields import LETTER, FieldOf
from crm_tui.domain.errors import NotFound, Refused
from crm_tui.i18n import _, ngettext
from crm_tui.screens.acting import Acting
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.letter.mail_rule_card import RuleCard, RuleDraft, folder_options
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.services.letter import mail_rule_words, mail_rules
from crm_tui.services.letter.mail_rules import Ran, Rule
from crm_tui.store import letter_conditions
from crm_tui.store.queries import folders as folder_queries
from crm_tui.store.work import Work
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag


class RulesScreen(ListScreen[None]):
    """The rules of one account, in the order in which they are asked."""

    SCOPES = ("rules",)
    TABLES = frozenset({"mail_rule", "folder"})

    def __init__(self, account_id: int) -> None:
        super().__init__()
        self._account_id = account_id
        self._rules: dict[int, Rule] = {}
        self._trials: dict[int, int] = {}

    def list_title(self) -> str:
        with self.store.read() as connection:
            names = dict(letter_conditions.choices(connection, "account"))
        return _("Processing rules of {account}: the first that holds acts").format(
            account=names.get(self._account_id, "")
        )

    def make_list(self) -> RecordList:
        columns = (
            Column("on", _("On"), width=3, sortable=False),
            Column("name", _("Rule"), flex=1, min_width=14, sortable=False),
            Column("if", _("If"), flex=2, min_width=20, sortable=False),
            Column("then", _("Then"), flex=2, min_width=16, sortable=False),
            Column("trial", _("Now"), width=6, align="right", sortable=False, drop=1),
        )
        return RecordList(
            SmallSource(columns, self._rows),
            Order(""),
            empty=Content(_("No rules yet. n makes one; K on a letter makes one for letters like it.")),
        )

    def on_record_list_opened(self, _event: RecordList.Opened) -> None:
        self.shell.run_command("rules.change")

    async def command_rules_add(self, argument: str = "") -> None:
        draft = RuleDraft(self._account_id, "", Group("all"), (), self._inbox())
        made = await self.app.push_screen_wait(RuleCard(draft))
        if made is not None:
            await keep_rule(self, made)

    async def command_rules_change(self, argument: str = "") -> None:
        rule = self._chosen()
        given = RuleDraft(
            rule.account_id, rule.name, rule.condition or Group("all"), rule.actions, self._inbox()
        )
        draft = await self.app.push_screen_wait(RuleCard(given))
        if draft is None:
            return

        def changed(work: Work) -> Ran:
            mail_rules.change(work, rule.id, draft.name, draft.condition, draft.actions)
            runs_in = draft.folder_id if draft.run else None
            return Ran(0, {}) if runs_in is None else mail_rules.run(work, runs_in, [rule.id])

        _say_ran(self, await self.act("mail_rule.change", changed), has_run=draft.run)

    async def command_rules_toggle(self, argument: str = "") -> None:
        rule = self._chosen()
        await self.act("mail_rule.enable", lambda work: mail_rules.enable(work, rule.id, on=not rule.enabled))

    async def command_rules_up(self, argument: str = "") -> None:
        await self._shift(-1)

    async def command_rules_down(self, argument: str = "") -> None:
        await self._shift(1)

    async def _shift(self, by: int) -> None:
        rule = self._chosen()
        await self.act("mail_rule.shift", lambda work: mail_rules.shift(work, rule.id, by))
        self._list.reload()
        self._list.go_to(rule.id)

    async def command_rules_try(self, argument: str = "") -> None:
        """How many letters of a folder each rule would act on stands beside it."""
        folder_id = await self._folder()
        if folder_id is None:
            return
        asked = Context(self._now(), self._zone(), self.actor.user_id)
        active = [one for one in self._rules.values() if one.enabled]
        found = await self.look(lambda connection: mail_rules.found(connection, active, asked, folder_id))
        self._trials = {rule.id: len(ids) for rule, ids in found}
        self._list.reload()
        count = sum(self._trials.values())
        self.shell.say(
            ngettext("Would act on {n} letter.", "Would act on {n} letters.", count).format(n=count)
        )

    async def command_rules_run(self, argument: str = "") -> None:
        folder_id = await self._folder()
        if folder_id is not None:
            _say_ran(self, await self.act("mail_rule.run", lambda work: mail_rules.run(work, folder_id)))

    async def command_rules_delete(self, argument: str = "") -> None:
        rule = self._chosen()
        await self.act("mail_rule.remove", lambda work: mail_rules.remove(work, rule.id))
        self.shell.say(_("{name} deleted. u takes it back.").format(name=rule.name))

    def _chosen(self) -> Rule:
        rule = self._rules.get(self._list.current_id or 0)
        if rule is None:
            raise Refused("nothing_chosen")
        return rule

    async def _folder(self) -> int | None:
        options = folder_options(self, self._account_id)
        if not options:
            raise NotFound("no_such_folder", name="")
        chosen = await self.app.push_screen_wait(Choice(_("In which folder"), options))
        return None if chosen is None else int(chosen)

    def _inbox(self) -> int | None:
        with self.store.read() as connection:
            found = folder_queries.rows(connection, counted=False)
        return next(
            (one.id for one in found if one.account_id == self._account_id and one.role == "inbox"), None
        )

    def _rows(self) -> list[Row]:
        with self.store.read() as connection:
            found = mail_rules.rules(connection, self._account_id)
            done = {one.id: mail_rule_words.actions_said(connection, one.actions) for one in found}
        self._rules = {one.id: one for one in found}
        return [self._row(one, done[one.id]) for one in found]

    def _row(self, rule: Rule, done: str) -> Row:
        if rule.condition is None:
            asks = _("asks for what this program does not know")
        else:
            asks = condition_words.said(rule.condition, LETTER, self._name_of)
        on = _("yes") if rule.enabled else _("no")
        trial = str(self._trials.get(rule.id, ""))
        return Row(
            rule.id, (on, rule.name, asks, done, trial), RowFlag.NONE if rule.enabled else RowFlag.DIMMED
        )

    def _name_of(self, field: FieldOf, key: int) -> str:
        with self.store.read() as connection:
            return dict(letter_conditions.choices(connection, field.of)).get(key, str(key))


async def keep_rule(screen: Acting, draft: RuleDraft) -> None:
    """Keep a new rule and, where that was wanted, run it: one act."""
    runs_in = draft.folder_id if draft.run else None
    _row, ran = await screen.act(
        "mail_rule.add",
        lambda work: mail_rules.add_and_run(
            work, draft.account_id, draft.name, draft.condition, draft.actions, runs_in
        ),
    )
    _say_ran(screen, ran, has_run=draft.run)


def _say_ran(screen: Acting, ran: Ran, *, has_run: bool = True) -> None:
    shell = screen.shell
    if ran.failures:
        name, error = next(iter(ran.failures.items()))
        shell.say(f"{name}: {shell.explain(error)}", trouble=True)
        return
    shell.say(
        ngettext(
            "The rule acted on {n} letter. u takes it back.",
            "The rule acted on {n} letters. u takes it back.",
            ran.acted,
        ).format(n=ran.acted)
        if has_run
        else _("The rule is kept. u takes it back.")
    )
