r"""One text, many faces: LaTeX is decoded at the reader and encoded at the exporter.

Between the two a text is *canonical*: Unicode in NFC, one line, TeX math between single dollars,
no other LaTeX. A dollar that means money is written plain where the text still splits the same
way, and `\$` otherwise; a run of backslashes counts in pairs before a dollar, and only there.

    from_latex  ─┐                  ┌─►  to_plain, to_html, to_latex     for people
    from_plain  ─┼─►  canonical  ───┼─►  fold, words                     to compare and to count
    canonical   ─┘                  ├─►  sort_key, initial               for the order of lists
                                    └─►  slug, links                     for addresses

Everything here takes time in proportion to the length of its text, whatever is in it.
"""

from generator.text.canon import canonical, clean, segments
from generator.text.decode import from_latex, from_plain, lost_macros
from generator.text.encode import to_latex
from generator.text.markup import Span, annotated, links, to_html
from generator.text.ordering import initial, sort_key, without_article
from generator.text.pieces import cut, first_sentence
from generator.text.plain import fold, runs_leftward, slug, to_plain, words

__all__ = [
    "Span",
    "annotated",
    "canonical",
    "clean",
    "cut",
    "first_sentence",
    "fold",
    "from_latex",
    "from_plain",
    "initial",
    "links",
    "lost_macros",
    "runs_leftward",
    "segments",
    "slug",
    "sort_key",
    "to_html",
    "to_latex",
    "to_plain",
    "without_article",
    "words",
]
