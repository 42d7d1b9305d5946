"""The child process of `parsing.pool`: letters in on standard input, JSON out, limits around.

A message either way is its length in 8 bytes, then its bytes. An answer begins with ``+`` (a letter) or ``-``
(the code of a refusal).
"""

import resource
import sys
from collections.abc import Callable
from typing import BinaryIO

from crm_tui.domain.errors import CrmError
from crm_tui.parsing import gist, wire
from crm_tui.parsing.child import MANY
from crm_tui.parsing.letter import Letter, parse

MEMORY = 2**30
CPU_SECONDS = 5


def main() -> None:
    """Serve until standard input ends."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if sys.argv[1:] == [MANY]:
        _serve_many(source, sink)
    while (raw := receive(source)) is not None:
        answer = _answer(raw, wire.pack)
        sink.write(len(answer).to_bytes(8, "big") + answer)
        sink.flush()


def _serve_many(source: BinaryIO, sink: BinaryIO) -> None:
    """A number of letters in, then the length of the gists of all together and the gists as messages."""
    while len(head := source.read(8)) == 8:
        raws = [receive(source) for _ in range(int.from_bytes(head, "big"))]
        answers = [_answer(raw, _gist, fields_too=False) for raw in raws if raw is not None]
        whole = b"".join(len(answer).to_bytes(8, "big") + answer for answer in answers)
        sink.write(len(whole).to_bytes(8, "big") + whole)
        sink.flush()


def _gist(letter: Letter) -> bytes:
    return gist.pack(gist.gist_of(letter))


def _answer(raw: bytes, pack: Callable[[Letter], bytes], *, fields_too: bool = True) -> bytes:
    _allow_another_letter()
    try:
        return b"+" + pack(parse(raw, fields_too=fields_too))
    except CrmError as refusal:
        return b"-" + refusal.code.encode()
    except MemoryError:
        return b"-out_of_memory"


def receive(source: BinaryIO) -> bytes | None:
    """The next message; None at the end."""
    head = source.read(8)
    if len(head) < 8:
        return None
    return source.read(int.from_bytes(head, "big"))


def _allow_another_letter() -> None:
    """The limit of processor time counts the life of the process: move it on for each letter."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + CPU_SECONDS + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
