"""Which regular expressions and functions take more than twice as long for twice the text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from tests.bombs.functions import texts, works
from tests.bombs.patterns import attacks, used
from tests.timing import is_linear, is_quick, seconds, stopped_after

# The size at which patterns are first tried, and seconds a character: linear ones take 1e-8 to
# 1e-7, quadratic ones 1e-6 and more at this size (measured).
FIRST = 2_000
QUICK = 3e-7
# Functions whose time is told too late by a single measurement: this much is noise.
NOISE = 0.01
# A call that takes longer over a first text does not end.
HANGING = 6


def patterns_that_grow(count: int, only: str = "") -> Iterator[str]:
    """Those regular expressions, each with a text; and the calls whose pattern nobody can tell.

    `count` texts are made of each. What takes no time at all over a text is not looked at further.
    """
    found, unknown = used()
    yield from (f"no one can tell which pattern is used in {place}" for place in unknown)
    for each in found:
        if only in each.where:
            yield from growing(each.where, [*each.works], attacks(each.pattern, count))


def growing(
    where: str,
    ways: Sequence[tuple[str, Callable[[str], object]]],
    made: Sequence[Callable[[int], str]],
) -> Iterator[str]:
    """The first text, if any, over which a pattern takes too long, for each way to ask it."""
    for way, ask in ways:
        for text in made:

            def work(
                size: int, ask: Callable[[str], object] = ask, text: Callable[[int], str] = text
            ) -> None:
                ask(text(size))

            if not _is_surely_linear(work):
                yield f"{where} ({way}) is not linear over {text(24)!r} …"
                break


def _is_surely_linear(work: Callable[[int], object]) -> bool:
    try:
        with stopped_after(HANGING):
            quick = is_quick(work, 16, QUICK * FIRST) and is_quick(work, FIRST, QUICK)
    except TimeoutError:
        return False
    return quick or is_linear(work, FIRST)


def functions_that_grow(size: int, only: str = "", step: int = 1) -> Iterator[str]:
    """Those functions, each with the kind of text; and those that nobody knows how to call.

    Each is called with texts of `size` characters and of four times as many, of every so manieth
    kind; where that takes eight times as long, it is measured with care.
    """
    found, unknown = works()
    yield from (f"no one knows how to call {name}: see functions.MADE" for name in unknown)
    kinds = [*texts()][::step]
    for each in found:
        if only not in each.name:
            continue
        for kind, made in kinds:

            def work(
                size: int,
                call: Callable[[str], object] = each.call,
                made: Callable[[int], str] = made,
            ) -> None:
                call(made(size))

            if not _is_linear(work, size):
                yield f"{each.name} is not linear over {kind}: {made(24)!r} …"


def _is_linear(work: Callable[[int], object], size: int) -> bool:
    try:
        with stopped_after(HANGING):
            once = min(seconds(work, size) for _ in range(2))
            if seconds(work, 4 * size) < 8 * once + NOISE:
                return True
    except TimeoutError:
        return False
    return is_linear(work, size)
