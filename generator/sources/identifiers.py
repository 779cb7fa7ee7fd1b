"""DOIs, arXiv ids and web addresses, as people really write them, made bare and checked."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from generator.text import clean

# An address or identifier longer than this is not one; it bounds what the patterns must search.
LONGEST = 2_000

# The form of a DOI: prefix "10." and four to nine digits, perhaps divided (ISO 26324, 4.2).
_DOI = re.compile(r"(?<![\d.])10\.\d{4,9}(?:\.\d{1,9}){0,4}/\S+")
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(\S+)", re.I)
# arXiv's two schemes, since April 2007 and before (info.arxiv.org: "Understanding the arXiv
# identifier"). An old id may name a subject class ("math.GT/0309136"), which does not belong.
_ID = (
    r"(?<![\w./-])(?:(?P<new>\d\d(?:0[1-9]|1[0-2])\.\d{4,5})"
    r"|(?P<archive>[a-z]{2,8}(?:-[a-z]{2,5})?)(?:\.[A-Za-z-]{2,20})?"
    r"/(?P<old>\d\d(?:0[1-9]|1[0-2])\d{3}))(?:v\d{1,3})?(?![\w])"
)
_BARE_ID = re.compile(_ID)
_SPOKEN_ID = re.compile(
    rf"\barxiv(?:\s{{1,9}}(?:e-?prints?|preprints?))?(?:\s{{1,9}}arxiv)?\s{{0,9}}:?\s{{0,9}}{_ID}",
    re.I,
)
_ADDRESS_ID = re.compile(
    r"\barxiv\.org/(?:abs|pdf|html|format|ps|e-print|src)/([^\s?#]{1,80})", re.I
)
_NO_HOST = re.compile(r"""[<>"\\^`{|}]""")  # browsers take no address with these before the path
_AMPERSAND = re.compile("&(?:amp;|#0?38;|#x26;)", re.I)
_ESCAPED = re.compile(r"\\([_%&#$~{}])")


def doi(value: str) -> str:
    """The bare DOI in a text, from an address or with a label in front; empty if there is none."""
    if "10." not in value:
        return ""
    text = _unescaped(value)
    if "doi.org/" in text.casefold():
        text = unquote(text)
    found = _DOI.search(text)
    return _without_tail(found[0]) if found else ""


def arxiv(value: str) -> str:
    """The bare arXiv id (no version) that a text says: "arXiv:2310.12345v2", an address, a DOI.

    A number alone is no arXiv id to this function; `arxiv_id` takes it for one.
    """
    if "arxiv" not in value[:LONGEST].casefold():
        return ""
    text = _unescaped(value)
    for pattern in (_ARXIV_DOI, _ADDRESS_ID):
        if found := pattern.search(text):
            return arxiv_id(found[1].removesuffix(".pdf"))
    found = _SPOKEN_ID.search(text)
    return _id(found) if found else ""


def arxiv_id(value: str) -> str:
    """The arXiv id that a text is, where it is known to be one: "2310.12345v2", "cs/0501001"."""
    text = value[:LONGEST].strip().rstrip(".,;")
    found = _BARE_ID.match(text)
    return _id(found) if found else arxiv(text)


def address(value: str) -> str:
    r"""A web address (http, https or mailto), completed where only its scheme is missing, or empty.

    Backslashes that LaTeX wants before special letters, `\url{}`, breaks within and what nobody can
    see are removed; an ampersand written as in HTML (`?id=1&amp;x=2`, copied from a page's source)
    is one: no address has a parameter called "amp;x".
    """
    text = clean(_unescaped(re.sub(r"\\url\s?(?={)", "", value[:LONGEST])))
    url = _AMPERSAND.sub("&", "".join(text.strip(" <>").split()))
    if url.startswith("//"):
        url = f"https:{url}"
    elif url.startswith("www."):
        url = f"https://{url}"
    try:
        parts = urlsplit(url)
        _ = parts.port  # which is looked at only when it is asked for
    except ValueError:  # such as a bracket left open in the host's name, or a port of six digits
        return ""
    host = parts.netloc and not _NO_HOST.search(parts.netloc)
    known = (parts.scheme in {"http", "https"} and host) or parts.scheme == "mailto"
    return parts.scheme + url[len(parts.scheme) :] if known else ""


def _unescaped(value: str) -> str:
    text = value[:LONGEST].replace(r"\textasciitilde", "~").replace(r"\textunderscore", "_")
    return _ESCAPED.sub(r"\1", text).replace("{", "").replace("}", "")


def _without_tail(found: str) -> str:
    """A DOI without the punctuation that follows it in a sentence."""
    bare = found.rstrip(".,;:'\"")
    while bare.endswith(")") and bare.count(")") > bare.count("("):
        bare = bare[:-1].rstrip(".,;:'\"")
    return bare


def _id(found: re.Match[str]) -> str:
    return found["new"] or f"{found['archive']}/{found['old']}".lower()
