"""What regular expressions are made of where `re` has nothing that is both right and cheap."""

from __future__ import annotations

# A thousand repetitions at once keep 0.1 MB.
AT_ONCE = 1000


def again(part: str, least: int = 0) -> str:
    """A pattern for a part that is repeated, from 0 or 1 times on, and of which none is given back.

    Python before 3.11.5, Debian 12's, goes wrong over `(?:part)*+`. `(?>(?:part)*)` keeps some 80
    bytes for each repetition until the last one is found: 0.6 GB for 10 MB of "{}". Here those of
    `AT_ONCE` are dropped together. A part that is one character wants none of this: `[ab]*+`.
    """
    return f"(?>(?:(?>(?:{part}){{1,{AT_ONCE}}})){'+' if least else '*'})"
