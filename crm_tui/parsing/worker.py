"""The child process of `parsing.pool`: letters in on standard input, JSON out, limits around.

A message either way is its length in 8 bytes, then its bytes. An answer begins with ``+`` (a letter) or ``-``
(the code of a refusal).
"""

import resource
import sys
from collections.abc import Callable
from itertools import accumulate, pairwise
from typing import BinaryIO, TypeVar

from crm_tui.domain.errors import CrmError
from crm_tui.parsing import gist, heads, wire
from crm_tui.parsing.child import HEADS, MANY
from crm_tui.parsing.letter import Letter, headers_and_identity, parse

T = TypeVar("T")
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
    """In: what is asked (LETTERS or HEADS), how many of them, the length of each, then all of them. Out: the answer
    about all of them together as a message."""
    while question := source.read(1):
        lengths = source.read(8 * int.from_bytes(source.read(8), "big"))
        sizes = [int.from_bytes(lengths[at : at + 8], "big") for at in range(0, len(lengths), 8)]
        whole = source.read(sum(sizes))
        raws = [whole[start:end] for start, end in pairwise(accumulate(sizes, initial=0))]
        if question == HEADS:
            answer = heads.pack([_tried(headers_and_identity, raw) for raw in raws])
        else:
            answer = gist.pack([_tried(_gist, raw) for raw in raws])
        sink.write(len(answer).to_bytes(8, "big") + answer)
        sink.flush()


def _gist(raw: bytes) -> gist.Gist:
    return gist.gist_of(parse(raw, body_only=True))


def _tried(read: Callable[[bytes], T], raw: bytes) -> T | None:
    _allow_another_letter()
    try:
        return read(raw)
    except (CrmError, MemoryError):
        return None


def _answer(raw: bytes, pack: Callable[[Letter], bytes]) -> bytes:
    _allow_another_letter()
    try:
        return b"+" + pack(parse(raw))
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
