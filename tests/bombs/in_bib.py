"""Bombs in .bib files."""

from __future__ import annotations

from functools import partial

from tests.bombs.bomb import bib, entries, entry
from tests.bombs.pieces import FIELDS, OPENINGS, PIECES, nested, repeated

# A little more than is looked at of a field.
LONG = 120_000
# Braces as deep as an entry may have them: one less than what is taken for a brace never closed.
DEEP = 95

# --- deep ---------------------------------------------------------------------------------------


def _deep(opening: str, text: str) -> str:
    """An entry a field, with the same in each; in a formula too, where it belongs there."""
    values = [text, f"${text}$"] if "\\" in opening or "^" in opening else [text]
    names = ("title", "abstract", "author", "journal", "keywords", "note")
    return "".join(
        entry(f"{name}{i}", **{"title": f"A bomb {name} {i}", name: value})
        for name in names
        for i, value in enumerate(values)
    )


def _closed(opening: str, closing: str, n: int) -> str:
    return _deep(opening, nested(opening, closing, n))


def _open(opening: str, n: int) -> str:
    """Never closed but by the braces, or else it would be the entry that nothing closes."""
    braces = "}" * (opening.count("{") - opening.count("}")) if "{" in opening else ""
    return _deep(opening, opening * n + "x" + braces * n)


def _as_deep_as_read(opening: str, closing: str, n: int) -> str:
    """The deepest that is still read, side by side."""
    return _deep(opening, nested(opening, closing, DEEP) * (n // DEEP))


for what, marks in OPENINGS.items():
    bib(f"{what}, deep", 20_000, 500)(partial(_closed, *marks))
    bib(f"{what}, deep, never closed", 20_000, 500)(partial(_open, marks[0]))
    bib(f"{what}, as deep as is read", 5_000, 500)(partial(_as_deep_as_read, *marks))


@bib("an entry that nothing closes", 10_000_000, 100_000, "never closed")
def _never_closed(n: int) -> str:
    return "@misc{a, title = {" + "{" * n


@bib("entries in entries", 100_000, 500, "never closed")
def _entries_in_entries(n: int) -> str:
    return "@misc{a, title = {\n" * n


# --- long ---------------------------------------------------------------------------------------


def _long(piece: str, n: int) -> str:
    """An abstract of `n` characters, and more than is looked at in every other field."""
    value = repeated(piece, LONG * n // 10_000_000)
    each = (entry(f"f{i}", **{"title": f"A bomb {i}", f: value}) for i, f in enumerate(FIELDS))
    return "".join(each) + entry("long", abstract=repeated(piece, n))


for what, piece in PIECES.items():
    bib(f"{what}, 10 MB", 10_000_000, 100_000)(partial(_long, piece))


@bib("a key of 10 MB", 10_000_000, 100_000, "has a key that was cut")
def _long_key(n: int) -> str:
    return entry("k" * n)


@bib("a type of 10 MB", 10_000_000, 100_000)
def _long_type(n: int) -> str:
    return f"@{'t' * n}{{a, title = {{A}}}}"


@bib("a name of a field of 10 MB", 10_000_000, 100_000)
def _long_name(n: int) -> str:
    return entry("a", **{"t" * n: "a"}) + entry("b", **{f"url_{'t' * n}": "http://a.b"})


@bib("100,000 fields", 100_000, 1_000)
def _many_fields(n: int) -> str:
    return entry("a", **{f"a{i}": "b" for i in range(n)})


@bib("one field 100,000 times", 100_000, 1_000, "has two fields note")
def _one_field(n: int) -> str:
    return "@misc{a, title = {B}" + "".join(f", note = {{{i}}}" for i in range(n)) + "}"


@bib("fields without commas", 100_000, 3_000, "broken")
def _without_commas(n: int) -> str:
    return "@misc{a, title = {B}" + " note = {b}" * n + "}"


@bib("10,000 addresses", 10_000, 150, "links")
def _addresses(n: int) -> str:
    return entry("a", **{f"url_{i}": f"http://a.b/{i}" for i in range(n)})


@bib("spaces", 10_000_000, 100_000)
def _spaces(n: int) -> str:
    return " " * n


@bib("at signs", 10_000_000, 100_000)
def _at_signs(n: int) -> str:
    return "@" * n


@bib("openings", 1_000_000, 10_000)
def _openings(n: int) -> str:
    return "@a{" * n


@bib("lines of 1 MB", 1_000_000, 10_000)
def _long_lines(n: int) -> str:
    return ("x" * n + "\n") * 10


@bib("50 MB in 500 entries", 500, 2, "cut after")
def _fifty(n: int) -> str:
    return "".join(
        entry(f"m{i}", abstract=f"{i} We show that a word follows another. " * 2_500)
        for i in range(n)
    )


# --- @string, crossref and xdata ----------------------------------------------------------------


@bib("@string doubling", 60, 40, "too long")
def _doubling(n: int) -> str:
    doubled = "".join(f"@string{{s{i} = s{i - 1} # s{i - 1}}}\n" for i in range(1, n))
    return f"@string{{s0 = {{ha}}}}\n{doubled}@misc{{a, title = {{B}}, note = s{n - 1}}}"


@bib("@string that means itself", 20_000, 500)
def _itself(n: int) -> str:
    return "@string{s = s # s}\n" * n + "@misc{a, title = {A}, note = s}"


@bib("@strings that mean each other", 20_000, 500)
def _each_other(n: int) -> str:
    return "@string{s = t # t}\n@string{t = s # s}\n" * n + "@misc{a, title = {A}, note = s # t}"


@bib("a chain of # of 1 MB", 200_000, 5_000)
def _chain(n: int) -> str:
    return "@misc{a, title = {A}, note = {x}" + " # {x}" * n + "}"


@bib("a chain of # over names", 200_000, 5_000)
def _chain_of_names(n: int) -> str:
    return "@string{s = {hahaha}}\n@misc{a, title = {A}, note = s" + " # s" * n + "}"


@bib("100,000 @strings", 100_000, 1_000)
def _many_strings(n: int) -> str:
    defined = "".join(f"@string{{s{i} = {{v {i}}}}}\n" for i in range(n))
    return defined + "".join(f"@misc{{a{i}, title = {{A {i}}}, note = s{i}}}\n" for i in range(100))


@bib("an entry with 10,000 @strings", 10_000, 500)
def _uses_many(n: int) -> str:
    defined = "".join(f"@string{{s{i} = {{v {i}}}}}\n" for i in range(n))
    used = " # ".join(f"s{i}" for i in range(n))
    return f"{defined}@misc{{a, title = {{A}}, note = {used}}}"


@bib("entries that all use 250 long @strings", 400, 20, "too long")
def _all_use_many(n: int) -> str:
    defined = "".join(f"@string{{s{i} = {{{'ha ' * 2_000}}}}}\n" for i in range(250))
    used = " # ".join(f"s{i}" for i in range(250))
    return defined + "".join(f"@misc{{a{i}, title = {{A {i}}}, note = {used}}}\n" for i in range(n))


@bib("a @string of 10 MB, used 1,000 times", 1_000, 30, "too long")
def _long_string(n: int) -> str:
    defined = f"@string{{s = {{{'ha ' * (n * 3_000)}}}}}\n"
    return defined + "".join(f"@misc{{a{i}, title = {{A {i}}}, note = s}}\n" for i in range(n))


@bib("a @string of 2 kB, used everywhere", 2_000, 30)
def _used_everywhere(n: int) -> str:
    defined = f"@string{{s = {{{'ha ' * 600}}}}}\n"
    return defined + "".join(f"@misc{{a{i}, title = {{A {i}}}, note = s}}\n" for i in range(n))


@bib("crossref in a ring", 2_000, 30, "leads")
def _ring(n: int) -> str:
    return entries(n, crossref=lambda i: f"e{(i + 1) % n}")


@bib("crossref to itself", 2_000, 30, "leads back")
def _to_itself(n: int) -> str:
    return entries(n, crossref=lambda i: f"e{i}")


_WHOLE = ("title", "editor", "publisher", "series", "address", "organization", "school")


@bib("heirs of a large entry", 2_000, 40, "does not inherit")
def _heirs(n: int) -> str:
    whole = entry("whole", "proceedings", **dict.fromkeys(_WHOLE, "ha " * (n * 15)))
    return entries(n, crossref=lambda _: "whole") + whole


@bib("heirs of 20 large ones", 2_000, 40, "does not inherit")
def _heirs_of_many(n: int) -> str:
    names = (*_WHOLE, "abstract", "note", "author", "keywords", "journal", "booktitle", "url",
             "howpublished", "edition", "language", "chapter", "issue", "type")  # fmt: skip
    many = "".join(
        f"@xdata{{x{i}, {name} = {{{'ha ' * (n * 15)}}}}}\n" for i, name in enumerate(names)
    )
    return entries(n, xdata=lambda _: ",".join(f"x{i}" for i in range(20))) + many


# --- long lists ---------------------------------------------------------------------------------


def _authors(n: int) -> str:
    return " and ".join(f"Ada B{i} Smith{i}" for i in range(n))


@bib("5,000 authors", 5_000, 200)
def _one_large_group(n: int) -> str:
    return entry("a", author=_authors(n), year="2020")


@bib("5,000 authors of 20 papers", 5_000, 40)
def _large_group(n: int) -> str:
    return entries(20, author=lambda _: _authors(n))


@bib("100,000 authors", 100_000, 200, "authors; the first")
def _crowd(n: int) -> str:
    return entry("a", author=" and ".join(f"A{i}" for i in range(n)))


@bib("one author 5,000 times", 5_000, 500)
def _same_author(n: int) -> str:
    return entry("a", author=" and ".join(["Ada Smith"] * n))


@bib("200 authors of 1,000 papers", 1_000, 20)
def _group(n: int) -> str:
    return entries(n, author=lambda _: _authors(200))


@bib("10,000 keywords", 10_000, 150, "keywords; the first")
def _keywords(n: int) -> str:
    return entry("a", keywords=", ".join(f"word {i}" for i in range(n)))


@bib("10,000 keywords over all papers", 10_000, 200)
def _keywords_over_all(n: int) -> str:
    ten = range(10)
    return entries(n // 10, keywords=lambda i: ", ".join(f"word {10 * i + j}" for j in ten))


@bib("500 keywords that 100 papers share", 100, 10)
def _shared_keywords(n: int) -> str:
    return entries(n, keywords=lambda _: ", ".join(f"word {j}" for j in range(5 * n)))


@bib("one author of all", 3_000, 60)
def _one_author(n: int) -> str:
    return entries(n, author=lambda _: "Ada Smith")


@bib("one topic of all", 3_000, 60)
def _one_topic(n: int) -> str:
    return entries(n, keywords=lambda _: "bombs")


@bib("one venue and year of all", 3_000, 60)
def _one_venue(n: int) -> str:
    return entries(n, journal=lambda _: "Journal of Bombs", year=lambda _: "2020")


@bib("10,000 abbreviations", 5_000, 300)
def _abbreviations(n: int) -> str:
    return entry("a", abstract=" ".join(f"Ab{i} Cd{i} (AC{i})" for i in range(n)))


@bib("one abbreviation of 2,000 things", 2_000, 40)
def _one_abbreviation(n: int) -> str:
    return entries(n, abstract=lambda i: f"We use Alpha{i} Beta{i} (AB) and then AB again.")


@bib("all that pages show, as long as is kept", 120, 4, "cut after")
def _largest(n: int) -> str:
    """Every list of them is as long as it gets."""
    words = "Some Long Words & More "
    return entries(
        n,
        title=lambda i: f"{i} {words * 60}",
        author=lambda i: " and ".join(f"{words * 10}, A{i}" for _ in range(5)),
        abstract=lambda i: f"{i} {words * 1_000}",
        journal=lambda i: f"{i % 60} {words * 60}",
        keywords=lambda i: ", ".join(f"{i} {j} {words * 10}" for j in range(12)),
        note=lambda _: words * 200,
        publisher=lambda _: words * 200,
    )


# --- who names whom -----------------------------------------------------------------------------


@bib("a paper that names thousands", 3_000, 40)
def _names_many(n: int) -> str:
    named = entry("x", abstract="We use " + ", ".join(f"Bomb{i}" for i in range(n)))
    title, abstract = "Bomb{}: A New Bomb", "We propose Bomb{}."
    return entries(n, title=title.format, abstract=abstract.format) + named


@bib("all name all", 400, 20)
def _all_name_all(n: int) -> str:
    used = ", ".join(f"Bomb{j}" for j in range(n))
    return entries(
        n,
        title=lambda i: f"Bomb{i}: A New Bomb",
        abstract=lambda i: f"We propose Bomb{i}. We use {used}.",
    )


@bib("a paper that names thousands by title", 2_000, 40)
def _titles_many(n: int) -> str:
    title = "On Many Quite New Bombs Number {}"
    named = " ".join(f"See {title.format(i)}." for i in range(n))
    return entries(n, title=title.format) + entry("x", abstract=named)


@bib("a paper that names thousands by DOI", 3_000, 40)
def _dois_many(n: int) -> str:
    named = " ".join(f"10.1000/{i}" for i in range(n))
    return entries(n, doi="10.1000/{}".format) + entry("x", abstract=named)


# --- many entries -------------------------------------------------------------------------------


@bib("100,000 entries of one key", 100_000, 300, "has the key of")
def _one_key(n: int) -> str:
    title, doi = "One subject and {}", "10.1000/{}"
    return "".join(entry("k", title=title.format(i), doi=doi.format(i % 50)) for i in range(n))


@bib("100,000 entries of one title", 100_000, 300)
def _one_title(n: int) -> str:
    return "@misc{k, title = {One and the same subject}}\n" * n


@bib("entries of one title of other years and authors", 2_000, 40)
def _one_title_apart(n: int) -> str:
    return entries(
        n,
        title=lambda _: "One and the same subject",
        year=lambda i: str(1500 + i % 600),
        author=lambda i: f"Ada Smith{i}",
    )


@bib("100,000 entries of one DOI", 100_000, 300)
def _one_doi(n: int) -> str:
    return entries(n, doi=lambda _: "10.1000/1")


@bib("10,000 entries of one abstract", 10_000, 100)
def _one_abstract(n: int) -> str:
    return entries(n, abstract=lambda _: "We show that a word follows another in this text. " * 5)


@bib("entries that are much alike", 2_000, 40)
def _alike(n: int) -> str:
    return entries(
        n,
        title=lambda i: f"A study of the subject with number {i:05}",
        abstract=lambda i: f"We show that a word follows another word in this text and {i}.",
    )


@bib("one name in many spellings", 1_000, 30)
def _spellings(n: int) -> str:
    return entries(n, author=lambda i: f"{'Ada ' * (i % 7 + 1)}{'B. ' * (i % 11)}Smith")


@bib("keys that differ in case", 2_000, 40, "is another paper's too")
def _cases(n: int) -> str:
    case = str.maketrans("01", "kK")
    return "".join(entry(f"{i:016b}".translate(case), title=f"Subject {i}") for i in range(n))


@bib("entries without a title", 100_000, 300, "no title")
def _untitled(n: int) -> str:
    return "@misc{k, note = {x}}\n" * n


@bib("empty entries", 100_000, 300, "no title")
def _empty(n: int) -> str:
    return "@misc{}\n" * n


@bib("broken entries", 100_000, 300, "broken")
def _broken(n: int) -> str:
    return "@misc{k, title = }\n" * n


@bib("entries that nothing closes", 100_000, 300, "never closed")
def _unclosed(n: int) -> str:
    return "@misc{k, title = {\n" * n


@bib("1,000,000 lines of nothing known", 1_000_000, 1_000, "not understood")
def _unknown_lines(n: int) -> str:
    return "a line\n" * n
