"""Story B7: a rule made from a newsletter, at the support operator's thin terminal and on a real server."""

from email.message import EmailMessage
from email.utils import format_datetime

from crm_tui.store.tables import Folder, JournalEntry, Letter, MailRule, Placement
from tests.stories.office import Desk, Office, Seat

NEWSLETTER = "Pump news <news@pumps.example>"


def subjects(desk: Desk, folder: str) -> list[str]:
    """What lies in the folder, as desired here."""
    folders = {one.key for one in desk.rows(Folder, name=folder)}
    places = [one for one in desk.rows(Placement, deleted=False) if one.folder_id in folders]
    return sorted(desk.row(Letter, id=one.letter_id).subject for one in places)


def newsletter(office: Office, number: int) -> None:
    """An issue of the newsletter, with its List-Id, arrives on the server."""
    office.clock.move(minutes=1)
    letter = EmailMessage()
    letter["From"], letter["To"] = NEWSLETTER, f"{office.user}@office.example"
    letter["Subject"], letter["Date"] = f"{number} issue", format_datetime(office.clock.now)
    letter["Message-ID"] = f"<{number}@pumps.example>"
    letter["List-Id"] = "News of pumps <News.pumps.example>"
    letter.set_content("Pumps!")
    office.elsewhere.append("INBOX", letter.as_bytes().replace(b"\n", b"\r\n"))


async def test_b7_a_rule_is_made_from_a_letter_tried_run_and_taken_back(office: Office, seat: Seat) -> None:
    office.elsewhere.session.create(b"News")
    for number in range(1, 4):
        newsletter(office, number)
    office.deliver("Question", "How much?")
    async with office.at_desk(*seat) as desk:
        await desk.mail_is_quiet()
        await desk.press("1")
        await desk.sees("Question", "3 issue")
        await desk.press("end", "K")
        await desk.sees("Into which folder", "News")
        await desk.write("news")
        await desk.press("enter")
        await desk.sees(
            "Would act on 3 of 4 letters in “Inbox”",
            "Sender contains “news@pumps.example”",
            "Mailing list is “news.pumps.example”",
            "put into “News”",
        )
        await desk.press("y")
        await desk.until(lambda: subjects(desk, "News") == ["1 issue", "2 issue", "3 issue"], "moved")
        assert subjects(desk, "INBOX") == ["Question"]
        await desk.until(lambda: on_server(office)["News"] == 3, "the server follows")
        rule = desk.row(MailRule)
        assert rule.condition == {
            "all": [
                {"field": "sender", "op": "contains", "value": "news@pumps.example"},
                {"field": "list_id", "op": "equals", "value": "news.pumps.example"},
            ]
        }
        # Later mail is moved in the transaction of its arrival: it never stood in the inbox.
        newsletter(office, 4)
        await desk.until(lambda: "4 issue" in subjects(desk, "News"), "later mail")
        (acted,) = [one for one in desk.rows(JournalEntry) if one.command == "mail_rule.arrived"]
        assert acted.actor.startswith("rule:")
        await desk.until(lambda: on_server(office)["News"] == 4, "the server follows again")
        await desk.press("u")
        await desk.until(lambda: desk.rows(MailRule) == [], "the rule is gone")
        assert subjects(desk, "News") == ["4 issue"], "what the rule did on arrival stays"
        assert subjects(desk, "INBOX") == ["1 issue", "2 issue", "3 issue", "Question"]
        await desk.until(lambda: on_server(office) == {"INBOX": 4, "News": 1}, "and so does the server")


def on_server(office: Office) -> dict[str, int]:
    """How many letters another program sees in the two folders."""
    found = {"INBOX": 0, "News": 0}
    for places in office.elsewhere.state("INBOX", "News").values():
        for place in places:
            found[place[0]] += 1
    return found
