"""What a choice of a running process asks is answered as long as the value is there."""

from crm_tui.domain.conditions.record_subjects import CUSTOM
from crm_tui.domain.route.route_map import ChoicePoint, EndPoint, Flow, Step
from crm_tui.services.interest import interests
from crm_tui.services.record import custom_fields
from tests.services.process_office import CREATED, Floor, route


def test_rm_05_a_field_that_was_archived_still_answers_for_the_map_in_force(floor: Floor) -> None:
    with floor.work("field.add") as work:
        field = custom_fields.add(work, "interest", "Region", "text")
    south = {"field": CUSTOM + field.code, "op": "equals", "value": "south"}
    floor.enforce(
        route(
            Step(id="ask", name="Ask", state="meeting"),
            ChoicePoint(id="where"),
            Step(id="fly", name="Fly", state="proposal"),
            Step(id="walk", name="Walk", state="proposal"),
            EndPoint(id="sold", state="won"),
            flows=(
                Flow("start", "ask"), Flow("ask", "where"), Flow("where", "fly", condition=south),
                Flow("where", "walk"), Flow("fly", "sold"), Flow("walk", "sold"),
            ),
            **CREATED,
        )
    )  # fmt: skip
    interest = floor.interest()
    with floor.work("interest.change") as work:
        interests.change(work, interest, custom={field.code: "south"})
    with floor.work("field.archive") as work:
        custom_fields.archive(work, field.key)
    floor.do(floor.open_steps(interest)["Ask"])
    assert list(floor.open_steps(interest)) == ["Fly"]
