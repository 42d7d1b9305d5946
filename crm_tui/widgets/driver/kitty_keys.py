"""Keys in the kitty encoding, brought into the form that Textual's parser reads.

A terminal may add alternates to a key (``1089::99``: the key types с, and is c on a Latin layout) and the kind of
event to the modifiers (``5:1``); Textual raises ValueError at both.
Source: https://sw.kovidgoyal.net/kitty/keyboard-protocol/
"""

_SHIFT = 1
_LOCKS = 64 + 128


def normal(parameters: str) -> str:
    """The parameters of ``CSI … u`` without alternates: with Ctrl or Alt the Latin key, else the key as typed."""
    codes, *rest = parameters.split(";")
    if not rest:
        return codes.partition(":")[0]
    modifiers, *text = rest
    held = modifiers.partition(":")[0]
    key, *alternates = codes.split(":")
    latin = alternates[1] if len(alternates) > 1 else ""
    if latin.isdecimal() and held.isdecimal() and (int(held) - 1) & ~(_SHIFT | _LOCKS):
        key = latin
    return ";".join((key, held, *text))
