"""The words of the interface: none is English in a German site, none is missing, none is HTML."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import tomllib
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from shutil import which
from xml.etree import ElementTree

import pytest
from jinja2 import nodes

from generator import check, theme, words
from generator.errors import BibpressError, ConfigError
from generator.model import Said
from generator.words import Entry, Words, english
from tests.conftest import ROOT, Built, build_folder, needs, write

Make = Callable[..., Built]
FOLDER = ROOT / "templates" / "words"
LANGUAGES = sorted(file.stem for file in FOLDER.glob("*.toml") if file.stem != "en")


@pytest.fixture
def own(tmp_path: Path) -> Callable[..., tuple[Words, list[str]]]:
    """Loads the words of a language with files of an owner's, and tells what is wrong in them."""

    def load(language: str, /, **files: str) -> tuple[Words, list[str]]:
        paths = {name: tmp_path / f"{name}.toml" for name in files}
        for name, path in paths.items():
            path.write_text(files[name], encoding="utf-8")
        made, problems = words.load(language, paths)
        return made, [f"{each.severity}: {each}" for each in problems]

    return load


Own = Callable[..., tuple[Words, list[str]]]


# --- the files ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_languages_are_complete(language: str) -> None:
    """Each has every word with its parts and nothing else, or the build would say so."""
    assert words.load(language)[1] == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_part_is_forgotten(language: str) -> None:
    """A translation says all that goes into the English: numbers, names, links."""
    made = words.load(language)[0]
    free = {"dates.day", "reasons.hand"}
    assert [
        name
        for name, entry in english().entries.items()
        if name not in free and words.parts_of(entry) != words.parts_of(made.entries[name])
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_its_own_forms(language: str) -> None:
    """Where English has two forms a language has a text for each of its rules' forms."""
    made = words.load(language)[0]
    forms = {form for form, _ in made.rules} | {"other"}
    assert [
        name
        for name, entry in made.entries.items()
        if not isinstance(entry, str) and entry.keys() != forms
    ] == []


# --- every word is there, and none for nothing --------------------------------------------------


def _in_templates() -> Iterator[str]:
    """The words that our templates name; "kinds." for one of a table by a computed name."""
    for file in sorted((ROOT / "templates").glob("*.html")):
        tree = theme.environment(theme.load(None)[0]).parse(file.read_text(encoding="utf-8"))
        for node in tree.find_all((nodes.Getattr, nodes.Getitem)):
            if name := _dotted(node):
                yield name


def _dotted(node: nodes.Node) -> str:
    """The name of a word, "lists.comma" for words.lists.comma; empty for what is no word."""
    path: list[str] = []
    while isinstance(node, nodes.Getattr | nodes.Getitem):
        if isinstance(node, nodes.Getattr):
            path.append(node.attr)
        else:
            path.append(str(node.arg.value) if isinstance(node.arg, nodes.Const) else "")
        node = node.node
    is_word = isinstance(node, nodes.Name) and node.name == "words" and path
    return ".".join(reversed(path)) if is_word else ""


def _in_python() -> Iterator[str]:
    """The words that our code asks for: words("…"), say("…"), self.words("…"), words.html("…").

    And those of reasons and ties, which are put together elsewhere than they are said.
    """
    for file in sorted((ROOT / "generator").rglob("*.py")):
        source = file.read_text(encoding="utf-8")
        yield from re.findall(r'["@]((?:reasons|shared)\.\w+)', source)
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and node.args:
                asked = _ASKS if "generator.words import" in source else _ASKS_OTHERS
                if asked.search(ast.unparse(node.func)):
                    yield from _said(node.args[0])


_ASKS = re.compile(r"(?:^|(?<!text)\.)(?:words|say|words\.html)$")
_ASKS_OTHERS = re.compile(r"(?:library|look|self)\.words$")


def _said(argument: ast.expr) -> Iterator[str]:
    if isinstance(argument, ast.JoinedStr):
        argument = argument.values[0]
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        yield argument.value


def _in_scripts() -> Iterator[str]:
    """The words that our scripts name, under their tables; those of a table all at once."""
    for script in sorted((ROOT / "static").rglob("*.js")):
        table = f"script.{script.relative_to(ROOT / 'static').as_posix()}"
        source = script.read_text(encoding="utf-8")
        if "words" not in source or f"{table}." not in " ".join(english().entries):
            continue
        for name in re.findall(r"\b(?:words|SAYS)\.(\w+)", source):
            yield f"{table}.{name}"
        for names in re.findall(r"\{([^{}]+)\} = words;", source):
            yield from (f"{table}.{name.split(':')[0].strip()}" for name in names.split(","))


NAMED = frozenset(filter(None, (*_in_templates(), *_in_python(), *_in_scripts())))
# What a script has beside its words, and what names of ours in scripts stand for other words.
NOT_WORDS = {"thousands", "plural", "formats", "chosenPapers"}
METHODS = {"map", "flatMap", "slice", "length"}  # of lists that are called words, too


def test_every_word_that_is_named_is_there() -> None:
    """A template, a script and the code ask for no word that the English file lacks."""
    known = english().entries
    tables = {name.rsplit(".", 1)[0] + "." for name in known}
    tables |= {f"{table.split('.')[0]}." for table in tables}
    missing = {
        name
        for name in NAMED
        if name not in known
        and not any(table.startswith(name.rstrip(".") + ".") for table in tables)
        and name.rsplit(".", 1)[-1] not in NOT_WORDS | METHODS
    }
    assert missing == set()


def test_every_word_is_named() -> None:
    """No word is there for nothing: translators would write it in vain."""
    whole = tuple(name.rstrip(".") + "." for name in NAMED if name not in english().entries)
    whole += ("numbers.", "dates.", "months.")  # what numbers and days are written by
    assert [
        name for name in english().entries if name not in NAMED and not name.startswith(whole)
    ] == []


# --- a German site ------------------------------------------------------------------------------

BIB = r"""
@inproceedings{a, title = {Aaa $x^2$}, author = {Ng, Qi and B, B and C, C and D, D and E, E and F},
  year = 2019, booktitle = {Qqq}, keywords = {Kkk, Lll}, abstract = {Xxx (XY) yyy zzz.},
  pages = {3--4},
  unconfirmed = {author, venue}, volume = 3, publisher = {Ppp}, doi = {10.1/x}}
@inproceedings{b, title = {Bbb vvv}, author = {Ng, Qi and B, B}, year = 2020, booktitle = {Qqq},
  keywords = {Kkk, Lll}, abstract = {Quantized neural chips yyy.}}
@misc{c, title = {Ccc}, author = {Ng, Qi and others}, keywords = {Mmm}}
@misc{, title = {}}
"""
DUMP = """
Quantized neural chips

We propose quantized neural chips, which are small. They are fast and small, and they are cheap.
They are compared with several other chips and found to be small, fast, cheap and good enough.

Menu | Subscribe
"""
TOPICS = """
[[topic]]
slug = "kkk"
name = "Kkk"
[[topic]]
slug = "lll"
name = "Lll"
parent = "kkk"
"""
NOTE = "---\nkey: a\ntags: [Ooo]\n---\nSsss [@b].\n"
# What is the same in both languages, or is a name: of formats, fields, keys on a keyboard.
ALIKE = {
    "BibTeX", "Feed", "DOI", "ISBN", "ISSN", "APA", "IEEE", "RIS", "CSL-JSON", "Format",
    "Institution", "Person", "Name", "Abstract",
}  # fmt: skip


class _Visible(HTMLParser):
    """All that a page says to its readers: its texts, and what attributes say in words.

    What is English by design is left out: citations, what is typed, and reports of problems.
    """

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Attributes that readers meet."""
        said = dict(attrs)
        reports = said.get("class") == "remarks" if tag == "ul" else said.get("lang") == "en"
        if tag in {"script", "pre", "kbd", "code"} or (tag in {"ul", "span", "bdi"} and reports):
            self._silent.append(tag)
        self.said += [
            value or "" for name, value in attrs if name in {"aria-label", "placeholder", "title"}
        ]

    def handle_endtag(self, tag: str) -> None:
        """The end of what is left out."""
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        """Text."""
        if not self._silent:
            self.said.append(" ".join(data.split()))


def _phrases(made: Words) -> set[str]:
    """Every text of the words, cut at its parts; what has no letters left out."""
    texts = (
        text
        for entry in made.entries.values()
        for text in ([entry] if isinstance(entry, str) else entry.values())
    )
    pieces = {piece.strip(" :;,.()“”") for text in texts for piece in re.split(r"\{\w+\}", text)}
    return {piece for piece in pieces if re.search("[A-Za-z]", piece)}


def _of_every_kind(folder: Path, language: str, **own: str) -> Built:
    """A small site with a page of every kind, a paper gone and a paper that moved."""
    settings = f'language = "{language}"\nurl = "https://example.org/"\n'
    files = {"a.bib": BIB + "@misc{z, title = {Zzz}}", "d.txt": DUMP, "n.md": NOTE}
    files["topics.toml"] = TOPICS
    placed = {f"content/{name}": text for name, text in files.items()}
    placed |= {f"templates/words/{name}.toml": text for name, text in own.items()}
    write(folder, {"bibpress.toml": settings, **placed})
    build_folder(folder)
    ledger = (folder / "ledger.tsv").read_text("utf-8").replace("\nng-2020-bbb-vvv\t", "\nbbb\t")
    write(folder, {"content/a.bib": BIB.replace("Xxx", "Www"), "ledger.tsv": ledger})
    return Built(folder, build_folder(folder, today="2026-01-02"))


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Such a site in German."""
    return _of_every_kind(tmp_path_factory.mktemp("german"), "de")


def test_a_german_site_has_pages_of_every_kind(german: Built) -> None:
    """What follows would not see an English word on a page that is not there."""
    pages = "".join(text.decode() for path, text in german.tree().items() if path.endswith(".html"))
    for name in ("gone", "moved", "not_found_lead", "changes", "events.gone", "glossary_lead",
                 "topics_together_why", "children", "unconfirmed", "how_prefix", "not_understood",
                 "status.merged", "mentioned_by", "related", "others"):  # fmt: skip
        entry = words.load("de")[0].entry(name)
        assert str(entry).split("{")[0] in pages, name


def test_a_german_site_has_no_english_word(german: Built) -> None:
    """No page, feed or search says anything in English that the German file has a word for."""
    made = words.load("de")[0]
    foreign = _phrases(english()) - _phrases(made) - ALIKE
    found = set()
    for path, content in german.tree().items():
        if path.endswith(".html"):
            parser = _Visible()
            parser.feed(content.decode())
            for said in parser.said:
                pieces = {said, *re.split(r"[:;,.()“”„]| – | · |\d+", said)}
                found |= {(path, piece) for p in pieces if (piece := p.strip()) in foreign}
    assert found == set()


def test_reports_of_problems_say_that_they_are_english(german: Built) -> None:
    """What is wrong with a record is English in any language (WCAG 3.1.2)."""
    pages = (text.decode() for path, text in german.tree().items() if path.startswith("sources/"))
    told = re.findall(r"<li([^>]*)>(?:note|warning|error): ", "".join(pages))
    assert set(told) == {' lang="en"'}


def test_disagreements_are_in_the_language_of_the_site(make_site: Make) -> None:
    """They are words of ours, so they stand without another language's mark."""
    site = make_site({
        "bibpress.toml": 'language = "de"',
        "a.bib": "@misc{a, title = {One two}, author = {Ng, Q}, doi = {10.1/x}, year = 2001}",
        "b.bib": "@misc{b, title = {One two}, author = {Ng, Q}, doi = {10.1/x}, year = 2002}",
    })  # fmt: skip
    pages = "".join(site.read(path) for path in site.tree() if path.startswith("sources/"))
    assert "<li>Jahr " in pages


class _Outside(_Visible):
    """What a page says outside of ⟦ and ⟧, in which every word of the interface stands."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """What search engines and other sites show of a page is said, too."""
        super().handle_starttag(tag, attrs)
        told = dict(attrs)
        if tag == "meta" and (told.get("name") or told.get("property")) in _TOLD:
            self.said.append(told.get("content") or "")

    def outside(self) -> str:
        """The text between the outermost ⟦ and ⟧."""
        depth, kept = 0, []
        for sign in "\n".join(self.said):
            depth += {"⟦": 1, "⟧": -1}.get(sign, 0)
            kept.append(sign if depth == 0 and sign != "⟧" else "")
        return "".join(kept)


_TOLD = {"description", "og:title", "og:description", "og:site_name", "twitter:title"}


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A site of every kind of page whose every word is marked: ⟦Cite⟧, ⟦⟦3⟧ papers⟧."""
    marked = {
        name: f"⟦{entry}⟧"
        if isinstance(entry, str)
        else {form: f"⟦{text}⟧" for form, text in entry.items()}
        for name, entry in english().entries.items()
    }
    plural = '[plural]\none = "n = 1"\ntwo = "n = 2"\n'
    return _of_every_kind(tmp_path_factory.mktemp("pseudo"), "en", en=_toml(marked) + plural)


def test_nothing_is_said_but_by_words(pseudo: Built) -> None:
    """What no file of words has stands in no template and no code either, but what is content.

    Signs between words (" – ", ", ", "·") are left out: they have no letters.
    """
    found = set()
    for path, text in pseudo.tree().items():
        if path.endswith(".html"):
            parser = _Outside()
            parser.feed(text.decode())
            said = _WHOLE.sub(" ", parser.outside())
            words_said = re.findall(r"[^\W\d_]+", said)
            found |= {(path, word) for word in words_said if not _CONTENT.fullmatch(word)}
    assert found == set()


# Of the small site: sentences of the dump, names of files and rules, what COinS has for programs,
# and what is a name in any language. Its other content is told by its letters: "Aaa", "B", "Ng".
_SENTENCES = (piece.strip() for piece in re.split(r"(?<=\.)\s|\n\n", DUMP))
_WHOLE = re.compile("|".join((
    *(r"\s+".join(map(re.escape, piece.split())) for piece in _SENTENCES if piece),
    r"content/\w+\.\w+", r"ctx_ver=\S+", "BibTeX", *check.RULES,
)))  # fmt: skip
_CONTENT = re.compile(r"(\w)\1{2,3}|\w|ng|qi|xy|quantized|neural|chips?", re.IGNORECASE)


def test_every_page_says_its_language(german: Built) -> None:
    """Screen readers pronounce a page by its `lang`, hyphenation goes by it."""
    pages = (german.read(path) for path in german.tree() if path.endswith(".html"))
    assert all('<html lang="de">' in page for page in pages)


def test_scripts_have_german_words(german: Built) -> None:
    """Each script has the words of its own table before it, and of no other."""
    (site,) = (german.read(path) for path in german.tree() if path.startswith("assets/site."))
    first, _, _ = site.partition("\n")
    assert "Merkliste" in first
    assert "Sortieren" not in first


def test_data_and_citations_stay_english(german: Built) -> None:
    """What programs read is the same in every language."""
    related = [near for paper in german.papers() for near in paper["related"]]
    assert "same first author" in [word for near in related for word in near["shared"]]


def test_a_collection_without_a_title_has_one_in_its_language(german: Built) -> None:
    """The name of the site is a word, too."""
    assert "<title>Bibliografie</title>" in german.read("index.html")


# --- languages of an owner's --------------------------------------------------------------------


def test_a_language_is_one_file(make_site: Make) -> None:
    """A file in the site folder is enough; what it lacks is English, and the build says so."""
    site = make_site({
        "a.bib": "@misc{a, title = {One}}",
        "bibpress.toml": 'language = "fr"',
        "templates/words/fr.toml": 'skip = "Aller au contenu"\n[kinds]\ntags = "Sujets"\n',
    })  # fmt: skip
    home = site.read("index.html")
    assert ">Aller au contenu<" in home
    assert ">Authors<" in home
    (problem,) = site.report.problems
    assert problem.severity == "note"
    assert re.match(r"\d+ of \d+ words are missing and stay English: ", problem.message)


def test_an_owner_may_change_single_words(own: Own) -> None:
    """A file of a few words changes these and leaves the others."""
    made, problems = own("en", en='abstract = "Summary"\n')
    assert (made("abstract"), made("cite"), problems) == ("Summary", "Cite", [])


def test_a_region_is_laid_over_its_language(own: Own) -> None:
    """Of "de-AT" the words are German where its own file has none."""
    made, problems = own("de-AT", **{"de-AT": '[months]\n1 = "Jänner"\n'})
    assert (made.day("2024-01-09"), problems) == ("9. Jänner 2024", [])


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("dee", 'there are no words in language "dee"; did you mean "de"?'),
        ("tlh", 'there are no words in language "tlh"; known are: de, en'),
    ],
)
def test_an_unknown_language_is_told(language: str, said: str) -> None:
    """The message names the languages that there are, and the file that would add one."""
    with pytest.raises(ConfigError) as error:
        words.load(language)
    assert said in str(error.value)
    assert f"templates/words/{language}.toml" in str(error.value)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("german", 'there are no words in language "german"; did you mean "de"?'),
        ("Deutsch", 'there are no words in language "Deutsch"; did you mean "de"?'),
        ("french", "; known are: de, en (to add a language, write templates/words/fr.toml)"),
    ],
)
def test_a_language_by_its_name_is_told_its_tag(language: str, said: str) -> None:
    """A file of words is never asked for under a name that no browser knows."""
    with pytest.raises(ConfigError) as error:
        words.load(language)
    assert str(error.value).endswith(said)


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ('skip = "x"\nabstrcat = "x"', 2),
        ('[kinds]\n\ntagz = "x"', 3),
        ('[script."site.js"]\nbaskets = { other = "{n}" }', 2),
    ],
)
def test_a_word_that_is_left_out_has_its_line(own: Own, file: str, line: int) -> None:
    """The file of a language has hundreds of words."""
    _, problems = own("fr", fr=file)
    assert problems[0].startswith(f"warning: templates/words/fr.toml:{line}: ")


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("\nskip = “x”", "2: quotation marks are straight ones here"),
        ('[plural]\none = "n is 1"', "2: the rule for one must look like"),
        ('[plural]\n\nmost = "n = 1"', "3: a plural form is one of"),
        ("\nplural = 1", "2: the plural rules are a table"),
    ],
)
def test_what_no_language_can_be_read_from_has_its_line(own: Own, file: str, said: str) -> None:
    """As in every file that an owner writes."""
    with pytest.raises(ConfigError, match=f"^templates/words/fr.toml:{said}"):
        own("fr", fr=file)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ('abstrcat = "x"', 'there is no word "abstrcat"; did you mean "abstract"?; left out'),
        ("abstract = 3", '"abstract" is no text; left out'),
        ('papers = "{count} x"', '"papers" has no part {count}; its parts are: {n}; left out'),
        ('abstract = "{n}"', '"abstract" has no part {n}; its parts are: none; left out'),
        ('papers = { one = "x" }', '"papers" needs a text for "other", and may have more for few,'),
        (
            'abstract = { other = "x" }',
            '"abstract" has no plural forms: write it as one text; left',
        ),
        ('[numbers]\nthousands = { other = "." }', '"numbers.thousands" has no plural forms: '),
        (
            '[script."site.js"]\nbaskets = { other = "{n}" }',
            '"script.site.js.baskets" has no plural',
        ),
        ('kinds = "x"', 'there is no word "kinds"'),
        ('[plural.x]\ny = "z"\n', "a plural form is one of few, many, one, two, zero"),
    ],
)
def test_what_is_wrong_in_a_file_is_told(own: Own, file: str, said: str) -> None:
    """A word that cannot be used is left out with a warning; the English one stands."""
    if file.startswith("[plural"):
        with pytest.raises(ConfigError, match=said):
            own("fr", fr=file)
        return
    made, problems = own("fr", fr=file)
    assert re.match(rf"warning: templates/words/fr\.toml:\d+: {re.escape(said)}", problems[0])
    assert (made("abstract"), made("papers", 2)) == ("Abstract", "2 papers")


def test_an_unknown_word_in_a_template_is_told(tmp_path: Path) -> None:
    """An owner's slip has its file and line."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "404.html").write_text("\n{{ words.abstrakt }}")
    look, _ = theme.load(tmp_path)
    with pytest.raises(BibpressError, match=r'^templates/404\.html:2: .*did you mean "abstract"'):
        theme.render(look, "404.html", {})


# --- numbers, days, forms -----------------------------------------------------------------------

POLISH = """
[plural]
one = "i = 1 and v = 0 @integer 1"
few = "v = 0 and i % 10 = 2..4 and i % 100 != 12..14 @integer 2~4, 22~24, 102"
many = "v = 0 and i != 1 and i % 10 = 0..1 or v = 0 and i % 10 = 5..9 or v = 0 and i % 100 = 12..14"
[numbers]
thousands = "\u00a0"
"""


@pytest.mark.parametrize(
    ("number", "form"),
    [(0, "many"), (1, "one"), (2, "few"), (5, "many"), (12, "many"), (22, "few"), (101, "many")],
)
def test_plural_rules_are_those_of_the_cldr(own: Own, number: int, form: str) -> None:
    """A rule copied from there, examples and all, gives the forms that it is said to give."""
    assert own("pl", pl=POLISH)[0].form(number) == form


def test_a_form_that_is_missing_is_other(own: Own) -> None:
    """A word needs no text for every form: "other" stands for the rest."""
    made, _ = own("pl", pl=POLISH + '[nouns]\npapers = { one = "praca", other = "prace" }\n')
    assert [made("nouns.papers", n) for n in (1, 2, 5)] == ["praca", "prace", "prace"]


@pytest.mark.parametrize("rule", ["", "n", "n = x", "n % 0 = 1", "n = 1; alert(1)", "n = 1 and"])
def test_a_rule_that_is_none_is_told(own: Own, rule: str) -> None:
    """Rules reach scripts, so nothing but numbers and signs gets through."""
    with pytest.raises(ConfigError, match=r"/xx\.toml:2: the rule for one must look"):
        own("xx", xx=f'[plural]\none = "{rule}"\n')


def test_scripts_count_as_python_does(own: Own) -> None:
    """The rule that stands before a script gives every number the form that pages give it."""
    needs(which("node"), "Node")
    made, _ = own("pl", pl=POLISH)
    numbers = range(130)
    told = _node(made.script("search/page.js"), f"{[*numbers]}.map(bibpress.words.plural)")
    assert told == [made.form(number) for number in numbers]


def _node(script: str, asked: str) -> object:
    """What an expression gives after a script."""
    told = f"{script};console.log(JSON.stringify({asked}))"
    return json.loads(subprocess.check_output(["node", "-e", told], text=True))


def test_numbers_have_the_languages_mark(own: Own) -> None:
    """Thousands are parted as a language parts them, in texts too."""
    made, _ = own("pl", pl=POLISH)
    assert made.number(1234567) == "1\u00a0234\u00a0567"
    assert made("papers", 12345) == "12\u00a0345 papers"


@pytest.mark.parametrize(
    ("language", "day", "said"),
    [
        ("en", "2024-05-01", "2024-05-01"),
        ("de", "2024-05-01", "1. Mai 2024"),
        ("de", "2024-13-01", "2024-13-01"),
        ("de", "soon", "soon"),
    ],
)
def test_days(language: str, day: str, said: str) -> None:
    """A day is written as the language writes it; what is no day stays as it is."""
    assert words.load(language)[0].day(day) == said


# --- as text, never as HTML ---------------------------------------------------------------------


def test_a_word_is_text(own: Own) -> None:
    """Whatever a file has in it, and whatever goes into a word, is escaped; HTML stays HTML."""
    made, _ = own("en", en='moved_to = "<b>{paper}</b> & co"\n')
    filled = made.spoken.moved_to
    assert callable(filled)
    assert filled(paper="<i>") == "&lt;b&gt;&lt;i&gt;&lt;/b&gt; &amp; co"
    assert filled(paper=words.HTML("<i>")) == "&lt;b&gt;<i>&lt;/b&gt; &amp; co"


EVIL = '"><script>alert(1)</script>'


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A site of every kind of page whose every word is an attack."""
    evil = _toml(dict.fromkeys(english().entries, EVIL))
    return _of_every_kind(tmp_path_factory.mktemp("hostile"), "en", en=evil)


def test_a_hostile_word_stays_text_on_pages(hostile: Built) -> None:
    """Text and attributes escape words."""
    pages = {path: text for path, text in hostile.tree().items() if path.endswith(".html")}
    assert [path for path, text in pages.items() if b"<script>" in text] == []


def test_a_hostile_word_stays_text_in_feeds(hostile: Built) -> None:
    """A feed with such a word in it is XML, and the word is text there."""
    feeds = [hostile.read(path) for path in hostile.tree() if path.endswith(".xml")]
    told = [text for text in feeds if EVIL in _text(text)]
    assert told
    assert [text for text in told if "<script" in text] == []


def _text(feed: str) -> str:
    return "".join(ElementTree.fromstring(feed).itertext())  # noqa: S314  # our own


def test_a_hostile_word_stays_text_in_scripts(hostile: Built) -> None:
    """What stands before a script is one object of texts, whatever is in them."""
    firsts = [
        hostile.read(path).partition("\n")[0] for path in hostile.tree() if path.endswith(".js")
    ]
    objects = re.findall(r"\.words=Object\.assign\((.+),\{plural:", "\n".join(firsts))
    assert len(objects) == len(
        {name.split(".js.")[0] for name in english().entries if ".js." in name}
    )
    assert all(json.loads(each)["thousands"] == EVIL for each in objects)


def _toml(entries: Mapping[str, Entry]) -> str:
    """A file of these words, a line each: "lists"."comma" = ", "."""
    lines = []
    for name, entry in entries.items():
        script, _, rest = name.rpartition(".js.") if ".js." in name else ("", "", name)
        path = [*script.split(".", 1), *rest.split(".")] if script else rest.split(".")
        if script:
            path[1] += ".js"
        texts = {"": entry} if isinstance(entry, str) else entry
        for form, text in texts.items():
            keys = ".".join(json.dumps(key) for key in (*path, form) if key)
            lines.append(f"{keys} = {json.dumps(text, ensure_ascii=False)}\n")
    return "".join(lines)


def test_a_script_has_its_words_as_data(own: Own) -> None:
    """A word cannot leave the text it stands in, whatever quotes it has."""
    needs(which("node"), "Node")
    made, _ = own("en", en="[script.\"site.js\"]\nbasket = '''\"};alert(1)//</script>\\'''\n")
    told = _node(made.script("site.js"), "bibpress.words.basket")
    assert told == '"};alert(1)//</script>\\'


def test_what_is_not_in_a_language_is_said_in_it() -> None:
    """Reasons and ties are names of words until somebody shows them."""
    said = Said("reasons.abstract", (("n", 3), ("phrases", "")))
    assert words.load("de")[0].say([said, "x"]) == "3-mal im Abstract; x"


def test_the_english_file_is_in_order() -> None:
    """It is the list that translators work through: it must be TOML with texts only."""
    tomllib.loads((FOLDER / "en.toml").read_text(encoding="utf-8"))
