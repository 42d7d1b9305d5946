"""Commands of a route map that is drawn: the cursor goes along its ways, points are put on them."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    look("route.left", N_("To the left"), N_("Go to the branch on the left."), "h", "left"),
    look("route.right", N_("To the right"), N_("Go to the branch on the right."), "l", "right"),
    act(
        "route.add",
        N_("New point after this"),
        N_("Put a step, choice, split with join, nested process, timer or action on the way on from here."),
        "n",
        footer=True,
        repeatable=False,
    ),
    act(
        "route.branch",
        N_("Another way from here"),
        N_("Give a step one more outcome, a choice one more way, a split one more branch."),
        "b",
        footer=True,
        repeatable=False,
    ),
    act(
        "route.edit",
        N_("Settings"),
        N_("Set the point or the way under the cursor."),
        "e",
        footer=True,
        repeatable=False,
    ),
    look("route.lines", N_("All of the step"), N_("Show the outcomes, demands and rules of the step.")),
    act("route.rename", N_("Rename"), N_("Call it otherwise."), "r", argument="text", repeatable=False),
    act(
        "route.state",
        N_("State"),
        N_("Choose the state into which the Interest goes here."),
        "s",
        repeatable=False,
    ),
    act(
        "route.demand",
        N_("Demand"),
        N_("Demand a document or a field before the step can be completed."),
        "d",
        repeatable=False,
    ),
    act(
        "route.delete",
        N_("Delete"),
        N_("Take it out of the map; the ways are joined again."),
        "D",
        footer=True,
    ),
    act("route.later", N_("Later"), N_("Move the point one place further on its way."), "J"),
    act("route.earlier", N_("Earlier"), N_("Move the point one place back on its way."), "K"),
    act(
        "route.lead",
        N_("Lead elsewhere"),
        N_("Choose the point that the way leads to."),
        "L",
        repeatable=False,
    ),
    act(
        "route.control",
        N_("Controls the state"),
        N_("Let this branch of a split set the Interest's state."),
        "x",
    ),
    act(
        "route.instruction",
        N_("Instruction in editor"),
        N_("Write what is to be done on the step in your own editor."),
        "i",
        repeatable=False,
    ),
    act(
        "route.parameters",
        N_("Parameters"),
        N_("Set number, name, what the map runs on, when it starts, early termination."),
        "P",
        footer=True,
        repeatable=False,
    ),
    look(
        "route.problems", N_("Problems"), N_("List what keeps the map from being in force."), "p", footer=True
    ),
    look(
        "route.simulate", N_("Try it out"), N_("Look at every way through the map as it is written now."), "t"
    ),
    act(
        "route.enforce",
        N_("Put in force"),
        N_("Let processes start by the map as it is written now."),
        "I",
        repeatable=False,
    ),
    look(
        "route.view", N_("Graph or outline"), N_("Show the map as a graph, or its points line by line."), "v"
    ),
    act(
        "route.map_text",
        N_("Map as text"),
        N_("Write the map as TOML text in your own editor."),
        "T",
        repeatable=False,
    ),
    act(
        "route.discard",
        N_("Forget the draft"),
        N_("Go back to what is in force: forget what was written since."),
        repeatable=False,
    ),
    act(
        "map_step.add",
        N_("New line"),
        N_("Add a rule, a demand or an outcome: what the line under the cursor is."),
        "n",
        footer=True,
        repeatable=False,
    ),
    act(
        "map_step.rule", N_("New rule"), N_("Add a rule: what is done when, for whom."), "a", repeatable=False
    ),
    act(
        "map_step.change", N_("Change"), N_("Change what the line says."), "e", footer=True, repeatable=False
    ),
    act(
        "map_step.condition",
        N_("Condition"),
        N_("Say when the rule is carried out."),
        "c",
        footer=True,
        repeatable=False,
    ),
    act("map_step.delete", N_("Delete"), N_("Take the line away."), "D", footer=True),
    act("map_step.later", N_("Later"), N_("Move the line one place down."), "J"),
    act("map_step.earlier", N_("Earlier"), N_("Move the line one place up."), "K"),
)
