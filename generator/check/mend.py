r"""How .bib files are written, beyond what they say; and what of that can be put right safely.

The site shows the same whether a DOI is written as an address or bare, pages with one hyphen or
two, "&amp;" or "\&": other programs do not. Each rule looks at one field of an entry and says what
should stand there instead. An edit is *safe* when the reader understands the entry with it just as
it did without it, and no other is ever made.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from generator import sources
from generator.check.table import Rule, reported
from generator.edit import Splice, spliced
from generator.errors import BibpressError
from generator.model import Problem, Where
from generator.sources import bib
from generator.sources.blocks import COMMANDS, Block, cut, nested
from generator.text.patterns import again

reported(
    Rule(
        "doi-address",
        "note",
        "A doi field that holds a whole address; BibTeX styles put https://doi.org/ before "
        "it again.",
        "Write the bare DOI; --fix does.",
    ),
    Rule(
        "doi-in-url",
        "note",
        "An entry whose DOI stands in its url only: BibTeX styles and Zotero do not know it "
        "for one.",
        "Add a field doi with the bare DOI.",
    ),
    Rule(
        "page-dash",
        "note",
        "Pages with one hyphen, which LaTeX sets as a hyphen and not as a dash.",
        "Write two hyphens, as in 123--145; --fix does.",
    ),
    Rule(
        "html-in-entry",
        "note",
        "HTML or JATS in a title: LaTeX prints it as it stands.",
        "Write it as LaTeX; --fix does where this site reads the same afterwards.",
    ),
)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about how a field is written: a rule's name, the line, what is wrong.

    `splice` is the edit that puts it right, where one is safe.
    """

    rule: str
    line: int
    message: str
    splice: Splice | None = None


def remarks(text: str) -> Iterator[Remark]:
    """What is to be said of how the entries of a .bib file are written; linear in the text."""
    lined = _RETURN.sub("\n", text)  # of the same length, so that places hold in both
    for block in cut(lined, bib.is_sound):
        if block.closed and not block.swallows and block.type not in COMMANDS:
            found = [*_of_fields(block), *_of_entry(block)]
            if found:
                yield from _made_safe(lined, block, found)


def problems(name: str, text: str) -> Iterator[Problem]:
    """The remarks on a file as problems, of which `generator.check.findings` makes findings."""
    for remark in remarks(text):
        yield Problem(Where(name, remark.line, remark.line), remark.message, "note", remark.rule)


def mended(name: str, data: bytes) -> tuple[bytes, tuple[Remark, ...]]:
    """A .bib file with all safe edits made, and the remarks that are thereby settled.

    Every byte that no edit names is as it was. Raises BibpressError for a file that is not UTF-8:
    of another nobody can tell what its bytes mean.
    """
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    try:
        text = data[len(mark) :].decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BibpressError(f"{name}:{line}: not UTF-8, so --fix leaves the file alone") from error
    settled = [remark for remark in remarks(text) if remark.splice]
    splices = [remark.splice for remark in settled if remark.splice]
    if not splices:
        return data, ()
    after = mark + spliced(text, splices).encode("utf-8")
    if sources.read(name, data, "bib") != sources.read(name, after, "bib"):
        raise BibpressError(f"{name}: with its fixes the file would say something else; left alone")
    return after, tuple(settled)


# --- from an entry to its fields ----------------------------------------------------------------

_RETURN = re.compile(r"\r(?!\n)")
_IN_QUOTES = again('[^{}"]++|' + nested(4))
_FIELD = re.compile(
    rf"\s*+([A-Za-z][A-Za-z0-9_-]*+)\s*+=\s*+"
    rf"(?:({nested(5)})|(\"{_IN_QUOTES}\")|[^\s{{}}\"#,]++)\s*+(?:,|\Z)"
)


def _fields(body: str) -> Mapping[str, tuple[int, str]]:
    """Fields of the plainest form: name → where the inside of its value begins, and that inside.

    Of two of one name the first, as it is the one that is read.
    """
    fields: dict[str, tuple[int, str]] = {}
    place = 0
    while match := _FIELD.match(body, place):
        group = 2 if match[2] else 3
        if match[group]:
            fields.setdefault(match[1].lower(), (match.start(group) + 1, match[group][1:-1]))
        place = match.end()
    return fields


def _of_fields(block: Block) -> Iterator[Remark]:
    """What should stand in a field instead of what does."""
    for name, (start, inside) in _fields(block.body).items():
        for rule, written_anew, said in _BY_FIELD.get(name, ()):
            new = written_anew(inside)
            if new != inside:
                place = block.place + start
                line = block.body_line + block.body.count("\n", 0, start)
                message = f"{name} = {{{_short(inside)}}}: {said} {{{_short(new)}}}"
                yield Remark(rule, line, message, Splice(place, place + len(inside), new))


def _of_entry(block: Block) -> Iterator[Remark]:
    """A DOI that stands in the url alone."""
    fields = _fields(block.body)
    _, url = fields.get("url", (0, ""))
    if "doi" not in fields and (found := _DOI_ADDRESS.fullmatch(url.strip())):
        said = f"the DOI {found[1]} stands in the url only"
        yield Remark("doi-in-url", block.line, said)


def _made_safe(text: str, block: Block, found: Sequence[Remark]) -> Iterator[Remark]:
    """The remarks, those edits taken away that would change what the entry says."""
    start = text.rindex("@", 0, block.place)
    entry = text[start : block.place + len(block.body) + 1]
    before = sources.read("", entry.encode("utf-8"), "bib")
    for remark in found:
        splice = remark.splice
        if splice:
            moved = Splice(splice.start - start, splice.end - start, splice.new)
            after = sources.read("", spliced(entry, [moved]).encode("utf-8"), "bib")
            splice = splice if before == after else None
        yield Remark(remark.rule, remark.line, remark.message, splice)


def _short(value: str) -> str:
    return value if len(value) <= 80 else f"{value[:79]}…"


# --- what is written anew -----------------------------------------------------------------------

_DOI_ADDRESS = re.compile(
    r"(?:https?://)?(?:dx\.|www\.)?doi\.org/(10\.[0-9.]{4,20}/[^\s{}\"%\\]{1,200})", re.IGNORECASE
)
_LABELLED_DOI = re.compile(r"(?:doi|DOI):?\s*(10\.[0-9.]{4,20}/[^\s{}\"%\\]{1,200})")
_PAGES = re.compile(r"[0-9]+\s*-\s*[0-9]+(?:\s*,\s*[0-9]+(?:\s*-{1,2}\s*[0-9]+)?)*")
_HYPHEN = re.compile(r"(?<=[0-9])\s*-\s*(?=[0-9])")


def _bare_doi(value: str) -> str:
    found = _DOI_ADDRESS.fullmatch(value.strip()) or _LABELLED_DOI.fullmatch(value.strip())
    return found[1] if found else value


def _with_dash(value: str) -> str:
    return _HYPHEN.sub("--", value) if _PAGES.fullmatch(value.strip()) else value


_STYLES = {
    "i": r"\emph{", "em": r"\emph{", "italic": r"\emph{",
    "b": r"\textbf{", "bold": r"\textbf{", "strong": r"\textbf{",
    "sub": r"\textsubscript{", "sup": r"\textsuperscript{",
    "sc": r"\textsc{", "scp": r"\textsc{",
}  # fmt: skip
_TAG = re.compile(
    rf"<(?P<end>/?)(?:jats:)?(?P<name>{'|'.join(_STYLES)}|p|title|span)\s*>", re.IGNORECASE
)
_ENTITY = re.compile(r"\\?&(?:amp;)*(?:#[0-9]{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# Characters that mean something else in LaTeX or in BibTeX, but for the ampersand.
_SPECIAL = frozenset('%#_${}"\\~^<>')


def _as_latex(value: str) -> str:
    """A text whose HTML and JATS is written as LaTeX, as far as that is sure."""
    return _ENTITY.sub(_character, _TAG.sub(_style, value))


def _style(tag: re.Match[str]) -> str:
    opening = _STYLES.get(tag["name"].lower(), "")
    return "}" if opening and tag["end"] else opening


def _character(entity: re.Match[str]) -> str:
    said = entity[0].removeprefix("\\")
    while (meant := unescape(said)) != said:
        said = meant
    if said == "&":
        return r"\&"
    if said == "\u00a0":
        return "~"
    return said if len(said) == 1 and said.isprintable() and said not in _SPECIAL else entity[0]


_WRITTEN = Callable[[str], str]
_HTML = (("html-in-entry", _as_latex, "as LaTeX it is"),)
_BY_FIELD: Mapping[str, Sequence[tuple[str, _WRITTEN, str]]] = {
    "doi": (("doi-address", _bare_doi, "the bare DOI is"),),
    "pages": (("page-dash", _with_dash, "with a dash it is"),),
    "title": _HTML,
    "booktitle": _HTML,
    "journal": _HTML,
    "journaltitle": _HTML,
}
