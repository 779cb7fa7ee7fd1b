"""What an instrument says of a site."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class NoAnswerError(Exception):
    """An instrument ended without saying anything of a site; what it said instead."""


@dataclass(frozen=True)
class Verdict:
    """What was judged, in words and figures, and every fault that was found."""

    judged: str
    faults: tuple[str, ...] = ()


def verdict(judged: str, faults: Iterable[str]) -> Verdict:
    """A verdict that names each fault once, in the order in which they were found."""
    return Verdict(judged, tuple(dict.fromkeys(faults)))
