"""The file of story O7: 180 leads of a fair, as a spreadsheet of ours writes it, and the six we know already."""

from pathlib import Path

from crm_tui.services.party import leads
from crm_tui.store.engine import Store
from crm_tui.store.tables import ContactInfo, Customer, Lead, table_of
from crm_tui.store.work import Actor

HEADINGS = "ФИО;Компания;Должность;Тел.;Эл. почта;Город;Примечание"
KNOWN = ("Асель Омарова", "Пётр Ильин", "Оксана Бойко", "Марат Сейтов", "Olga Kim", "Ирина Ли")


def write(folder: Path, count: int = 180) -> Path:
    """``fair.csv``: six that are here, three that cannot be used, the others new."""
    rows = [f"{name};;;;known{at}@fair.example;Алматы;" for at, name in enumerate(KNOWN)]
    rows += [
        "Без почты;ТОО «Ветер»;;;не спросил;;",
        "Без номера;;;нет;;Астана;",
        ";;;;;Шымкент;только город",
    ]
    rows += [
        f'Гость {at};"ТОО ""Стенд; {at}""";инженер;+7 701 555 {at:04d};guest{at}@fair.example;Астана;ждёт "звонка"'
        for at in range(count - len(rows))
    ]
    path = folder / "fair.csv"
    path.write_bytes("\r\n".join([HEADINGS, *rows, ""]).encode("cp1251"))
    return path


def add_known(store: Store, actor: Actor) -> None:
    """The six, whose town nobody noted."""
    with store.work(actor, "lead.add") as work:
        for at, name in enumerate(KNOWN):
            leads.add(work, name, owner_id=actor.user_id, infos=[("email", f"known{at}@fair.example")])


def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """The raw rows of what an import writes, and of the search index of records."""
    names = [table_of(model).name for model in (Lead, Customer, ContactInfo)]
    with store.read() as connection:
        return {
            name: [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {name}")]
            for name in (*names, "contact", "interest", "interest_line", "import_run", "record_fts")
        }
