"""What is tried, each with valid inputs to begin with and what has to hold of any other.

A check takes bytes, gives nothing back, and raises whatever is wrong: an AssertionError, or what
the code under it raised and should not have.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unicodedata import category

from generator import config, identity, ledger, names, people, sources, text, topics, venues
from generator.errors import ConfigError
from generator.ledger import VALID_ID, VALID_KEY, Ledger
from generator.model import Format, Name, Paper, Record, SourceText
from generator.toml import Toml
from tests.fuzz import pieces, site
from tests.test_sources_properties import check_accounts

HERE = Path(__file__).parent
FOUND = HERE / "found"
EXAMPLES = HERE.parent / "sources"
TODAY = "2026-01-02"


@dataclass(frozen=True, slots=True)
class Target:
    """Something that reads what people write.

    `share` is how many of a million inputs it gets.
    """

    name: str
    seeds: tuple[bytes, ...]
    pieces: tuple[bytes, ...]
    check: Callable[[bytes], None]
    share: int


# --- readers ------------------------------------------------------------------------------------


def _reader(form: Format) -> Callable[[bytes], None]:
    def check(data: bytes) -> None:
        said = check_accounts(data, form)
        for record in said.records:
            _check_record(record)
        if len(data) % 8 == 0:
            assert sources.read("f", data, form) == said, "the second reading differs"

    return check


def _check_record(record: Record) -> None:
    """Everything in a record is text that can be written, and of the kind its field wants."""
    for value in _texts(record):
        _check_text(value)
    for value in (record.title, record.venue, record.abstract, *record.keywords, *record.tags):
        assert text.canonical(value) == value, f"{value!r} is not canonical"
    assert record.title or record.abstract or record.format == "note", "a record of nothing"
    assert record.year is None or 1000 <= record.year < 2200, record.year
    for link in record.links:
        assert link.url.startswith(("http://", "https://", "mailto:")), link.url


def _texts(record: Record) -> Iterable[str]:
    yield from (record.key, record.type, record.title, record.venue, record.abstract)
    yield from (record.doi, record.arxiv, record.body.replace("\n", "").replace("\t", ""))
    yield from (*record.keywords, *record.tags, *record.unconfirmed)
    yield from (part for pair in record.details for part in pair)
    yield from (part for link in record.links for part in (link.url, link.label))
    yield from (part for name in record.authors for part in (name.family, name.given, name.suffix))


def _check_text(value: str) -> None:
    value.encode()
    assert not any(category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in value), repr(value)


# --- names and venues ---------------------------------------------------------------------------


def _check_names(data: bytes) -> None:
    field = _decoded(data)
    for found in (names.people(field)[0], names.plain_list(field), (names.person(field),)):
        for name in found:
            _check_name(name)
        assert names.OTHERS not in found[:-1], "others in the midst"


def _check_name(name: Name) -> None:
    for part in (name.family, name.given, name.suffix):
        _check_text(part)
    assert len(str(name)) <= names.LONGEST + 40, len(str(name))
    entry = names.listed(name)
    assert VALID_ID.fullmatch(entry.slug), entry.slug
    assert entry.initial == "#" or "A" <= entry.initial <= "Z", entry.initial
    assert (entry.name, entry.listed) == (names.shown(name), names.index_name(name))


_OVERRIDES = venues.load_overrides(
    Toml("venues.toml", {"venue": [{"name": "Nature", "aliases": ["Nat."]}]})
)


def _check_venues(data: bytes) -> None:
    field = _decoded(data)
    for venue in (venues.series(field), venues.series(field, _OVERRIDES)):
        if venue:
            assert VALID_ID.fullmatch(venue.slug), venue.slug
            assert venue.name.strip(), "a venue without a name"
            _check_text(venue.name + venue.short)
    venues.is_preprint(field)


def _decoded(data: bytes) -> str:
    """A field as readers hand it on: one line, no control characters."""
    return " ".join(sources.files.decode(data, "f")[0].split())


# --- identity and the ledger --------------------------------------------------------------------


def _check_identity(data: bytes) -> None:
    records = [record for said in _all_readings(data) for record in said.records]
    papers = identity.merge(records)
    merged = [id(record) for paper in papers for record in paper.records]
    assert sorted(merged) == sorted(map(id, records)), "a record is lost, or in two papers"
    if len({identity.precedence(record) for record in records}) == len(records):
        assert identity.merge(reversed(records)) == papers, "the order of records matters"
    named, after, _ = ledger.assign(papers, {}, TODAY)
    _check_named(named, after)
    again, still, _ = ledger.assign(papers, after, "2027-01-01")
    assert ([paper.id for paper in again], still) == ([paper.id for paper in named], after)


def _all_readings(data: bytes) -> Iterable[SourceText]:
    """The same bytes as every format has them; parts that look like another are read so, too."""
    yield sources.read("a.bib", data, "bib")
    yield sources.read("b.txt", data, "dump")
    yield sources.read("c.md", data, "note")
    yield sources.read("d.ris", data, "ris")
    yield sources.read("e.json", data, "csl")
    yield sources.read("f.xml", data, "xml")
    yield sources.read("g.csv", data, "csv")


def _check_named(papers: Sequence[Paper], after: Ledger) -> None:
    """Ids and keys are valid and unique, and the ledger can be read again."""
    assert len({paper.id for paper in papers}) == len(papers), "two papers, one id"
    assert len({paper.key.casefold() for paper in papers}) == len(papers), "two papers, one key"
    for paper in papers:
        assert VALID_ID.fullmatch(paper.id), paper.id
        assert VALID_KEY.fullmatch(paper.key), paper.key
        assert len(paper.id) <= ledger.ID_LIMIT, paper.id
    assert ledger.parse(ledger.dump(after)) == after, "the ledger is not read as it was written"


@cache
def _some_papers() -> tuple[Paper, ...]:
    found = [
        record
        for path in sorted((EXAMPLES / "bib" / "good").glob("*.bib"))
        for record in sources.read(path.name, path.read_bytes(), "bib").records
    ]
    return identity.merge(found)


def _check_ledger(data: bytes) -> None:
    try:
        before = ledger.parse(data.decode("utf-8", "replace"))
    except ConfigError as error:
        assert str(error).startswith(f"{ledger.LEDGER}:"), error
        return
    assert ledger.parse(ledger.dump(before)) == before, "the ledger is not read as it was written"
    papers, after, _ = ledger.assign(_some_papers(), before, TODAY)
    _check_named(papers, after)
    assert set(before) <= set(after), "a line was dropped"
    again, still, _ = ledger.assign(_some_papers(), after, TODAY)
    assert [paper.id for paper in again] == [paper.id for paper in papers], "an address moved"
    assert still == after, "a second build changes the ledger"


# --- settings -----------------------------------------------------------------------------------


def _check_toml(data: bytes) -> None:
    """Each of the four files says what it holds, or what is wrong with it, by its name."""
    path = _scratch() / config.CONFIG
    path.write_bytes(data)
    for name, load in _SETTINGS.items():
        try:
            load(path)
        except ConfigError as error:
            assert name in str(error) or "address" in str(error), error
            assert "\n" not in str(error).strip(), error


@cache
def _scratch() -> Path:
    return Path(tempfile.mkdtemp(prefix="bibpress-fuzz-"))


def _topics(path: Path) -> None:
    vocabulary = topics.load(config.read_toml(path, "topics.toml"))
    for found in topics.assign(
        "Sparse graph networks", "We prune graphs.", ("Pruning",), (), vocabulary
    ):
        assert VALID_ID.fullmatch(found.slug), found.slug


_SETTINGS: dict[str, Callable[[Path], object]] = {
    config.CONFIG: lambda path: config.load(path.parent),
    "topics.toml": _topics,
    "papers.toml": lambda path: identity.load_decisions(config.read_toml(path, "papers.toml")),
    "people.toml": lambda path: people.load(config.read_toml(path, "people.toml")),
    "venues.toml": lambda path: venues.load_overrides(config.read_toml(path, "venues.toml")),
}
_TOML = (
    b'title = "Papers"\ndescription = "A \\u00e9 few"\nlanguage = "en"\n'
    b'url = "https://example.org/x/"\n\n[size]\nauthors_from = 2\nauthor_bib = false\n',
    b'[[topic]]\nname = "Pruning"\nslug = "pruning"\nfacet = "method"\nparent = "sparse"\n'
    b'aliases = ["cutting"]\nphrases = ["prune \xe2\x80\xa6 weights"]\nhints = ["sparse graphs"]\n'
    b'against = ["prune juice"]\n\n[[topic]]\nname = "Sparse"\ndecisive = ["sparse graph"]\n',
    b'same = [["smith20", "smith21"], ["a", "b", "c"]]\napart = [["x", "y"]]\n',
    b'[[venue]]\nname = "Journal of Tests"\nslug = "jot"\nshort = "JoT"\naliases = ["J. Tests"]\n'
    b'\n[[venue]]\nname = "Nature"\n',
    b'[[person]]\nname = "{Team One}"\nslug = "one"\nvariants = ["T. One", "One, Team"]\n'
    b'orcid = "0000-0002-1825-0097"\nurl = "https://example.org/x"\npapers = ["a", "b"]\n',
)


# --- the table ----------------------------------------------------------------------------------


def _examples(form: str) -> tuple[bytes, ...]:
    paths = sorted(path for path in EXAMPLES.glob(f"{form}/*/*") if path.suffix != ".json")
    return tuple(path.read_bytes() for path in paths)


_NAME_FIELDS: tuple[bytes, ...] = tuple(
    line.encode()
    for line in (
        "Smith, Ada and Li, Bo and others",
        "Ludwig van Beethoven and {OpenAI Team} and Martin Luther King, Jr.",
        "van der Berg, Jr., Jan and Smith, J., Jones, B.",
        "Smith J, Jones BC, van Dyk AB",
        "Ada Smith, Bo Li, Jo Roe, Ph.D. and M{\\\"u}ller, J{\\'e}r{\\^o}me",
        "Smith$^{1,2}$; Li\\thanks{MIT}, Bo & 李 明 et al.",
        "{Smith, Ann and Jones, Bob}",
    )
)
_VENUES: tuple[bytes, ...] = tuple(
    line.encode()
    for line in (
        "Proceedings of the 38th International Conference on Machine Learning (ICML 2021)",
        "2020 IEEE/CVF Conference on Computer Vision and Pattern Recognition Workshops (CVPRW)",
        "Adv. Neural Inf. Process. Syst. 34: NeurIPS 2021, virtual, December 6-14, 2021",
        "arXiv preprint arXiv:2310.12345",
        "Systems, Man, and Cybernetics, Part B, IEEE Trans. on",
        "KDD '18: Proceedings of the 24th ACM SIGKDD, London, UK - Volume III",
        "Ph.D. thesis, University of Nowhere",
    )
)
_LEDGERS: tuple[bytes, ...] = (
    b"# id\tkey\trecognised by\tother keys\tstate\tsince\tchanged\n"
    b"li-2021-deep\tli21\tid:li-2021-deep doi:10.1000/x title:6dab6189bc by:li in:2021 "
    b"content:a4f631a9dc\tli21a li21b\tlive\t2026-01-02\t2026-01-02\n"
    b"old-one\t\tid:old-one\t\t-> li-2021-deep\t2025-01-02\t2026-01-02\n"
    b"roe-2020-gone\troe20\tid:roe-2020-gone arxiv:2310.12340\t\tgone\t2025-01-02\t2026-01-02\n",
)
_PROSE = (*pieces.LETTERS, *pieces.LATEX, *pieces.MARKUP)
_NAMED = (b" and ", b", ", b";", b"{", b"}", b" et al.", b" others", b"Jr.", b"III", b" van ",
          b"Team", b"Ph.D.", b"1,2", b"(MIT)", b"&", b"A.", b"-")  # fmt: skip
_PLACED = (b"Proceedings of", b"Workshop", b"(", b")", b": ", b", ", b" - ", b"'18", b"2020",
           b"IEEE ", b"Part ", b"of the", b"&", b"Int.", b"III", b"Findings",
           b"ICML", b"arXiv")  # fmt: skip

TARGETS = {
    target.name: target
    for target in (
        Target("bib", _examples("bib"), (*pieces.BIB, *_PROSE), _reader("bib"), 200_000),
        Target("dump", _examples("dump"), (*pieces.DUMP, *_PROSE), _reader("dump"), 100_000),
        Target("ris", _examples("ris"), (*pieces.RIS, *_PROSE), _reader("ris"), 60_000),
        Target("csl", _examples("csl"), (*pieces.JSON, *_PROSE), _reader("csl"), 65_000),
        Target("xml", _examples("xml"), (*pieces.XML, *_PROSE), _reader("xml"), 65_000),
        Target("csv", _examples("csv"), (*pieces.TABLE, *_PROSE), _reader("csv"), 60_000),
        Target("note", _examples("note"), (*pieces.YAML, *_PROSE), _reader("note"), 60_000),
        Target("names", _NAME_FIELDS, (*_NAMED, *_PROSE), _check_names, 150_000),
        Target("venues", _VENUES, (*_PLACED, *_PROSE), _check_venues, 130_000),
        Target("ledger", _LEDGERS, (*pieces.LEDGER, *pieces.LETTERS), _check_ledger, 40_000),
        Target("toml", _TOML, (*pieces.TOML, *pieces.LETTERS), _check_toml, 40_000),
        Target(
            "identity",
            (*_examples("bib"), *_examples("note")),
            (*pieces.BIB, *_PROSE),
            _check_identity,
            27_000,
        ),
        Target(
            "site",
            site.SEEDS,
            (*pieces.BIB, *pieces.DUMP, *pieces.YAML, *pieces.LEDGER, *pieces.TOML, *_PROSE),
            site.check,
            3_000,
        ),
    )
}
