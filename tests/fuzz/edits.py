"""Ways to damage a file that leave most of it as it was, so that the damage goes deep.

An edit is plain data: Hypothesis draws and shrinks edits, the fuzzer draws them from a seed, and
either way the same edits make the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

# Places and lengths are drawn from this range, and scaled to the file that they meet.
WHOLE = 1 << 16
# An input that grows is cut: what takes long only because it is long is not looked for here.
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: what is done, where, over what length, and what is put in."""

    kind: str
    place: int
    length: int
    piece: bytes


def edited(data: bytes, edits: Sequence[Edit], other: bytes = b"") -> bytes:
    """The file after all edits; `other` is where a splice takes its bytes from."""
    for edit in edits:
        data = KINDS[edit.kind](data, edit, other)[:LONGEST]
    return data


def drawn(chance: Random, pieces: Sequence[bytes]) -> list[Edit]:
    """A few edits: one as a rule, seldom as many as eight."""
    count = min(8, 1 + int(chance.expovariate(0.7)))
    return [
        Edit(
            chance.choice(_NAMES),
            chance.randrange(WHOLE),
            int(WHOLE * chance.random() ** 3),
            chance.choice(pieces),
        )
        for _ in range(count)
    ]


def smaller(data: bytes, fails: Callable[[bytes], bool], tries: int = 200) -> bytes:
    """A part of an input that still fails: lines are left out, then single bytes."""
    for pattern in (rb"[^\n]*\n?", rb"[^\W_]+|."):
        parts = [part for part in re.findall(pattern, data, re.DOTALL) if part]
        step = max(1, len(parts) // 2)
        while step and tries > 0:
            i = 0
            while i < len(parts) and tries > 0:
                tries -= 1
                rest = parts[:i] + parts[i + step :]
                if fails(b"".join(rest)):
                    parts = rest
                else:
                    i += step
            step //= 2
        data = b"".join(parts)
    return data


# --- the kinds ----------------------------------------------------------------------------------


def _stretch(data: bytes, edit: Edit) -> tuple[int, int]:
    """Where an edit begins and ends, in bytes."""
    start = edit.place * len(data) // WHOLE
    return start, min(len(data), start + 1 + edit.length * len(data) // WHOLE)


def _lines(data: bytes, edit: Edit) -> tuple[list[bytes], int, int]:
    """The lines of a file, and which of them an edit is about."""
    lines = data.splitlines(keepends=True)
    start = edit.place * len(lines) // WHOLE
    return lines, start, min(len(lines), start + 1 + edit.length * len(lines) // (4 * WHOLE))


def _leave_out(data: bytes, edit: Edit, _: bytes) -> bytes:
    start, end = _stretch(data, edit)
    return data[:start] + data[end:]


def _leave_out_mark(data: bytes, edit: Edit, _: bytes) -> bytes:
    marks = [match.start() for match in _MARK.finditer(data)]
    if not marks:
        return data
    place = marks[edit.place * len(marks) // WHOLE]
    return data[:place] + data[place + 1 :]


def _double(data: bytes, edit: Edit, _: bytes) -> bytes:
    start, end = _stretch(data, edit)
    return data[:end] + data[start:]


def _put_in(data: bytes, edit: Edit, _: bytes) -> bytes:
    start, _end = _stretch(data, edit)
    return data[:start] + edit.piece + data[start:]


def _put_in_at_mark(data: bytes, edit: Edit, _: bytes) -> bytes:
    marks = [match.end() for match in _MARK.finditer(data)] or [0]
    place = marks[edit.place * len(marks) // WHOLE]
    return data[:place] + edit.piece + data[place:]


def _put_in_often(data: bytes, edit: Edit, _: bytes) -> bytes:
    start, _end = _stretch(data, edit)
    return data[:start] + edit.piece * (edit.length % 200) + data[start:]


def _put_instead(data: bytes, edit: Edit, _: bytes) -> bytes:
    start, end = _stretch(data, edit)
    return data[:start] + edit.piece + data[end:]


def _other_byte(data: bytes, edit: Edit, _: bytes) -> bytes:
    start, _end = _stretch(data, edit)
    return data[:start] + bytes([edit.length % 256]) + data[start + 1 :]


def _line_out(data: bytes, edit: Edit, _: bytes) -> bytes:
    lines, start, end = _lines(data, edit)
    return b"".join(lines[:start] + lines[end:])


def _line_twice(data: bytes, edit: Edit, _: bytes) -> bytes:
    lines, start, end = _lines(data, edit)
    return b"".join(lines[:end] + lines[start:])


def _line_elsewhere(data: bytes, edit: Edit, _: bytes) -> bytes:
    lines, start, end = _lines(data, edit)
    rest = lines[:start] + lines[end:]
    place = edit.length * len(rest) // WHOLE
    return b"".join(rest[:place] + lines[start:end] + rest[place:])


def _splice(data: bytes, edit: Edit, other: bytes) -> bytes:
    start, end = _stretch(data, edit)
    begin, stop = _stretch(other, edit)
    return data[:start] + other[begin:stop] + data[end:]


def _cut_off(data: bytes, edit: Edit, _: bytes) -> bytes:
    return data[: _stretch(data, edit)[0]]


def _line_ends(data: bytes, edit: Edit, _: bytes) -> bytes:
    return data.replace(b"\n", (b"\r\n", b"\r", b"\n\n", b" ", b"\x0b")[edit.length % 5])


def _coded(data: bytes, edit: Edit, _: bytes) -> bytes:
    encoding = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "utf-8-sig")
    return data.decode("utf-8", "replace").encode(encoding[edit.length % 6], "replace")


_MARK = re.compile(rb"[^\w\s]|\n")
KINDS: dict[str, Callable[[bytes, Edit, bytes], bytes]] = {
    "leave out": _leave_out,
    "leave out a mark": _leave_out_mark,
    "double": _double,
    "put in": _put_in,
    "put in at a mark": _put_in_at_mark,
    "put in often": _put_in_often,
    "put instead": _put_instead,
    "another byte": _other_byte,
    "line out": _line_out,
    "line twice": _line_twice,
    "line elsewhere": _line_elsewhere,
    "splice": _splice,
    "cut off": _cut_off,
    "line ends": _line_ends,
    "coded": _coded,
}
# The last two change a whole file at once, and seldom leave much to be read.
_NAMES = [name for name in KINDS for _ in range(1 if name in ("line ends", "coded") else 6)]
