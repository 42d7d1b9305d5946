"""Commands of the catalogue of route maps."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    look(
        "everywhere.maps",
        N_("Route maps"),
        N_("Show the catalogue of route maps: what processes go by."),
        "g m",
    ),
    act(
        "maps.add",
        N_("New map"),
        N_("Write a new route map; it is a draft until it is put in force."),
        "n",
        argument="text",
        footer=True,
        repeatable=False,
    ),
    act(
        "maps.copy",
        N_("Copy"),
        N_("Make a new map that says the same."),
        "y",
        argument="text",
        repeatable=False,
    ),
    act("maps.edit", N_("Edit"), N_("Draw the map and set its steps."), "e", footer=True, repeatable=False),
    act(
        "maps.enforce",
        N_("Put in force"),
        N_("Let processes start by the map as it is written now; what forbids it is listed."),
        "I",
        footer=True,
        repeatable=False,
    ),
    act(
        "maps.suspend",
        N_("Suspend"),
        N_("Let no more processes start by the map; those that run go on."),
        "S",
    ),
    act("maps.archive", N_("Archive"), N_("Put the map away; put in force it is back."), "D"),
    look("maps.archived", N_("Archived too"), N_("Show maps that were put away too, or not."), "o"),
    look(
        "maps.versions",
        N_("Versions"),
        N_("Show what was in force when, and what changed."),
        "v",
        footer=True,
    ),
    look(
        "maps.simulate",
        N_("Try it out"),
        N_("Look at every way through the map: what is come to, with how many touches, what goes wrong."),
        "t",
        footer=True,
    ),
    look(
        "maps.replay",
        N_("Try it on the past"),
        N_("Fly past Interests through the map: where they would stand, what would be late, who written to."),
        "T",
    ),
    look(
        "maps.report",
        N_("How it runs"),
        N_("Show the time in each step, where processes fail, who is late."),
        "R",
    ),
    act(
        "maps.migrate",
        N_("Move running processes"),
        N_("See where running processes would stand in the version in force, and let them go on by it."),
        "M",
        repeatable=False,
    ),
    look(
        "map_simulation.replay",
        N_("Try it on the past"),
        N_("Fly past Interests through the map as well."),
        "T",
        footer=True,
    ),
    look(
        "map_report.period", N_("Period"), N_("Show all that was, or the last days only."), "p", footer=True
    ),
    look(
        "map_migration.place",
        N_("Say where to"),
        N_("Choose where processes go on that wait at a point that is gone."),
    ),
    act(
        "map_migration.move",
        N_("Move them"),
        N_("Let the processes that can go on by the version."),
        "ctrl+s",
        footer=True,
        repeatable=False,
    ),
    act(
        "maps.import",
        N_("Import"),
        N_("Take a map from a file: TOML, or BPMN where its name ends so."),
        "i",
        argument="text",
        repeatable=False,
    ),
    act(
        "maps.export",
        N_("Export"),
        N_("Write the map to a file: TOML, or BPMN where its name ends so."),
        "x",
        argument="text",
        repeatable=False,
    ),
)
