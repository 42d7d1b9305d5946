"""What is wrong with a map, as sentences for a person."""

from crm_tui.domain.errors import Invalid
from crm_tui.domain.route.route_map import Route
from crm_tui.domain.route.route_problem import Problem
from crm_tui.domain.text import clean
from crm_tui.i18n import _
from crm_tui.services import messages
from crm_tui.services.messages_map_problems import PROBLEMS


def of_problem(route: Route, problem: Problem) -> str:
    """The sentence, with the name of the point before it; about the map itself, without."""
    facts = {name: clean(str(value)) for name, value in problem.facts.items()}
    if "because" in problem.facts:
        facts["because"] = messages.of_error(Invalid(problem.facts["because"], **problem.facts["facts"]))
    said = _(PROBLEMS[problem.code]).format_map(facts)
    point = route.by_id.get(problem.point)
    if point is None:
        return said[:1].upper() + said[1:]
    return f"{clean(point.name or point.id)}: {said}"
