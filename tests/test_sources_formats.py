"""The formats besides .bib: what comes back of our own exports, what shows a format, what is safe.

What each reader makes of real files is in `tests/sources/`, a file a case; what it does with bad
ones in `tests/fuzz/bad/`.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast, get_args

import pytest
from click.testing import CliRunner, Result
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator import cli, identity, sources, text
from generator.cite import EXPORTERS
from generator.cli import surroundings
from generator.errors import UsageError
from generator.model import Format, Name, Paper, Record, Where
from generator.names import OTHERS, people
from generator.sources import elements, entries
from tests.timing import is_linear

ROOT = Path(__file__).parent.parent
EXAMPLES = Path(__file__).parent / "sources"


# --- our own exports ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def papers() -> tuple[Paper, ...]:
    """The papers of the demo collection."""
    found = [record for said in sources.load([ROOT]) for record in said.records]
    return identity.merge(found)


def plain(value: str) -> str:
    """A text as exports write it: formulas are no formulas there."""
    return text.to_plain(value)


# What a paper says that either export has, by name.
SAME: dict[str, Callable[[Paper | Record], object]] = {
    "title": lambda of: plain(of.title),
    "abstract": lambda of: plain(of.abstract),
    "venue": lambda of: plain(of.venue),
    "authors": lambda of: of.authors,
    "year": lambda of: of.year,
    "type": lambda of: of.type,
    "doi": lambda of: of.doi,
    **{
        name: lambda of, name=name: dict(of.details).get(name, "")  # type: ignore[misc]  # bound now
        for name in ("volume", "number", "pages", "month", "publisher", "school")
    },
}


@pytest.mark.parametrize("name", SAME)
@pytest.mark.parametrize("form", ["ris", "csl"])
def test_our_own_export_is_read_back(form: Format, name: str, papers: tuple[Paper, ...]) -> None:
    """Every paper of the demo that is exported and read again says the same as before."""
    written = EXPORTERS[form].export(papers, abstracts=True)
    said = sources.read(f"refs.{form}", written.encode(), form)
    say = SAME[name]
    assert [say(record) for record in said.records] == [say(paper) for paper in papers]


@pytest.mark.parametrize("form", ["ris", "csl"])
def test_nothing_is_wrong_with_our_own_export(form: Format, papers: tuple[Paper, ...]) -> None:
    """Nothing is said of it, no line is left over, no entry is left out."""
    written = EXPORTERS[form].export(papers, abstracts=True)
    said = sources.read(f"refs.{form}", written.encode(), form)
    assert (said.problems, said.leftover, said.quarantined) == ((), (), ())


# Words of which names consist, and what is odd in them: marks that part names, particles, other
# letters, what a spreadsheet takes for a formula, what a title page leaves.
NAME_WORDS = st.sampled_from(
    str.split(
        "Smith van de García Márquez Ortega y Gasset José A. T.-B. O'Neil d'Arc Jr. III Lee al-Din "
        "ابن خلدون عبد 李明 王 さくら アダ Ḥāfiẓ Ng 1 Smith1 =1 -x @home Team & and others, a;b "
        "x,y GmbH PhD (MIT) {x} Müller-Lüdenscheidt et al. Ibn"
    )
)
PARTS_OF_NAMES = st.lists(NAME_WORDS, min_size=1, max_size=3).map(" ".join)
PERSONS = st.builds(
    Name, PARTS_OF_NAMES, PARTS_OF_NAMES | st.just(""), st.sampled_from(["", "", "", "Jr.", "III"])
)
GROUPS = st.builds(Name, PARTS_OF_NAMES, group=st.just(True))


def _as_exported(name: Name) -> Name:
    """A name without the braces that no cell can hold."""
    family, given = (re.sub("[{}]+", "", part) for part in (name.family, name.given))
    return replace(name, family=family, given=given)


@settings(deadline=None, max_examples=300)
@given(st.lists(PERSONS | GROUPS, min_size=1, max_size=4))
@example([Name("van Dijk", "Teun A.")])
@example([Name("de la Cruz Pérez", "Ana María")])
@example([Name("ابن خلدون", "عبد الرحمن")])
@example([Name("Ibn Sina")])
@example([Name("Smith", "Jones"), Name("Smith, Sons; Co", "Ada")])
def test_every_name_comes_back_of_a_table(names: list[Name]) -> None:
    """Whoever stands in a table that bibpress wrote is read as the same person or group."""
    names = [_as_exported(name) for name in names]
    paper = Record(Where("a"), "bib", title="A title", authors=tuple(names))
    written = EXPORTERS["csv"].export(identity.merge([paper]), abstracts=False)
    (record,) = sources.read("refs.csv", written.encode(), "csv").records
    assert record.authors == tuple(names)


def endnote(kind: str, said: str) -> str:
    """A record of EndNote's."""
    head = f'<ref-type name="{kind}">0</ref-type><titles><title>A</title></titles>'
    return f"<xml><records><record>{head}{said}</record></records></xml>"


# --- what a file is -----------------------------------------------------------------------------


def examples(form: str) -> Iterator[Path]:
    """The good examples of a format."""
    return (path for path in EXAMPLES.glob(f"{form}/good/*") if path.suffix != ".json")


@pytest.mark.parametrize(
    "path",
    [path for form in get_args(Format) for path in examples(form)],
    ids=lambda path: path.relative_to(EXAMPLES).as_posix(),
)
def test_a_text_without_a_name_shows_its_format(path: Path) -> None:
    """Each good example is told by its text alone, but for a .ris that begins with other words."""
    other = {"older.ris": "dump", "bibtex.txt": "bib"}
    form = path.relative_to(EXAMPLES).parts[0]
    assert sources.guess(path.read_bytes()) == other.get(path.name, form)


@pytest.mark.parametrize("form", get_args(Format))
def test_a_piped_text_is_read_as_it_was_guessed(form: Format) -> None:
    """The name that it gets is one that finds the reader of its format."""
    path = next(path for path in sorted(examples(form)) if sources.guess(path.read_bytes()) == form)
    name = sources.piped_name(path.read_bytes())
    assert sources.readers.FORMATS[Path(name).suffix] == form


def test_a_text_file_may_hold_ris() -> None:
    """EndNote saves RIS as .txt."""
    data = b"\nTY  - JOUR\nTI  - A title\nER  - \n"
    assert sources.read("a.txt", data, "dump").format == "ris"


@pytest.mark.parametrize(
    ("rows", "people"),
    [
        # other cells have semicolons, or three at least are turned round
        (["Smith, Ada; Li, Bo", "Aho Laine, Aino Inka"], "Aino Inka Aho Laine"),
        (["Smith, Ada", "Li, Bo", "Roe, Cy", "Aho Laine, Aino Inka"], "Aino Inka Aho Laine"),
        (["Smith, Ada", "Aho Laine, Aino Inka"], "Aho Laine and Aino Inka"),
        (["Smith, Ada; Li, Bo", "A. Smith, B. Jones"], "A. Smith and B. Jones"),
        (
            ["Smith, Ada; Li, Bo", "A. Smith, B. Jones and C. Roe"],
            "A. Smith and B. Jones and C. Roe",
        ),
        (["ابن خلدون، عبد الرحمن"], "عبد الرحمن ابن خلدون"),
    ],
)
def test_what_a_comma_means_the_table_tells(rows: list[str], people: str) -> None:
    """Where one cell alone could be read in two ways, those of other rows say how."""
    table = "".join(f'A title {n},"{cell}"\n' for n, cell in enumerate(rows))
    said = sources.read("refs.csv", f"title,author\n{table}".encode(), "csv")
    assert " and ".join(map(str, said.records[-1].authors)) == people


def test_in_zoteros_table_semicolons_alone_part_people() -> None:
    """Two words on both sides of a comma are one person there, whatever they are."""
    table = 'Key,Item Type,Title,Author\nABCD2345,book,A title,"Aho Laine, Aino Inka"\n'
    (record,) = sources.read("refs.csv", table.encode(), "csv").records
    assert record.authors == (Name("Aho Laine", "Aino Inka"),)


def test_a_table_that_is_nearly_one_of_papers_is_told_of(tmp_path: Path) -> None:
    """In any folder: it has authors, and what is the title nobody here knows."""
    (tmp_path / "books.csv").write_text("Nimi;Author;Vuosi\nKirja;Aho, Aino;2001\n")
    (said,) = sources.load([tmp_path])
    assert [problem.severity for problem in said.problems] == ["note"]


# What an entry says of itself, a format each, and what gets into the record: (field, value).
FURTHER: dict[str, tuple[str, str, tuple[str, str]]] = {
    "article number": ("ris", "TY  - JOUR\nTI  - A\nC7  - e01\nSP  - e01\n", ("eid", "e01")),
    "pages of a book": ("ris", "TY  - BOOK\nTI  - A\nSP  - 105\n", ("pagetotal", "105")),
    "a span of one": ("ris", "TY  - BOOK\nTI  - A\nSP  - 10\nEP  - 12\n", ("pages", "10–12")),
    "volumes": ("ris", "TY  - BOOK\nTI  - A\nNV  - 3\n", ("volumes", "3")),
    "translator": ("ris", "TY  - BOOK\nTI  - A\nA4  - Zohn, H\n", ("translator", "Zohn, H")),
    "two ISSNs": ("ris", "TY  - JOUR\nTI  - A\nSN  - 1234-5679 (Print)\nSN  - 2049-3630\n",
                  ("issn", "1234-5679, 2049-3630")),
    "author of the book": ("csl", '[{"type":"chapter","title":"A","container-title":"B",'
                           '"container-author":[{"family":"Eco","given":"U"}]}]',
                           ("bookauthor", "Eco, U")),
    "number": ("csl", '[{"type":"article-journal","title":"A","number":"e1"}]', ("eid", "e1")),
    "how many volumes": ("csl", '[{"type":"book","title":"A","number-of-volumes":3}]',
                         ("volumes", "3")),
    "how many pages": ("csl", '[{"type":"book","title":"A","number-of-pages":9}]',
                       ("pagetotal", "9")),
    "PubMed's number": ("csl", '[{"type":"book","title":"A","PMID":"55"}]', ("pmid", "55")),
    "preprint": ("csl", '[{"type":"article","title":"A","publisher":"bioRxiv"}]',
                 ("type", "Preprint")),
    "working paper": ("csl", '[{"type":"article","title":"A","genre":"Draft"}]', ("type", "Draft")),
    "kind of a thesis": ("csl", '[{"type":"thesis","title":"A","genre":"Doctoral dissertation"}]',
                         ("type", "Doctoral dissertation")),
    "who reports": ("csv", "title,item type,publisher\nA,report,UN\n", ("institution", "UN")),
    "Zotero's type": ("csv", "key,item type,title,type\n,report,A,White paper\n",
                      ("type", "White paper")),
    "Zotero's translator": ("csv", 'key,item type,title,translator\n,book,A,"Aho La, I"\n',
                            ("translator", "Aho La, I")),
    "German": ("csv", "Titel;Verlag;Jahr\nA;Suhrkamp;2001\n", ("publisher", "Suhrkamp")),
    "MODS's translator": ("xml", "<mods><titleInfo><title>A</title></titleInfo><name><namePart>"
                          "H Zohn</namePart><role><roleTerm>trl</roleTerm></role></name></mods>",
                          ("translator", "Zohn, H")),
    "MODS's extent": ("xml", "<mods><titleInfo><title>A</title></titleInfo><physicalDescription>"
                      "<extent>xii, 345 p. : ill.</extent></physicalDescription></mods>",
                      ("pagetotal", "xii, 345")),
    "EndNote's ISSNs": ("xml", endnote("Serial", "<isbn>1234-5679 (Print) 2049-3630</isbn>"),
                        ("issn", "1234-5679, 2049-3630")),
    "EndNote's number": ("xml", endnote("Journal Article", "<custom7>e1</custom7>"), ("eid", "e1")),
    "EndNote's volumes": ("xml", endnote("Book", "<num-vols>3</num-vols>"), ("volumes", "3")),
}  # fmt: skip


@pytest.mark.parametrize("case", FURTHER)
def test_further_fields_are_read(case: str) -> None:
    """What a format has a place for gets into the field that biblatex has for it."""
    form, said, expected = FURTHER[case]
    (record,) = sources.read(f"a.{form}", said.encode(), cast(Format, form)).records
    assert expected in record.details


@pytest.mark.parametrize(
    ("kind", "said", "field"),
    [
        ("Thesis", "<volume>Ph.D.</volume>", "volume"),
        ("Journal Article", "<edition>2009/05/01</edition>", "edition"),
        ("Journal Article", "<custom7>e1</custom7><pages>e1</pages>", "pages"),
        ("Book", "<pages>105</pages>", "pages"),
    ],
)
def test_what_endnote_has_in_a_field_for_want_of_another(kind: str, said: str, field: str) -> None:
    """A degree is no volume, a day no edition, an article's number and a total are no pages."""
    (record,) = sources.read("a.xml", endnote(kind, said).encode(), "xml").records
    assert field not in dict(record.details)


STRANGERS = {
    "package.json": '{"name": "x", "type": "module", "author": "me"}',
    "pom.xml": "<project><record>1</record></project>",
    "data.csv": "time,value\n1,2\n",
    "name.tsv": "name\tvalue\nA\t1\n",
}


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A folder with a paper, and files that end like sources and are none."""
    (tmp_path / "refs.ris").write_text("TY  - JOUR\nTI  - A title\nER  - \n")
    for name, said in STRANGERS.items():
        (tmp_path / name).write_text(said)
    return tmp_path


def test_strangers_in_a_folder_are_no_sources(mixed: Path) -> None:
    """In any folder, a file that does not show to hold papers is passed over."""
    assert [said.file for said in sources.load([mixed])] == ["refs.ris"]


@pytest.mark.parametrize("name", STRANGERS)
def test_a_stranger_that_is_named_is_said_to_be_one(mixed: Path, name: str) -> None:
    """Whoever names a file is told that nothing is read from it."""
    (said,) = sources.load([mixed / name])
    assert [problem.severity for problem in said.problems] == ["warning"]


def test_a_stranger_in_content_is_said_to_be_one(mixed: Path) -> None:
    """What lies in a site's `content/` was put there."""
    site = mixed.with_name("site")
    site.mkdir()
    mixed.rename(site / "content")
    said = [text for text in sources.load([site]) if text.problems]
    assert [text.file for text in said] == [f"content/{name}" for name in sorted(STRANGERS)]


# --- the command --------------------------------------------------------------------------------


def built(folder: Path, *arguments: str, piped: bytes = b"") -> tuple[Result, dict[str, int]]:
    """What the command says of a build, and its counts."""
    command = ["build", *arguments, "-o", str(folder / "out"), "--json", "--executor", "inline"]
    ended = CliRunner().invoke(cli.main, command, input=piped)
    counts = json.loads(ended.stdout) if ended.stdout else {}
    return ended, {name: counts.get(name, -1) for name in ("records", "papers", "merged")}


BIB = b"@book{a, title = {A Book}, author = {Smith, Ada}, year = 2020}\n"
RIS = "TY  - BOOK\nTI  - A Book\nAU  - Smith, Ada\nPY  - 2020\nER  - \n"


@pytest.mark.parametrize("form", ["bib", "ris", "csl", "xml", "csv", "dump"])
def test_standard_input_is_a_source(form: str, tmp_path: Path) -> None:
    """`-` is read in whatever format it shows to have."""
    piped = next(path for path in sorted(examples(form)) if path.name != "older.ris").read_bytes()
    assert built(tmp_path, "-", piped=piped)[1]["papers"] > 0


def test_several_sources_beside_standard_input(tmp_path: Path) -> None:
    """Files and `-` together are one collection."""
    (tmp_path / "refs.ris").write_text(RIS)
    (tmp_path / "more.json").write_text('[{"type": "book", "title": "Another Book"}]')
    said = built(tmp_path, f"{tmp_path}/refs.ris", "-", f"{tmp_path}/more.json", piped=BIB)[1]
    assert said == {"records": 3, "papers": 2, "merged": 1}


def test_nothing_in_standard_input(tmp_path: Path) -> None:
    """An empty pipe is a collection of nothing: refused, as an empty folder is."""
    assert built(tmp_path, "-")[0].exit_code == 1


def test_standard_input_goes_by_a_name_that_stays(tmp_path: Path) -> None:
    """Its page has the same address in every build."""
    built(tmp_path, "-", piped=BIB)
    assert (tmp_path / "out/sources/standard-input-bib.html").is_file()


def test_a_terminal_is_no_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for what nobody will type."""
    monkeypatch.setattr("sys.stdin", type("Terminal", (io.StringIO,), {"isatty": lambda _: True})())
    with pytest.raises(UsageError, match="standard input"):
        surroundings.standard_input()


# --- what stays with its owner ------------------------------------------------------------------

PRIVATE = (
    "nobody's affair",
    "Private",
    "/home/me",
    "My.enl",
    "internal-pdf",
    "My own",
    "Müller - ",
)


@pytest.mark.parametrize("word", PRIVATE)
def test_private_words_get_into_no_record(word: str) -> None:
    """Notes, files on a disk, and the owner's own fields are in the examples, and nowhere else."""
    forms: tuple[Format, ...] = ("ris", "csl", "xml", "csv")
    paths = [(form, path) for form in forms for path in sorted(examples(form))]
    assert any(word in path.read_text(encoding="utf-8-sig") for _, path in paths)
    said = [sources.read("f", path.read_bytes(), form) for form, path in paths]
    assert not any(word in repr(record) for each in said for record in each.records)


# --- XML that means harm ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        '<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1:9/">%b;]><a/>',
    ],
)
def test_declarations_are_refused(said: str) -> None:
    """Even where the parser is given one: no entity stands for anything, nothing is opened."""
    with pytest.raises(elements.XmlError, match="declares a document type"):
        elements.parsed(said)


def test_a_record_is_parsed_without_what_stands_before_it() -> None:
    """Entities that the head of a file declares are not known in any record."""
    head = '<!DOCTYPE a [<!ENTITY b "expanded">]>\n'
    said = sources.read("a.xml", f"{head}<mods><title>&b;</title></mods>".encode(), "xml")
    assert "undefined entity" in said.problems[-1].message


def test_nesting_is_bounded() -> None:
    """An element too deep for those who walk through it is refused where it begins."""
    with pytest.raises(elements.XmlError, match="nested too deeply"):
        elements.parsed("<a>" * 200 + "</a>" * 200)


# --- what passes through LaTeX ------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        "50% & more_of {this} ~ #1 ^ \\ that", "“quoted” – dashed — é ß", "a $5 and a $6 thing",
        "$x^2_{i}$ of H₂O", "-- --- `` ''", "C:\\temp\\new", "李明", "<3 hearts> and a < b",
    ],
)  # fmt: skip
def test_a_text_means_what_it_says(value: str) -> None:
    """No sign of LaTeX's means anything in a format that is none, but for math and macros."""
    assert text.from_latex(entries.latex(value)) == text.from_plain(value)


@pytest.mark.parametrize(
    ("value", "meaning"),
    [
        ("<i>E. coli</i> &amp; H<sub>2</sub>O", "E. coli & H₂O"),
        ("<jats:p>A <jats:italic>b</jats:italic></jats:p>", "A b"),
        ('A <span class="nocase">BERT</span>', "A BERT"),
        ("\\textbf{Bold} and \\'e", "Bold and é"),
        ("&#233;&nbsp;&lt;x", "é <x"),
    ],
)
def test_what_exporters_leave_in_is_decoded(value: str, meaning: str) -> None:
    """Tags and entities of HTML and JATS, and macros that everybody knows."""
    assert text.from_latex(entries.latex(value)) == meaning


@pytest.mark.parametrize(
    "name",
    [
        Name("Smith", "Ada"), Name("van der Berg", "Jan"), Name("King", "Martin Luther", "Jr."),
        Name("OpenAI Team", group=True), Name("Barnes and Noble", group=True), Name("Plato"),
        Name("de la Cruz"), Name("Team", "Gemini"), Name("李", "明"), Name("O’Neil {x}", "A_b"),
        Name("Hooks", "bell"), OTHERS,
    ],
    ids=str,
)  # fmt: skip
def test_a_name_passes_through_as_it_is(name: Name) -> None:
    """Parts that a format tells apart stay apart, whatever words are in them."""
    first = Name("First", "The")
    assert people(entries.named([first, name])) == ((first, name), ())


def test_a_title_behind_a_name_is_no_suffix() -> None:
    """What BibTeX would take for a part of its own stays with the given name."""
    assert people(entries.named([Name("Smith", "Ada", "Prof.")]))[0] == (
        Name("Smith", "Ada Prof."),
    )


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Smith, Ada", Name("Smith", "Ada")),
        ("Smith, Ada, Jr.", Name("Smith", "Ada", "Jr.")),
        ("Ada Smith", Name("Smith", "Ada")),
        ("Smith A.B.", Name("Smith", "A.B.")),
        ("van der Berg J.", Name("van der Berg", "J.")),
        ("Google Research,", Name("Google Research", group=True)),
        ("University of California,, Irvine", Name("University of California, Irvine", group=True)),
        ("{Smith; Sons and Ltd}", Name("Smith; Sons and Ltd", group=True)),
        ("Smith, Ada;", Name("Smith", "Ada")),
        ("Smith, Ada (57193012345)", Name("Smith", "Ada")),
        ("et al.", OTHERS),
    ],
)
def test_a_name_is_read_as_databases_write_it(said: str, name: Name) -> None:
    """RIS, EndNote, Scopus, IEEE: each has its own order of the parts."""
    assert list(entries.one_name(said)) == [name]


# --- time ---------------------------------------------------------------------------------------

PIECES: dict[Format, tuple[str, ...]] = {
    "ris": ("TY  - JOUR\n", "TI  - A\n", "words\n", "TY  - JOUR\nTI  - A\nER  - \n", "KW  - a;\n"),
    "csl": ('{"id": "a", "a": [', '{"type": "book", "title": "A"},', '"', "[", '{"a": "', "}"),
    "xml": ("<mods>", "<mods/>", "<!--", "<![CDATA[", "<mods><a>", "<", "&a;", "<mods a='b' "),
    "csv": ('"', '""', ",", "\n", '"a', '"a\n', 'a,"b\n', '"""\n', 'a,""b\n', "a,b,c,d\n"),
}  # fmt: skip
HEADS = {
    "csl": '[{"type": "book", "title": "A"},\n',
    "xml": "<mods></mods>\n",
    "csv": "title,year\n",
}


@pytest.mark.parametrize(
    ("form", "piece"), [(form, piece) for form, pieces in PIECES.items() for piece in pieces]
)
def test_time_is_linear(form: Format, piece: str) -> None:
    """A file of one piece over and over takes four times as long when it is four times as long."""

    def read(size: int) -> None:
        said = HEADS.get(form, "") + piece * (size // len(piece))
        sources.read("f", said.encode(), form)

    assert is_linear(read, 20_000)


def test_each_item_has_its_line() -> None:
    """Items that stand one a line are records of one line each."""
    data = "".join(f'{{"type": "book", "title": "Book {i}"}}\n' for i in range(2_000)).encode()
    said = sources.read("a.json", data, "csl")
    assert [record.where.line for record in said.records] == list(range(1, 2_001))
