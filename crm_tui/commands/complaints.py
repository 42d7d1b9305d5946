"""What is wrong with the user's keys, as text: for the start of the screens and for `crm keys check`."""

from crm_tui.commands import strokes
from crm_tui.commands.keymap import Keymap
from crm_tui.i18n import _


def complaints(keymap: Keymap) -> list[str]:
    """One line for each clash, with the names of both commands, and for each line that is not understood."""
    clashes = [
        _("key {key}: “{winner}” ({winner_id}) takes it from “{loser}” ({loser_id})").format(
            key=strokes.show(clash.chord),
            winner=_(clash.winner.title),
            winner_id=clash.winner.id,
            loser=_(clash.loser.title),
            loser_id=clash.loser.id,
        )
        for clash in keymap.clashes
    ]
    patterns = {
        "scope": _("{section} {key} = {value}: there is no such place"),
        "chord": _("{section} {key} = {value}: this is not a key"),
        "command": _("{section} {key} = {value}: there is no such command"),
    }
    return clashes + [
        patterns[bad.what].format(
            section=f"[keys.{bad.scope}]" if bad.scope else "[keys]", key=bad.key, value=bad.value
        )
        for bad in keymap.bad
    ]
