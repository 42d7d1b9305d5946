"""The tables that hold nothing of a person, each with why: the rest of ``personal_tables`` (C-13)."""

from collections.abc import Mapping

NOT_PERSONAL: Mapping[str, str] = {
    "absence": "when a colleague is away",
    "cancelled_meeting": "ids that organisers gave to meetings, and times",
    "change": "names of tables and ids, cut off after a while",
    "checklist_item": "what the company checks off",
    "checklist_mark": "ids and times",
    "custom_field": "what the company asks for",
    "customer_entity": "two ids",
    "customer_status_change": "codes of the company's statuses",
    "folder": "folders of our own mailboxes",
    "import_map": "names of columns of files",
    "journal_entry": "who of us did what, and when; erased entries stay as such",
    "journal_row": "images of rows of other tables: scrubbed with each of those (store/erasing.py)",
    "letter_claim": "which colleague has a letter open, until when",
    "letter_template": "texts of our own with places for names",
    "list_item": "words of the company",
    "mail_account": "our own mailboxes",
    "pop_message": "which letters a server has, by its own numbers",
    "process_event": "which outcome, when, and who of us: codes and numbers",
    "process_trigger": "rules of the company",
    "product": "what the company sells",
    "purpose": "words of the company",
    "route_map": "how the company works",
    "route_map_version": "how the company works",
    "scenario": "words of the company",
    "segment_item": "ids of records",
    "setting": "how a colleague likes the program",
    "state": "words of the company",
    "tomb": "places on a mail server, by number",
    "user": "a colleague, who is not a person in the meaning of this act",
    "work_calendar": "when the company and its people work",
    "work_calendar_day": "holidays and moved working days",
}
"""Tables that hold nothing of a person, and why."""
