"""What the demo company's Interests are worth in detail: products, lines, receipts, checklists of the states."""

import random
from datetime import timedelta

from crm_tui.demo.content import LANGUAGES
from crm_tui.demo.content.language import PRICES
from crm_tui.demo.letters import Terms
from crm_tui.demo.talks import Company, Talk
from crm_tui.services.interest import checklists, interest_lines, products, receipts
from crm_tui.store.tables import Interest, Scenario, State
from crm_tui.store.work import Work

ROT_DAYS = {"meeting": 7, "proposal": 10, "waiting": 14, "contract": 14, "control": 30}
CHECKLISTS = {
    "meeting": (("phone", True), ("next", False)),
    "proposal": (("lines", True), ("amount", True), ("expected_close", False)),
    "contract": (("contact", True), ("receipts", False)),
}
"""State of a sale → what is to be filled in there, and whether it keeps the Interest from moving on."""
PAID_IN = ("contract", "control", "won")
ADVANCE_PERCENT = 30


class Deals:
    """Writes products and checklists at once, and the rest Interest by Interest."""

    def __init__(self, work: Work, company: Company) -> None:
        self.work, self.company, self.texts = work, company, company.texts
        self.rng = random.Random(f"{company.seed} deals {company.language}")
        self._states()
        for number, (name, price) in enumerate(zip(self.texts.products, PRICES, strict=True), 1):
            products.add(
                work,
                name,
                code=f"P-{number:02}",
                unit=self.texts.unit,
                price_minor=round(price / self.texts.tenge) * 100,
                currency=self.texts.currency,
            )

    def fill(self, interest: Interest, talk: Talk, terms: Terms) -> None:
        """The line that was talked about, and the money that follows from it."""
        if not interest.amount_minor:
            return
        interest_lines.add(
            self.work,
            interest.key,
            terms.product,
            quantity_milli=terms.quantity * 1000,
            unit=LANGUAGES[talk.language].unit,
            price_minor=interest.amount_minor // terms.quantity,
        )
        if talk.state in PAID_IN:
            self._receipts(interest, talk.state)
        if self.rng.random() < 0.4 and interest.closed_at is None:
            self.work.change(interest, short_status=self.texts.comments.get(talk.state, ""))

    def _states(self) -> None:
        (sale,) = self.work.all(Scenario, code="sale")
        for state in self.work.all(State, scenario_id=sale.key):
            if state.code in ROT_DAYS:
                self.work.change(state, rot_days=ROT_DAYS[state.code])
            for field, required in CHECKLISTS.get(state.code, ()):
                checklists.add_item(self.work, state.key, "", required=required, field=field)

    def _receipts(self, interest: Interest, state: str) -> None:
        """An advance, and the rest with the goods; of a sale that is won both have come."""
        assert interest.amount_minor is not None
        begun = interest.state_since.date()
        advance = interest.amount_minor * ADVANCE_PERCENT // 100
        for days, amount in ((3, advance), (24, interest.amount_minor - advance)):
            due = begun + timedelta(days=days)
            planned = receipts.plan(self.work, interest.key, due, amount)
            if state == "won" or (days == 3 and state == "control"):
                receipts.receive(self.work, planned.key, due)
