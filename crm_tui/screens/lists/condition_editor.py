"""The editor of conditions: a tree of groups and comparisons over the fields of any subject, by keyboard alone."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from textual import events
from textual.app import ComposeResult
from textual.containers import Grid, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from crm_tui.domain.conditions import condition, condition_words
from crm_tui.domain.conditions.condition import GROUPS, Condition, Group, Leaf
from crm_tui.domain.conditions.condition_fields import FieldOf, Subject
from crm_tui.domain.errors import CrmError, Refused
from crm_tui.i18n import _
from crm_tui.screens.acting import Acting
from crm_tui.screens.base import CrmDialog, CrmScreen
from crm_tui.screens.forms.form_fields import step_field
from crm_tui.screens.forms.unkept import Unkept
from crm_tui.screens.lists.condition_fields import LeafFields, References
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.widgets.choice_field import ChoiceField
from crm_tui.widgets.footer import Footer
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row

Path = tuple[int, ...]
"""Where a part stands: the places to take, from the root down."""


class LeafForm(Acting, CrmDialog[Leaf]):
    """Asks for one comparison: field, how, with what. Enter takes it, Up and Down go through the rows."""

    SCOPES = ("form",)

    def __init__(self, subject: Subject, references: References, leaf: Leaf | None = None) -> None:
        super().__init__()
        self._leaf_fields = LeafFields(subject, references, leaf)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog form"):
            yield Static(Content(_("Condition")), classes="dialog-title")
            with Grid(classes="form-fields"):
                for widget in self._leaf_fields.rows():
                    if not isinstance(widget, Static):
                        widget.add_class("form-field")
                    yield widget
            yield Static(classes="dialog-note")
        yield Footer()

    def on_mount(self) -> None:
        self._leaf_fields.field.focus()
        self._shown()

    def on_key(self, event: events.Key) -> None:
        if step_field(self, event.key):
            event.stop()

    def on_choice_field_changed(self, event: ChoiceField.Changed) -> None:
        self._leaf_fields.changed(event.field)
        self._shown()

    def on_input_changed(self, _event: Input.Changed) -> None:
        self._shown()

    def on_input_submitted(self, _event: Input.Submitted) -> None:
        self.command_form_save()

    def on_choice_field_submitted(self, _event: ChoiceField.Submitted) -> None:
        """Enter goes on to the value that is still to be typed; else it takes the comparison."""
        if self._leaf_fields.typed.display and not self._leaf_fields.typed.value:
            self._leaf_fields.typed.focus()
        else:
            self.command_form_save()

    def command_form_save(self, argument: str = "") -> None:
        try:
            self.dismiss(self._leaf_fields.leaf(self._now(), self._zone()))
        except CrmError as error:
            self._say(f"! {self.shell.explain(error)}")

    def _shown(self) -> None:
        self._say(self._leaf_fields.hint(self._now(), self._zone()))

    def _say(self, text: str) -> None:
        self.query_one(".dialog-note", Static).update(Content(text))


class ConditionEditor(Unkept, CrmScreen[Condition]):
    """Answers the condition as it was left by Ctrl+S, or None. The root is always a group."""

    SCOPES = ("condition",)

    def __init__(self, subject: Subject, given: Condition, references: References) -> None:
        super().__init__()
        self._subject = subject
        self._references = references
        self._given = self._root = given if isinstance(given, Group) else Group("all", (given,))

    def compose_body(self) -> Iterable[Widget]:
        columns = (Column("what", _("Condition"), flex=1, sortable=False),)
        self._list = RecordList(SmallSource(columns, self._rows), Order(""), header=False)
        yield Static(Content(_("Conditions")), classes="card-title")
        yield Static(classes="card-facts")
        yield self._list

    def on_mount(self) -> None:
        self._list.focus()
        self._say()

    async def command_condition_add(self, argument: str = "") -> None:
        leaf = await self.app.push_screen_wait(LeafForm(self._subject, self._references))
        if leaf is not None:
            self._add(leaf)

    def command_condition_add_group(self, argument: str = "") -> None:
        self._add(Group("any"))

    async def command_condition_change(self, argument: str = "") -> None:
        """A group becomes the next kind of group; a comparison is asked for anew."""
        path, part = self._at_cursor()
        if isinstance(part, Group):
            kind = GROUPS[(GROUPS.index(part.kind) + 1) % len(GROUPS)]
            self._put(path, replace(part, kind=kind))
            return
        leaf = await self.app.push_screen_wait(LeafForm(self._subject, self._references, part))
        if leaf is not None:
            self._put(path, leaf)

    def command_condition_delete(self, argument: str = "") -> None:
        path, _part = self._at_cursor()
        if not path:
            self._show(Group(self._root.kind))
        else:
            self._show(_without(self._root, path))

    def command_condition_done(self, argument: str = "") -> None:
        self.dismiss(self._root)

    def made(self) -> Condition:
        return self._root

    def given(self) -> Condition:
        return self._given

    async def on_record_list_opened(self, _event: RecordList.Opened) -> None:
        self.shell.run_command("condition.change")

    def _add(self, part: Condition) -> None:
        """Into the group at the cursor, or behind the comparison there."""
        path, here = self._at_cursor()
        if isinstance(here, Group):
            self._put(path, replace(here, members=(*here.members, part)), len(here.members))
        else:
            above = _part(self._root, path[:-1])
            assert isinstance(above, Group)
            place = path[-1] + 1
            self._put(
                path[:-1],
                replace(above, members=(*above.members[:place], part, *above.members[place:])),
                place,
            )

    def _put(self, path: Path, part: Condition, member: int | None = None) -> None:
        changed = _replaced(self._root, path, part)
        assert isinstance(changed, Group)
        self._show(changed, (*path, member) if member is not None else path)

    def _show(self, root: Group, path: Path | None = None) -> None:
        condition.parsed(condition.as_json(root), self._subject)  # within the limits
        self._root = root
        self._list.reload()
        paths = [one for one, _part in _walk(root)]
        if path in paths:
            self._list.go_to(paths.index(path) + 1)
        self._say()

    def _say(self) -> None:
        said = condition_words.said(self._root, self._subject, self._name_of)
        self.query_one(".card-facts", Static).update(Content(said))

    def _at_cursor(self) -> tuple[Path, Condition]:
        key = self._list.current_id
        if key is None:
            raise Refused("nothing_chosen")
        return list(_walk(self._root))[key - 1]

    def _rows(self) -> list[Row]:
        return [
            Row(number, ("    " * len(path) + self._title(part),))
            for number, (path, part) in enumerate(_walk(self._root), 1)
        ]

    def _title(self, part: Condition) -> str:
        if isinstance(part, Group):
            return _(condition_words.GROUP_TITLES[part.kind]) + ":"
        return condition_words.leaf_said(part, self._subject, self._name_of)

    def _name_of(self, field: FieldOf, key: int) -> str:
        return dict(self._references(field.of)).get(str(key), str(key))


def _walk(part: Condition, path: Path = ()) -> Iterator[tuple[Path, Condition]]:
    yield path, part
    if isinstance(part, Group):
        for number, one in enumerate(part.members):
            yield from _walk(one, (*path, number))


def _part(root: Condition, path: Path) -> Condition:
    for number in path:
        assert isinstance(root, Group)
        root = root.members[number]
    return root


def _replaced(root: Condition, path: Path, part: Condition) -> Condition:
    if not path:
        return part
    assert isinstance(root, Group)
    number = path[0]
    member = _replaced(root.members[number], path[1:], part)
    return replace(root, members=(*root.members[:number], member, *root.members[number + 1 :]))


def _without(root: Group, path: Path) -> Group:
    above = _part(root, path[:-1])
    assert isinstance(above, Group)
    members = above.members[: path[-1]] + above.members[path[-1] + 1 :]
    changed = _replaced(root, path[:-1], replace(above, members=members))
    assert isinstance(changed, Group)
    return changed
