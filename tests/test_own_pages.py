"""Pages of the owner's own: what becomes of a file in `content/pages/`, and of its citations."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from html.parser import HTMLParser
from pathlib import Path
from unittest.mock import patch

import pytest

from generator import prose
from generator.library import Library
from generator.load import Means, Order, load
from generator.model import Problem
from generator.pages import HOME_PROSE
from generator.prose import Prose
from generator.sources import files, markup
from tests.conftest import TODAY, Built, build_folder, write

Make = Callable[..., Built]
BIB = """\
@article{kingma15, title = {Adam: A Method}, author = {Kingma, Diederik and Ba, Jimmy}, year = 2015}
@misc{gu24, title = {A Slow Rule}, author = {Gu, Xinran and Lyu, Kaifeng and Arora, S.},
  year = 2024, keywords = {pruning}}
@misc{bare, title = {Nobody's <Paper>}, keywords = {pruning}}
"""
GU, KINGMA, BARE = "gu-2024-slow-rule", "kingma-2015-adam-method", "nobodys-paper"
URL = 'title = "Ours"\nurl = "https://example.org/x/"\n'


@pytest.fixture
def page(make_site: Make) -> Callable[..., Built]:
    """Builds a site of three papers with one page, `content/pages/a.md`, and further files."""

    def make(text: str, files: dict[str, str] | None = None, **options: object) -> Built:
        return make_site({"refs.bib": BIB, "content/pages/a.md": text, **(files or {})}, **options)

    return make


@dataclass
class Written:
    """What became of the pages of a site, without a site around them."""

    pages: tuple[Prose, ...]
    problems: tuple[Problem, ...]

    @property
    def body(self) -> str:
        """The words of the first page, in HTML."""
        return self.pages[0].body


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The three papers."""
    folder = tmp_path_factory.mktemp("papers")
    write(folder, {"content/refs.bib": BIB})
    return load(Order((folder,), folder / "_site", TODAY), Means()).library


@pytest.fixture
def read(tmp_path: Path, library: Library) -> Callable[..., Written]:
    """Reads one page, `content/pages/a.md`, and further files beside it."""

    def made(text: str, files: dict[str, str] | None = None) -> Written:
        write(tmp_path, {"content/pages/a.md": text, **(files or {})})
        return Written(*prose.load(tmp_path, library, frozenset({"_main"})))

    return made


def main(built: Built, path: str = "pages/a.html") -> str:
    """What a page shows between its header and its footer."""
    return built.read(path).split("<main")[1].split("</main>")[0]


def said(made: Written) -> list[str]:
    """What is wrong, how grave it is, and where."""
    return [f"{problem.severity}: {problem}" for problem in made.problems]


def ids(html: str) -> list[str]:
    """The papers that cards lead to, in order."""
    return re.findall(r'<li[^>]*>\s*<a href="\.\./papers/([^"]+)\.html"', html)


# --- what a file says ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\ntitle: Given\n---\nWords", "Given"),
        ("---\ntitle: With: a colon\n---\nWords", "With: a colon"),
        ("# Headed\n\nWords", "Headed"),
        ("Headed\n======\nWords", "Headed"),
        ("---\nmenu: no\n---\n\n# Headed #\nWords", "Headed"),
        ("Words\n\n# Later\n", "A"),
        ("---\n---\nWords", "A"),
        ("", "A"),
        ("---\ntitle: $x^2$ & <b>\n---\n", "$x^2$ & <b>"),
    ],
)
def test_the_title(read: Callable[..., Written], text: str, title: str) -> None:
    """That of the front matter, else the heading at the beginning, else the name of the file."""
    assert read(text).pages[0].title == title


def test_a_heading_that_is_the_title_stands_once(page: Callable[..., Built]) -> None:
    """The page's title is its only heading of the first level, and is not repeated below."""
    built = page("---\ntitle: About us\n---\n# About us\n\n## Who\n\n# Other\n")
    assert re.findall(r"<(h[1-6])[^>]*>([^<]*)", main(built)) == [
        ("h1", "About us"),
        ("h3", "Who"),
        ("h2", "Other"),
    ]


def test_headings_begin_below_the_title(read: Callable[..., Written]) -> None:
    """No level is passed over, whether the text begins with ## or with ###; each has an id."""
    assert re.findall('<(h[2-6]) id="([^"]*)">', read("## One\n\n### Two\n\n## One\n").body) == [
        ("h2", "one"),
        ("h3", "two"),
        ("h2", "one-2"),
    ]


def test_a_page_is_no_note(page: Callable[..., Built]) -> None:
    """What lies in content/pages/ is neither a source nor a record."""
    built = page("---\ntitle: Adam: A Method\n---\nWords")
    assert (built.report.records, built.report.problems) == (3, ())


def test_whatever_the_site_has_can_be_linked_to(page: Callable[..., Built]) -> None:
    """Every page, .bib and feed of a site, those of the page itself, and pages that moved."""
    own, people = (
        "---\npapers: all\n---\n",
        '[[person]]\nname = "X. Gu"\nvariants = ["Gu, Xinran"]\n',
    )
    settings = f'{URL}feeds = ["authors", "topics"]\n'
    files = {"bibpress.toml": settings, "content/people.toml": people, "static/CNAME": "x"}
    site = page(own, files)
    paths = [path for path in site.tree() if path.endswith((".html", ".bib", ".xml", ".jsonl"))]
    links = "\n".join(f"[x](../{path})" for path in paths if path != "404.html")
    site = page(own + links, files)
    assert {"authors/xinran-gu.html", "authors/xinran-gu.xml"} <= {*paths}
    assert [
        problem.message for problem in site.report.problems if "links to" in problem.message
    ] == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "---\nx: [a\n---\n",
            "content/pages/a.md:3: the page has front matter that is no YAML",
        ),
        (
            "---\ntitle: a\n",
            "content/pages/a.md:1: the page has front matter that no line --- ends",
        ),
        ("---\njust words\n---\n", "a.md:2: the page has front matter without fields"),
        ("---\ntitle: &a x\n---\n", "a.md:2: the page has front matter with anchors"),
    ],
)
def test_front_matter_that_cannot_be_read(
    read: Callable[..., Written], text: str, problem: str
) -> None:
    """The page is left out with an error at its line; the others are made."""
    made = read(text, {"content/pages/b.md": "Words"})
    assert [problem in each for each in said(made) if each.startswith("error: ")] == [True]
    assert [page.slug for page in made.pages] == ["b"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "---\ntitel: a\n---\n",
            "has the field titel, which means nothing here; did you mean title?",
        ),
        ("---\ntitle: [a, b]\n---\n", "has the field title, which is a list and no text"),
        ("---\ntitle: a\nTitle: b\n---\n", "has two fields title; the first is used"),
        ("---\nmenu: perhaps\n---\n", 'says "menu: perhaps", and can say true or false'),
        ("---\npapers:\n---\n", 'says "papers:" and no query: say all, or which'),
        ("\n\nSee [@nobody].", 'content/pages/a.md:3: the page names "nobody", and no paper has'),
        ("[x](b.md)", 'links to "b.md", and there is no such page'),
        ("---\ntitle: b.md\n---\n\n[x](b.md)", 'a.md:5: the page links to "b.md"'),
        ("---\ntitle: my\n---\n\nOh my: [[my]]", 'a.md:5: the page names "my"'),
        ("Oh my.\n\nSee [@gu24; @my].", 'a.md:3: the page names "my"'),
        ("[x](../papers/none.html)", 'links to "../papers/none.html", which is not in this site'),
        ("![x](../../static/no.png)", 'shows "../../static/no.png", which is no image in static/'),
        (
            "---\npapers: topic = prunning\n---\n",
            "a.md:2: the page has a query to look at: column 1",
        ),
    ],
)
def test_what_is_odd_is_told(read: Callable[..., Written], text: str, problem: str) -> None:
    """It is a warning with its line, and the page is made."""
    made = read(text)
    assert [(problem in each, each[:8]) for each in said(made)] == [(True, "warning:")]
    assert made.pages


def test_a_page_that_could_not_be_read_is_tried_again(
    page: Callable[..., Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk may have failed: the next build looks, though the file is as it was."""
    whole = files.contents

    def failing(path: Path) -> bytes:
        if path.name == "a.md":
            raise OSError(5, "Input/output error")
        return whole(path)

    with monkeypatch.context() as broken:
        broken.setattr(files, "contents", failing)
        built = page("Hello.")
    built.rebuild()
    assert "Hello." in built.read("pages/a.html")


def test_two_files_with_one_address(read: Callable[..., Written]) -> None:
    """The first keeps it, the other is an error."""
    made = read("One", {"content/pages/A.md": "Two"})
    assert said(made)[0].startswith("error: content/pages/a.md:1: the page would be pages/a.html")
    assert [page.file for page in made.pages] == ["content/pages/A.md"]


@pytest.mark.parametrize("name", ["index", "CON", "nul", "über uns", "日本", "sub/deep", "x" * 120])
def test_names_that_are_no_addresses(read: Callable[..., Written], name: str) -> None:
    """Whatever a file is called, its page has an address that every system can take."""
    page = read("One", {f"content/pages/{name}.md": "Two"}).pages[-1 if name > "a" else 0]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", page.slug) and len(page.slug) <= 80
    assert page.slug not in {"index", "con", "nul"} and "Two" in page.body


# --- citations ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("[@kingma15]", f'[<a href="../papers/{KINGMA}.html" title="Adam: A Method">'
         "Kingma &amp; Ba 2015</a>]"),
        ("[see @gu24, p. 3; @kingma15]", f'[see <a href="../papers/{GU}.html" title="A Slow Rule">'
         f'Gu et al. 2024</a>, p. 3; <a href="../papers/{KINGMA}.html"'),
        ("[@bare]", f'[<a href="../papers/{BARE}.html" title="Nobody&#x27;s &lt;Paper&gt;">'
         "Nobody&#x27;s &lt;Paper&gt;</a>]"),
        ("[[kingma15]]", f'<p><a href="../papers/{KINGMA}.html">Adam: A Method</a></p>'),
        ("[[kingma15|them & us]]", f'<a href="../papers/{KINGMA}.html">them &amp; us</a>'),
        ("`[@kingma15]`", "<code>[@kingma15]</code>"),
        (f"[[{KINGMA}]]", f'<a href="../papers/{KINGMA}.html">Adam: A Method</a>'),
    ],
)  # fmt: skip
def test_how_a_citation_is_written(read: Callable[..., Written], text: str, html: str) -> None:
    """[@key] is who wrote it and when, its title shown when pointed at; [[key]] is the title."""
    assert html in read(text).body


def test_what_is_cited_stands_at_the_end(page: Callable[..., Built]) -> None:
    """In the order of the text, each once, with a .bib of its own."""
    built = page("First [@kingma15], then [[gu24]], and [@kingma15] again.")
    assert ids(main(built)) == [KINGMA, GU]
    assert re.findall(r"@\w+\{(\w+)", built.read("pages/a.bib")) == ["kingma15", "gu24"]


def test_what_is_cited_is_in_the_order_of_the_text(tmp_path: Path) -> None:
    """Also where a key is part of a word that stands before it, and whichever brackets it has."""
    bib = "@misc{a, title = {One}}\n@misc{bb, title = {Two}}\n@misc{c, title = {Three}}"
    text = "A page about cats: [@bb], [[c]], [@a]."
    write(tmp_path, {"content/refs.bib": bib, "content/pages/a.md": text})
    loaded = load(Order((tmp_path,), tmp_path / "_site", TODAY), Means())
    assert loaded.prose[0].cited == ("two", "three", "one")


def test_a_title_is_no_citation(tmp_path: Path) -> None:
    """What a stranger's title says stands in a link as it is."""
    bib = "@misc{a, title = {On [@bb]}}\n@misc{bb, title = {Two}}"
    write(tmp_path, {"content/refs.bib": bib, "content/pages/a.md": "See [[a]]."})
    loaded = load(Order((tmp_path,), tmp_path / "_site", TODAY), Means())
    assert loaded.prose[0].body.count("<a ") == len(loaded.prose[0].cited) == 1


def test_a_page_without_papers_has_no_bib(page: Callable[..., Built]) -> None:
    """Nothing is offered that would be empty."""
    built = page("Words.")
    assert not (built.out / "pages/a.bib").exists() and "BibTeX" not in main(built)


def test_a_paper_says_which_pages_cite_it(page: Callable[..., Built]) -> None:
    """The way back, like that from notes."""
    built = page("---\ntitle: About\n---\n[@kingma15]")
    assert '<a href="../pages/a.html">About</a>' in main(built, f"papers/{KINGMA}.html")
    assert "pages/a.html" not in main(built, f"papers/{GU}.html")


def test_formulas(read: Callable[..., Written]) -> None:
    """TeX between dollars is MathML, and Markdown takes nothing in it for its own."""
    body = read(r"$a_{1}*b*c_{2}$ is $\{x\}$, `$y$` costs $5 and *not* $6.").body
    assert body.count("<math>") == 2
    assert "<code>$y$</code> costs $5 and <em>not</em> $6." in body


def test_formulas_in_notes(make_site: Make) -> None:
    """A note on a paper has them too."""
    built = make_site({"refs.bib": BIB, "note.md": "---\nkey: bare\n---\nIt is $x_1$ *here*.\n"})
    assert "It is <math><msub>" in main(built, f"papers/{BARE}.html")


# --- links --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "href"),
    [
        ("https://example.org/?a=b", "https://example.org/?a=b"),
        ("mailto:ada@example.org", "mailto:ada@example.org"),
        ("tel:+49-30-901820", "tel:+49-30-901820"),
        ("b.md", "../pages/b.html"),
        ("b.md#part", "../pages/b.html#part"),
        ("./deep/c.md", "../pages/deep-c.html"),
        ("#part", "#part"),
        (f"../papers/{GU}.html", f"../papers/{GU}.html"),
        (f"/papers/{GU}.html", f"../papers/{GU}.html"),
        ("../tags/pruning.html", "../tags/pruning.html"),
        ("../tags/prunings.html", ""),
        ("../search.html?q=graph", "../search.html?q=graph"),
        ("/", ""),
        ("/index.html", "../index.html"),
        ("../../static/slides.pdf", "../slides.pdf"),
        ("/slides.pdf", "../slides.pdf"),
        ("javascript:alert(1)", ""),
        ("JaVaScRiPt:alert(1)", ""),
        ("java&#115;cript:alert(1)", ""),
        ("data:text/html;base64,PHNjcmlwdD4=", ""),
        ("vbscript:x", ""),
        ("//example.org/x", ""),
        ("/\\example.org/x", ""),
        ("\\\\example.org", ""),
        ("../../../../etc/passwd", ""),
        ("file:///etc/passwd", ""),
        ("<../nothing here.html>", ""),
    ],
)
def test_where_links_lead(read: Callable[..., Written], address: str, href: str) -> None:
    """Out by http, https, mailto and tel, to what the site has, and nowhere else."""
    further = {"content/pages/b.md": "", "content/pages/deep/c.md": "", "static/slides.pdf": "x"}
    found = re.search(r'<p>(?:<a href="([^"]*)")?', read(f"[x]({address})", further).body)
    assert found and (found[1] or "") == href


PLACES = "# A\n\n## The way\n\n## Größe\n\n"
LOST = "content/pages/a.md:7: the page links to"
NO_PLACE = "and that page has no heading of this name"


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("#the-way", ""),
        ("#way", f'{LOST} "#way", and it has no heading of this name; did you mean "#the-way"?'),
        ("#a", f'{LOST} "#a", and it has no heading of this name'),  # the title is no such place
        ("b.md#things", ""),
        ("b.html#thing", f'{LOST} "b.html#thing", {NO_PLACE}; did you mean "#things"?'),
        ("/pages/b.html#xyz", f'{LOST} "/pages/b.html#xyz", {NO_PLACE}'),
        ("b.md?a=b#xyz", f'{LOST} "b.md?a=b#xyz", {NO_PLACE}'),
        ("#gro%C3%9Fe", f'{LOST} "#gro%C3%9Fe", and it has no heading of this name; did you mean'),
        ("a.md#the%2Dway", ""),
        ("#_main", ""),
        ("#top", ""),
        ("#", ""),
        ("b.md#:~:text=some%20words", ""),
        (f"../papers/{GU}.html#anything", ""),
        ("c.md#things", f'{LOST} "c.md#things", and there is no such page'),
        ("ftp://a/b", f'{LOST} "ftp://a/b", and leads out of the site by http, https, mailto and'),
    ],
)
def test_a_link_to_a_place_that_is_not_there_is_told(
    read: Callable[..., Written], address: str, problem: str
) -> None:
    """A browser would stay at the top, and nobody know why; what templates give ids is there."""
    made = read(f"{PLACES}[x]({address})", {"content/pages/b.md": "# B\n\n## Things\n"})
    (*told,) = (f"{each.where}: {each.message}" for each in made.problems)
    assert [each[: len(problem)] for each in told] == ([problem] if problem else [])


def test_thousands_of_lost_places_are_told_once(read: Callable[..., Written]) -> None:
    """As of keys: the report stays readable, and is there soon."""
    headings = "".join(f"## Part {n}\n\n" for n in range(500))
    with patch("generator.prose.get_close_matches", wraps=get_close_matches) as compared:
        made = read(headings + "".join(f"[x](#part{n})\n\n" for n in range(800)))
    assert len(made.problems) == compared.call_count == prose.REMARKS + 1


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("![A cat](../../static/cat.png)", '<img alt="A cat" src="../cat.png">'),
        ("![A cat](/cat.png)", '<img alt="A cat" src="../cat.png">'),
        ('![" onerror="x](/cat.png)', '<img alt="&quot; onerror=&quot;x" src="../cat.png">'),
        ("![A cat](https://example.org/c.png)", '<a href="https://example.org/c.png"'),
        ("![A cat](/data.pdf)", "<p>A cat</p>"),
        ("![A cat](javascript:x)", "<p>A cat</p>"),
    ],
)
def test_images(read: Callable[..., Written], text: str, html: str) -> None:
    """Those of static/ are shown; one elsewhere is a link, for pages ask nothing of other hosts."""
    assert html in read(text, {"static/cat.png": "x", "static/data.pdf": "x"}).body


HARM = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    '---\ntitle: <script>alert(1)</script>\ndescription: "\\"><script>x</script>"\n---\n',
    "---\npapers: topic = <script>alert(1)</script>\n---\n",
    "# <svg onload=alert(1)>\n\n## <svg onload=alert(1)>",
    "```<script>alert(1)\n<script>alert(1)</script>\n```",
    "$<script>alert(1)</script>$",
    "[[kingma15|<script>alert(1)</script>]]",
    "[@<script>alert(1)</script>]",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "[x](/index.html 'a\" onclick=\"alert(1)')",
)


@pytest.fixture(scope="module")
def harmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with a page of each."""
    folder = tmp_path_factory.mktemp("harmed")
    write(folder, {"content/refs.bib": BIB})
    write(folder, {f"content/pages/p{i}.md": text for i, text in enumerate(HARM)})
    build_folder(folder)
    return folder / "_site"


@pytest.mark.parametrize("number", range(len(HARM)), ids=HARM)
def test_what_a_stranger_writes_does_no_harm(harmed: Path, number: int) -> None:
    """No script, no handler, no address that runs: it stands there as text."""
    tags = Tags()
    tags.feed((harmed / f"pages/p{number}.html").read_text("utf-8"))
    assert tags.harm == []


class Tags(HTMLParser):
    """What in a page would run."""

    def __init__(self) -> None:
        super().__init__()
        self.harm: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a script that is not ours, a handler, an address that runs."""
        said = {name: (value or "").strip().casefold() for name, value in attrs}
        if tag in {"svg", "iframe"} or (tag == "script" and "assets/" not in said.get("src", "")):
            self.harm.append(tag)
        self.harm += [name for name in said if name.startswith("on")]
        self.harm += [
            value for value in said.values() if re.match(r"\W*(java|vb)script:|data:", value)
        ]


# --- saved queries ------------------------------------------------------------------------------

SAVED = (
    "---\ntitle: To read\ndescription: What to begin with.\npapers: topic = pruning\n---\nHello."
)


def test_a_saved_query_is_a_list(page: Callable[..., Built]) -> None:
    """The owner's words, then the papers in the order of all lists, with their .bib."""
    built = page(SAVED)
    assert "Hello." in main(built) and ids(main(built)) == [GU, BARE]
    assert re.findall(r"@\w+\{(\w+)", built.read("pages/a.bib")) == ["gu24", "bare"]


def test_the_bib_has_what_is_listed_and_what_is_cited(page: Callable[..., Built]) -> None:
    """All papers of the page, each once."""
    built = page(SAVED + " [@kingma15] [@gu24]")
    keys = re.findall(r"@\w+\{(\w+)", built.read("pages/a.bib"))
    assert keys == ["gu24", "bare", "kingma15"]


def test_a_saved_query_has_a_feed(page: Callable[..., Built]) -> None:
    """Once the site's address is known; a page without a query has none."""
    built = page(SAVED, {"bibpress.toml": URL, "content/pages/b.md": "Words."})
    feed = built.read("pages/a.xml")
    links = re.findall('<link rel="alternate" type="text/html" href="([^"]*)"', feed)
    assert "<title>To read – Ours</title>" in feed
    assert links == [
        f"https://example.org/x/{path}"
        for path in ("pages/a.html", f"papers/{GU}.html", f"papers/{BARE}.html")
    ]
    assert not (built.out / "pages/b.xml").exists()


def test_no_feed_without_an_address(page: Callable[..., Built]) -> None:
    """A feed needs full addresses."""
    built = page(SAVED)
    assert not (built.out / "pages/a.xml").exists() and "a.xml" not in built.read("pages/a.html")


def test_a_long_list_is_paged(make_site: Make) -> None:
    """50 papers a page; the words stand on the first, the .bib has all."""
    many = "".join(f"@misc{{k{n}, title = {{Thing {n}}}, year = 2020}}\n" for n in range(120))
    built = make_site({"refs.bib": many, "content/pages/a.md": "---\npapers: all\n---\nHello.\n"})
    pages = [main(built, f"pages/a{part}.html") for part in ("", ".2", ".3")]
    assert [len(ids(each)) for each in pages] == [50, 50, 20]
    assert ["Hello." in each for each in pages] == [True, False, False]
    assert built.read("pages/a.bib").count("@misc") == 120


def test_a_query_that_finds_nothing_says_so(page: Callable[..., Built]) -> None:
    """The page stands, its list is empty."""
    built = page("---\npapers: year = 1812\n---\n")
    assert "No papers here yet." in main(built)


def test_a_query_that_cannot_be_read(read: Callable[..., Written]) -> None:
    """An error with its line and column; the words of the page stand."""
    made = read("---\ntitle: A\npapers: topic == and\n---\nHello.")
    assert said(made)[0].startswith("error: content/pages/a.md:3: the page has a query that cannot")
    assert "column 10" in said(made)[0] and "Hello." in made.body


# --- where they stand ---------------------------------------------------------------------------


def test_home_leads_to_them(page: Callable[..., Built]) -> None:
    """All of them; those that say so stand in the menu of every page."""
    built = page("---\nmenu: true\n---\n# About", {"content/pages/b.md": "# Other"})
    nav = [re.search("<nav.*?</nav>", built.read(path), re.S)[0] for path in  # type: ignore[index]
           ("index.html", f"papers/{GU}.html", "search.html")]  # fmt: skip
    assert [("About" in each, "Other" in each) for each in nav] == [(True, False)] * 3
    assert re.findall(r'<a href="(pages/[^"]*)"', main(built, "index.html")) == [
        "pages/a.html",
        "pages/b.html",
    ]


def test_a_site_without_them_has_nothing_of_them(make_site: Make) -> None:
    """What is not used costs nothing."""
    built = make_site({"refs.bib": BIB})
    assert not any(path.startswith("pages/") for path in built.tree())
    assert "pages/" not in built.read("index.html")


def test_they_are_in_the_sitemap(page: Callable[..., Built]) -> None:
    """Like every page that is to be found."""
    built = page("Words.", {"bibpress.toml": URL})
    assert "https://example.org/x/pages/a.html" in built.read("sitemap.xml")


def test_many_pages_have_an_index(make_site: Make) -> None:
    """Home shows the first, and leads to a list of all."""
    files = {f"content/pages/p{n:02}.md": f"# Page {n}" for n in range(HOME_PROSE + 3)}
    built = make_site({"refs.bib": BIB, **files})
    assert '<a href="pages/index.html">and 3 more</a>' in main(built, "index.html")
    assert main(built, "pages/index.html").count('href="../pages/p') == len(files)


def test_only_a_site_has_them(tmp_path: Path) -> None:
    """In a folder of sources, pages/x.md is a file like any other."""
    write(tmp_path, {"refs.bib": BIB, "pages/a.md": "---\nkey: gu24\n---\nA note."})
    build_folder(tmp_path)
    assert not (tmp_path / "_site/pages").exists()
    assert "A note." in (tmp_path / f"_site/papers/{GU}.html").read_text("utf-8")


@pytest.mark.parametrize("name", [".hidden.md", "README.md", "link.md"])
def test_what_is_passed_over(make_site: Make, name: str) -> None:
    """What is never read as a source is no page either, nor is what a link leads to."""
    built = make_site({"refs.bib": BIB, "content/pages/real.md": "x", "other.txt": ""})
    path = built.folder / "content/pages" / name
    if name == "link.md":
        path.symlink_to(built.folder / "bibpress.toml")
    else:
        path.write_text("# Not here", "utf-8")
    built.rebuild()
    assert {p for p in built.tree() if p.startswith("pages/")} == {
        "pages/real.html",
        "pages/index.html",
    }


def test_a_folder_of_pages_that_leads_out(make_site: Make, tmp_path: Path) -> None:
    """Nothing outside of the site is published."""
    built = make_site({"refs.bib": BIB})
    write(tmp_path, {"outside/secret.md": "# Secret"})
    (built.folder / "content/pages").symlink_to(tmp_path / "outside")
    built.rebuild()
    assert not any("secret" in path for path in built.tree())


# --- size, and made anew ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[@gu24] " * 12_000, "too many brackets"),
        ("[@gu24]\n\n" * 1_400, "too many links to papers"),
        ("$x_1^2$\n\n" * 1_400, "too many formulas"),
        ("word " * 19_000, "too long for a page"),
        ("&" * 90_000, "too long"),
    ],
)
def test_no_page_is_too_large(page: Callable[..., Built], text: str, problem: str) -> None:
    """At most 300 KB, whatever its owner wrote; what is left out is told."""
    built = page("---\npapers: all\n---\n" + text)
    assert len(built.read("pages/a.html").encode()) < 300_000
    assert any(problem in each.message for each in built.report.problems)


def test_a_thousand_wrong_keys_are_told_once(read: Callable[..., Written]) -> None:
    """The report stays readable."""
    made = read("\n\n".join(f"[@wrong{n}]" for n in range(1_000)))
    assert len(made.problems) == prose.REMARKS + 1


def test_formulas_take_linear_time() -> None:
    """What would take Python-Markdown long is shown as it was written."""
    assert "too many" in markup.to_html("$a$ " * 25_000)[1]


CHANGES: dict[str, dict[str, str | None]] = {
    "a paper that is new": {
        "content/more.bib": "@misc{n, title={N}, year=2030, keywords={pruning}}"
    },
    "its words": {"content/pages/a.md": SAVED + " More."},
    "its title": {"content/pages/a.md": SAVED.replace("To read", "Read")},
    "its query": {"content/pages/a.md": SAVED.replace("pruning", "none")},
    "what it cites": {"content/pages/a.md": SAVED + " [@kingma15]"},
    "whether it is in the menu": {
        "content/pages/a.md": SAVED.replace("---\nH", "menu: yes\n---\nH")
    },
    "another page": {"content/pages/b.md": "# B\n\n[a](a.md) [@gu24]"},
    "no page": {"content/pages/a.md": None},
    "the title of what it cites": {"content/refs.bib": BIB.replace("Adam", "Eve")},
    "an image": {"static/cat.png": "x"},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_incremental_equals_clean(
    make_site: Make, tmp_path: Path, change: dict[str, str | None]
) -> None:
    """Whatever changes, the next build gives what a first one would."""
    built = make_site(
        {
            "refs.bib": BIB,
            "bibpress.toml": URL,
            "content/pages/a.md": SAVED + "\n\n![c](/cat.png)",
            "content/pages/c.md": "# C\n\n[@kingma15] [a](a.md) [b](b.md)",
        }
    )
    built.rebuild(change)
    clean = tmp_path / "clean"
    files = {
        path.relative_to(built.folder).as_posix(): path.read_text("utf-8")
        for path in built.folder.rglob("*")
        if path.is_file() and not path.relative_to(built.folder).parts[0].startswith((".", "_"))
    }
    write(clean, files)
    build_folder(clean)
    assert Built(clean, built.report).tree() == built.tree()


def test_a_new_paper_changes_the_lists_it_stands_in(page: Callable[..., Built]) -> None:
    """Its page, .bib and feed; the page that lists others stays as it is."""
    built = page(
        SAVED, {"content/pages/b.md": "---\npapers: year = 2015\n---\n", "bibpress.toml": URL}
    )
    before = built.tree()
    new = "@misc{n, title={N}, year=2030, keywords={pruning}}"
    built.rebuild({"content/more.bib": new}, today="2026-02-03")
    after = built.tree()
    changed = {path for path in after if before.get(path) != after[path]}
    assert {path for path in changed if path.startswith("pages/")} == {
        "pages/a.html",
        "pages/a.bib",
        "pages/a.xml",
    }
