"""Story B4: a saved answer with an empty name is refused until something stands for it; no ``{{`` leaves."""

from crm_tui.services.writing import letter_templates
from crm_tui.store.tables import Letter, Outbox, Placement
from tests.stories.office import Office, Seat


async def test_b4_a_saved_answer(office: Office, seat: Seat) -> None:
    store = office.store()
    with store.work(office.actor, "setup") as work:
        letter_templates.add(
            work, "Password", body="Dear {{ contact.first_name }},\nyour new password is on its way."
        )
    store.close()
    async with office.at_desk(*seat) as desk:
        await desk.mail_is_quiet()
        office.deliver("Password lost", "Please send me a new one.", "accounts@there.example")
        await desk.until(lambda: desk.rows(Placement), "the letter")
        await desk.press("1")
        await desk.sees("Password lost")
        await desk.press("r")
        await desk.sees("Re: Password lost", "> Please send me a new one.")
        await desk.press("ctrl+s")
        await desk.sees("Send to 1 address?", "accounts@there.example [outside]")
        await desk.press("t")
        await desk.sees("Password")
        await desk.press("1")
        await desk.sees("first_name is empty: e edit, f fallback")
        await desk.press("y")
        await desk.sees("first_name is empty: e edit, f fallback")
        assert desk.rows(Outbox) == [], "y is refused"
        await desk.press("f")
        await desk.sees("What stands for what is empty?")
        await desk.write("customer\n")
        await desk.sees("Dear customer,", "Send to 1 address?")
        await desk.press("y")
        await desk.sees("Sent in 10 s: u undo")
        await desk.later(seconds=11)
        await desk.until(lambda: office.sink.deliveries, "the letter is sent")
        (sent,) = office.sink.deliveries
        assert sent.recipients == ("accounts@there.example",)
        assert b"Dear customer," in sent.raw
        assert b"{{" not in sent.raw
        await desk.until(lambda: desk.row(Outbox).status == "sent", "it is said to be sent")
        answered = desk.rows(Letter, subject="Password lost")
        assert len(answered) == 1
