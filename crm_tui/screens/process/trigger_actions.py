"""What a trigger does, asked for one thing after another."""

from typing import Any

from crm_tui.domain.errors import NotFound
from crm_tui.domain.letter import template
from crm_tui.domain.route import route_json
from crm_tui.domain.route.route_map import ProcessKind
from crm_tui.i18n import _
from crm_tui.screens.base import CrmScreen
from crm_tui.screens.forms.prompt import Choice, Prompt
from crm_tui.services.process.process_object import TALK
from crm_tui.services.process.trigger_words import ACTIONS, AT, Wanted
from crm_tui.services.record import field_setting
from crm_tui.services.route import route_catalogue
from crm_tui.services.writing import letter_templates

Action = dict[str, Any]


async def asked_action(screen: CrmScreen[Any], wanted: Wanted) -> Action | None:
    """An action for the trigger; None when it is given up."""
    at_a_time = wanted.event.startswith(AT)
    left_out = {"email", "sms"} if at_a_time else {"digest"}
    if wanted.object_kind == TALK:  # what was said is not for a rule to write
        left_out.add("set_field")
    options = [(do, _(name)) for do, name in ACTIONS.items() if do not in left_out]
    do = await screen.app.push_screen_wait(Choice(_("What is done"), options))
    if do is None:
        return None
    if do == "digest":
        return {"do": do, "target": ""}
    if do in ("email", "sms"):
        return await _letter(screen, do)
    if do == "set_field":
        return await _field(screen, wanted.object_kind)
    if do == "start_process":
        return await _process(screen, wanted.object_kind)
    return await _text(screen, do)


async def _letter(screen: CrmScreen[Any], do: str) -> Action | None:
    with screen.store.read() as connection:
        known = letter_templates.templates(connection)
    if not known:
        raise NotFound("no_templates")
    target = await screen.app.push_screen_wait(
        Choice(_("Which template"), [(one.name, one.name) for one in known])
    )
    if target is None:
        return None
    if do == "sms":
        return {"do": do, "target": target, "to_client": True}
    options = [("owner", _("to the owner")), ("client", _("to the client"))]  # Enter alone tells no client
    whom = await screen.app.push_screen_wait(Choice(_("To whom"), options))
    return None if whom is None else {"do": do, "target": target, "to_client": whom == "client"}


async def _field(screen: CrmScreen[Any], kind: str) -> Action | None:
    with screen.store.read() as connection:
        options = [(name, _(label)) for name, label in field_setting.settable(connection, kind).items()]
    name = await screen.app.push_screen_wait(Choice(_("Which field"), options))
    if name is None:
        return None
    value = await screen.app.push_screen_wait(
        Prompt(_("Which value"), hint=_("Nothing empties the field."), may_be_empty=True)
    )
    return None if value is None else {"do": "set_field", "target": f"{name}={value}"}


async def _process(screen: CrmScreen[Any], kind: str) -> Action | None:
    with screen.store.read() as connection:
        maps = route_catalogue.in_force(connection, object_kind=None if kind == TALK else kind)
    options = [(one.code, one.title) for one in maps if one.kind == ProcessKind.INDEPENDENT]
    if not options:
        raise NotFound("no_map_to_start")
    code = await screen.app.push_screen_wait(Choice(_("Which process"), options))
    return None if code is None else {"do": "start_process", "target": code}


async def _text(screen: CrmScreen[Any], do: str) -> Action | None:
    def understood(line: str) -> str:
        template.check(line)
        return ""

    def waits(line: str) -> str:
        if line.strip():
            route_json.duration_of(line, "after")
        return ""

    named = ", ".join(f"{{{{ {record}.name }}}}" for record in ("interest", "customer", "lead"))
    text = await screen.app.push_screen_wait(
        Prompt(_("Text"), preview=understood, hint=_("It may name fields: {names}").format(names=named))
    )
    if not text:
        return None
    after = await screen.app.push_screen_wait(
        Prompt(
            _("After what time"),
            preview=waits,
            hint=_("30min, 4h or 2d of working time, 3cd of the calendar. Nothing: at once, no deadline."),
            may_be_empty=True,
        )
    )
    if after is None:
        return None
    return {"do": do, "target": text, **({"after": after.strip()} if after.strip() else {})}
