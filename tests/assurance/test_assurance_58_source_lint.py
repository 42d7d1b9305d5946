"""Row 58: the source holds no call that lets foreign text act, starts a shell or damages the store."""

import ast
from collections.abc import Callable
from textwrap import dedent

import pytest

from tools.source_rules import ROOT, findings, package_findings


def found(source: str, path: str = "crm_tui/screens/letter/mail.py") -> list[str]:
    tree = ast.parse("from textual.widgets import Static\n" + dedent(source))
    return [finding.rule for finding in findings(path, tree, {"title_of"})]


def test_the_program_has_no_finding(figure: Callable[[str], None]) -> None:
    files = len(list((ROOT / "crm_tui").rglob("*.py")))
    breaches = package_findings()
    figure(f"{len(breaches)} findings in {files} files")
    assert [str(breach) for breach in breaches] == []


@pytest.mark.parametrize(
    "source",
    [
        'Static(f"Letter {subject}")',
        "Static(subject)",
        "Label(letter.subject)",
        'Button(_("Open {name}").format(name=name))',
        'Static("[bold]Letter[/]" + subject)',
        "self.notify(str(error))",
        "self.notify(text, markup=True)",
        "self.query_one(Static).update(f'{n} letters')",
        "self.status.update(_('{n} letters').format(n=n))",
        "table.add_row(letter.sender, letter.subject)",
        "table.add_row(*cells)",
        "widget.tooltip = subject",
        "self.border_title = f'Folder {name}'",
        "Input(tooltip=subject)",
        "OptionList(Option(name))",
        "def draw(subject: str | Content) -> None:\n    Static(subject)",
        "subprocess.run(command, shell=True)",
        "subprocess.run(command, shell=wanted)",
        "os.system(command)",
        "asyncio.create_subprocess_shell(command)",
        "metadata.create_all(engine)",
        "from sqlalchemy import select, text",
        "connection.exec_driver_sql('select 1')",
        "open(paths.database()).read()",
        "paths.database().read_bytes()",
        "shutil.copy(data_dir() / 'crm.db', target)",
    ],
)
def test_a_dangerous_call_is_found(source: str) -> None:
    assert len(found(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        'Static("Letters")',
        'Static(_("Letters"), id="head")',
        "Static(Content(subject))",
        'Static(Content.from_markup("[b]$s[/b]", s=subject))',
        "Static(subject, markup=False)",
        "Static(title_of(letter))",
        "title = Content(subject)\nStatic(title)",
        "def draw(title: Content) -> None:\n    Static(title)",
        "Static(Content(a) if a else _('none'))",
        "self.notify(f'{n} letters', markup=False)",
        "table.add_row(Text(sender), Text(subject))",
        "table.add_row(*[Text(cell) for cell in cells])",
        "widget.tooltip = None",
        "known.update(other)",
        "subprocess.run(command, shell=False)",
        "path.open()",
    ],
)
def test_a_harmless_call_is_not(source: str) -> None:
    assert found(source) == []


def test_sql_text_may_stand_in_the_engine() -> None:
    assert found("from sqlalchemy import text", "crm_tui/store/engine.py") == []
    assert found("from sqlalchemy import text", "crm_tui/store/queries/mail.py") != []


def test_what_draws_nothing_may_use_the_same_names() -> None:
    tree = ast.parse("notify(work, user_id, kind)")
    assert list(findings("crm_tui/services/task/tasks.py", tree, set())) == []
