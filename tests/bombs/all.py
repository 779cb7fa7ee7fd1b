"""All bombs, in the order in which they are tried."""

from __future__ import annotations

from tests.bombs import in_bib, in_places, in_text
from tests.bombs.bomb import BOMBS

__all__ = ["BOMBS", "in_bib", "in_places", "in_text"]
