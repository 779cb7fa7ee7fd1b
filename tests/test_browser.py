"""The demo site in a real browser: from disk, and under a prefix on a host."""

from __future__ import annotations

import functools
import http.server
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, Route, sync_playwright

from generator.cite import EXPORTERS
from generator.cli import main
from generator.library import Library
from generator.load import Means, Order, load
from generator.search import Document, documents_json
from tests.bench.browser import first_queries
from tests.bench.host import hosted
from tests.conftest import TODAY, Built, needs
from tests.search_page_site import write
from tests.search_site import lunr_queries, seeds

Make = Callable[..., Built]

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
PLACES = ("disk", "prefix")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    needs(CHROMIUM, "chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


@pytest.fixture(scope="module")
def addresses(demo: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Where the demo site is to be had: place → address with its final slash."""
    host = tmp_path_factory.mktemp("host")
    shutil.copytree(demo.out, host / "repo")
    handler = functools.partial(_Quiet, directory=str(host))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield {
            "disk": demo.out.as_uri() + "/",
            "prefix": f"http://127.0.0.1:{server.server_port}/repo/",
        }
        server.shutdown()


class Visit:
    """A page with what it asked for and complained of."""

    def __init__(self, page: Page, root: str) -> None:
        self.page, self.root = page, root
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def search(self, query: str) -> Any:
        """Type a query and wait for its results: the list's data attributes, and ids."""
        self.page.locator("#search input[type=search]").fill(query)
        self.page.wait_for_function(
            """query => {
                const list = document.getElementById("search-results");
                return list.dataset.state === "done" && list.dataset.query === query;
            }""",
            arg=query,
        )
        return self.page.evaluate(
            """() => {
                const list = document.getElementById("search-results");
                const ids = [...list.querySelectorAll("li[data-id]")].map(li => li.dataset.id);
                return {...list.dataset, ids};
            }"""
        )

    def api(self, query: str, **options: Any) -> Any:
        """What `window.bibpress.search` answers."""
        return self.page.evaluate("([q, o]) => bibpress.search(q, o)", [query, options])


@pytest.fixture
def visit(
    browser: Browser, addresses: dict[str, str], request: pytest.FixtureRequest
) -> Iterator[Visit]:
    """A fresh browser context at one of the places."""
    context = browser.new_context()
    context.set_default_timeout(60_000)
    yield Visit(context.new_page(), addresses[request.param])
    context.close()


everywhere = pytest.mark.parametrize("visit", PLACES, indirect=True)


@everywhere
def test_a_query_in_the_address_runs_on_load(visit: Visit) -> None:
    """`search.html?q=` shows its hits without another click, each with a link to its page."""
    visit.page.goto(visit.root + "search.html?q=survey")
    visit.page.wait_for_selector("#search-results[data-state=done] li[data-id] a[href]")
    first = visit.page.locator("#search-results li a").first
    first.click()
    visit.page.wait_for_selector("article h1")
    assert "/papers/" in visit.page.url


@everywhere
def test_every_paper_is_found_by_its_title(visit: Visit, demo: Built) -> None:
    """The box finds each of the 228 by what it is called."""
    visit.page.goto(visit.root + "search.html")
    missed = []
    for paper in demo.papers():
        hits = visit.api(paper["title"].replace("$", " ").replace("\\", " "), limit=10)
        if paper["id"] not in [hit["id"] for hit in hits]:
            missed.append(paper["id"])
    assert missed == []


@everywhere
def test_every_survey_is_found(visit: Visit, demo: Built) -> None:
    """Words that lunr.py and Lunr.js stem differently are found all the same."""
    visit.page.goto(visit.root + "search.html")
    found = {hit["id"] for hit in visit.api("title:survey", plain=True)}
    assert found == {p["id"] for p in demo.papers() if "survey" in p["title"].lower()}


REFERENCE = """async ([given, queries]) => {
    const functions = lunr.Pipeline.registeredFunctions;
    const index = lunr(function () {
        this.pipeline.reset();
        this.searchPipeline.reset();
        given.pipeline.forEach(label => this.pipeline.add(functions[label]));
        given.searchPipeline.forEach(label => this.searchPipeline.add(functions[label]));
        this.ref(given.ref);
        given.fields.forEach(field => this.field(field.name, {boost: field.boost}));
        given.documents.forEach(document => this.add(document));
    });
    const answer = async ask => {
        try {
            const hits = await ask();
            return hits.map(hit => [hit.ref || hit.id, hit.score.toFixed(6)]).sort();
        } catch (error) {
            return error.name;
        }
    };
    return Promise.all(queries.map(async query => [
        await answer(() => index.search(query)),
        await answer(() => bibpress.search(query, {plain: true})),
    ]));
}"""


@everywhere
def test_plain_answers_are_lunr_s_own(visit: Visit, demo: Built) -> None:
    """An index that Lunr.js builds of `search --documents` has the same hits and scores.

    Four hundred queries of every kind of syntax over the demo's own words, errors included.
    """
    visit.page.goto(visit.root + "search.html")
    command = ["search", "--documents", str(demo.folder)]
    given = json.loads(CliRunner().invoke(main, command, catch_exceptions=False).stdout)
    documents = [
        Document(document.pop("id"), **document) for document in map(dict, given["documents"])
    ]
    queries = lunr_queries(documents, 400)
    answers = visit.page.evaluate(REFERENCE, [given, queries])
    assert [query for query, (own, ours) in zip(queries, answers, strict=True) if own != ours] == []
    assert sum(len(own) for own, _ in answers) > 5000


def test_plain_answers_are_lunr_s_own_in_every_script(browser: Browser, tmp_path: Path) -> None:
    """Real abstracts, from disk, and with them 𝜸, ﬁ, é, 東京 and names that JavaScript has."""
    write(tmp_path, seeds(), ())
    page = browser.new_page()
    page.goto((tmp_path / "search.html").as_uri())
    queries = lunr_queries(seeds(), 300)
    answers = page.evaluate(REFERENCE, [json.loads(documents_json(seeds())), queries])
    page.close()
    assert [query for query, (own, ours) in zip(queries, answers, strict=True) if own != ours] == []
    assert sum(len(own) for own, _ in answers) > 5000


@everywhere
def test_nothing_is_asked_of_others(visit: Visit) -> None:
    """No request leaves the site, and no page complains."""
    for path in ("index.html", "papers/index.html", "tags/index.html", "search.html?q=deep"):
        visit.page.goto(visit.root + path)
        visit.page.wait_for_load_state("networkidle")
    assert [url for url in visit.requests if not url.startswith(visit.root)] == []
    assert visit.complaints == []


@pytest.mark.parametrize("visit", ["prefix"], indirect=True)
def test_a_screen_of_hits_waits_for_no_others(visit: Visit) -> None:
    """On a slow way six hits are drawn as soon as they came; the list is done with all of them."""
    waiting: list[Route] = []
    free = list(range(SCREEN))

    def slow(route: Route) -> None:
        if not free:
            waiting.append(route)
            return
        free.pop()
        route.continue_()

    visit.page.route("**/search/hits/*", slow)
    visit.page.goto(visit.root + "search.html?q=learning", wait_until="commit")
    visit.page.wait_for_selector(f"#search-results li:nth-child({SCREEN})")
    visit.page.wait_for_timeout(50)
    state = visit.page.get_attribute("#search-results", "data-state")
    free += range(len(waiting) + 50)
    for route in waiting:
        route.continue_()
    visit.page.wait_for_selector("#search-results[data-state=done] li:nth-child(50)")
    assert (state, visit.complaints) == ("loading", [])


SCREEN = 6


@everywhere
def test_nothing_typed_can_break_the_box(visit: Visit) -> None:
    """Whatever is typed, the list is filled or says that it is empty."""
    visit.page.goto(visit.root + "search.html")
    for query in ("title:", "a:b:c", "+", "-", "c++", '"', "~1", "^", "🦊", "  ", "*", "x" * 5000):
        visit.search(query)
    assert visit.complaints == []


def test_a_first_query_is_light(browser: Browser, demo: Built) -> None:
    """Page, style, scripts, index, fifty results, facets: with an empty cache, gzipped."""
    with hosted(demo.out) as host:
        (sent,) = first_queries(browser, host, ["graph neural networks"])

    assert 30_000 < sum(each.bytes for each in sent) < 90_000
    assert len(sent) < 80


@everywhere
def test_results_say_what_they_are(visit: Visit) -> None:
    """State, query, number of hits and time stand on the list."""
    visit.page.goto(visit.root + "search.html")
    answer = visit.search("learning")
    assert answer["query"] == "learning"
    assert int(answer["total"]) >= len(answer["ids"]) >= 50
    assert float(answer["ms"]) >= 0


@pytest.mark.parametrize("visit", ["disk"], indirect=True)
def test_the_whole_site_reads_without_javascript(
    browser: Browser, visit: Visit, demo: Built
) -> None:
    """With scripts off a paper's page shows title, authors, abstract and BibTeX."""
    page = browser.new_context(java_script_enabled=False).new_page()
    paper = demo.papers()[0]
    page.goto(f"{visit.root}papers/{paper['id']}.html")
    text = page.inner_text("main")
    assert paper["authors"][0]["family"] in text
    assert "@" + paper["type"] in text
    page.context.close()


@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("visit", ["disk"], indirect=True)
def test_no_page_is_wider_than_its_window(visit: Visit, demo: Built, width: int) -> None:
    """Nothing makes a reader scroll sideways, from a phone to a desk."""
    visit.page.set_viewport_size({"width": width, "height": 800})
    ids = [paper["id"] for paper in demo.papers()[:3]]
    pages = ["index.html", "papers/index.html", "tags/index.html", "authors/index.html",
             "venues/index.html", "sources/references-bib.html", "search.html?q=learning",
             *(f"papers/{id_}.html" for id_ in ids)]  # fmt: skip
    wide = []
    for path in pages:
        visit.page.goto(visit.root + path)
        if visit.page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(path)
    assert wide == []


@everywhere
@pytest.mark.parametrize("name", ["apa", "csl", "ieee", "ris"])
def test_a_citation_is_downloaded_in_every_format(visit: Visit, name: str, demo: Built) -> None:
    """What a paper's page makes is what `bibpress export` gives, byte for byte."""
    visit.page.goto(f"{visit.root}papers/{CITED}.html")
    visit.page.get_by_label("Format of the citation").select_option(name)
    with visit.page.expect_download() as download:
        visit.page.get_by_text("Download .").click()
    given = Path(download.value.path()).read_bytes().decode()
    (paper,) = [paper for paper in loaded(demo).papers if paper.id == CITED]
    expected = EXPORTERS[name].export([paper], abstracts=False)
    assert given == expected.removeprefix("[1] ")
    assert visit.complaints == []


@everywhere
def test_bibtex_is_the_file_of_the_site(visit: Visit, demo: Built) -> None:
    """The paper's .bib with its abstract, which is not shown; from disk Chromium opens it."""
    visit.page.goto(f"{visit.root}papers/{CITED}.html")
    link = visit.page.get_by_text("Download .bib")
    if visit.root.startswith("file:"):
        link.click()
        visit.page.wait_for_url("**/*.bib")
        given = visit.page.locator("pre").text_content()
    else:
        with visit.page.expect_download() as download:
            link.click()
        given = Path(download.value.path()).read_text()
    assert given == demo.read(f"papers/{CITED}.bib")


def test_a_citation_is_copied(browser: Browser, addresses: dict[str, str]) -> None:
    """One click takes what is shown; the format chosen last comes first on the next page."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{addresses['prefix']}papers/{CITED}.html")
    page.get_by_label("Format of the citation").select_option("apa")
    page.reload()
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#_citation").inner_text().strip()
    assert copied.startswith("A, M., Pilar, B., & A G, R. (2022). Subword Dictionary Learning")
    context.close()


CITED = "a-2022-subword-dictionary-learning-segmentation"


def loaded(demo: Built) -> Library:
    """The demo as the command line exports it."""
    return load(Order((demo.folder,), demo.out, TODAY), Means()).library


@everywhere
@pytest.mark.parametrize(
    "path", ["tags/pruning.html", "years/2020.html", "authors/alex-yablonski.html"]
)
def test_a_list_leads_to_its_other_formats(visit: Visit, path: str) -> None:
    """A search for just the papers of the list, which exports in every format."""
    visit.page.goto(visit.root + path)
    listed = visit.page.locator(".cards > li").count()
    visit.page.get_by_text("Other formats").click()
    visit.page.wait_for_selector(f"#search-results[data-total='{listed}']")
    assert visit.complaints == []


# --- lists --------------------------------------------------------------------------------------


@everywhere
def test_an_abstract_is_unfolded_in_its_list(visit: Visit, demo: Built) -> None:
    """By keyboard, whole, on the same page; a second press folds it away again."""
    visit.page.goto(visit.root + "tags/pruning.html")
    button = visit.page.locator(".cards > li .unfold").nth(1)
    above = visit.page.evaluate(FIRST_ROW)
    href = visit.page.locator(".cards > li > a:first-child").nth(1).get_attribute("href") or ""
    button.press("Enter")
    box = visit.page.locator(".cards .abstract[data-state=done]")
    box.wait_for()
    (paper,) = [paper for paper in demo.papers() if f"/{paper['id']}.html" in href]
    assert box.inner_text().split() == paper["abstract"].split()
    assert button.get_attribute("aria-expanded") == "true"
    assert visit.page.evaluate(FIRST_ROW) == above
    button.press("Enter")
    assert (box.is_visible(), button.get_attribute("aria-expanded")) == (False, "false")
    assert visit.page.url == visit.root + "tags/pruning.html"
    assert visit.complaints == []


FIRST_ROW = """() => {
    const {top, height, width} = document.querySelector(".cards > li").getBoundingClientRect();
    return [top + scrollY, height, width];
}"""


@pytest.mark.parametrize("visit", ["prefix"], indirect=True)
def test_an_abstract_is_never_taken_as_html(visit: Visit) -> None:
    """Whatever its page holds, only text and the shape of formulas come into the list."""
    visit.page.route("**/papers/*.html", lambda route: route.fulfill(body=HOSTILE_PAGE))
    visit.page.goto(visit.root + "tags/pruning.html")
    visit.page.locator(".unfold").first.click()
    box = visit.page.locator(".cards .abstract[data-state=done]")
    box.wait_for()
    assert box.inner_html() == 'a &lt;b&gt; c<math><mi mathvariant="normal">x</mi></math>'


HOSTILE_PAGE = """<p class="abstract">a &lt;b&gt; <a href="javascript:alert(1)"><b>c</b></a>
<img src=x onerror=alert(1)><math href="x" onclick="alert(1)"><mi mathvariant="normal" style="x">x
</mi></math><svg><a></a></svg></p>""".replace("\n", "")


@pytest.mark.parametrize("visit", ["prefix"], indirect=True)
def test_an_abstract_that_cannot_be_had_is_admitted(visit: Visit) -> None:
    """A page that does not come is told of, and asked for again at the next opening."""
    visit.page.route("**/papers/*.html", lambda route: route.fulfill(status=404, body="no"))
    visit.page.goto(visit.root + "tags/pruning.html")
    button = visit.page.locator(".unfold").first
    button.click()
    visit.page.get_by_text("The abstract could not be loaded.").wait_for()
    visit.page.unroute("**/papers/*.html")
    button.click()
    button.click()
    visit.page.wait_for_selector(".cards .abstract[data-state=done]")


@pytest.mark.parametrize("visit", ["disk"], indirect=True)
def test_what_has_no_abstract_has_nothing_to_unfold(visit: Visit, make_site: Make) -> None:
    """In lists and among results; the basket's button stands there all the same."""
    papers = ("title={Alpha of nets}, abstract={Long.}", "title={Beta of nets}")
    bib = "".join(f"@misc{{k{n}, year=2020, {said}}}" for n, said in enumerate(papers))
    site = make_site({"a.bib": bib})
    for path in ("papers/index.html", "search.html?q=nets"):
        visit.page.goto(f"{site.out.as_uri()}/{path}")
        visit.page.wait_for_selector(".cards > li:nth-child(2)")
        buttons = visit.page.locator(".cards > li button").evaluate_all(
            "all => all.map(each => each.className).sort()"
        )
        assert buttons == ["put", "put", "unfold"], path


def test_results_unfold_too(browser: Browser, addresses: dict[str, str]) -> None:
    """On the search page the abstract takes the place of its first lines."""
    page = browser.new_page()
    page.goto(addresses["disk"] + "search.html?q=pruning")
    page.locator("#search-results .unfold").first.click()
    page.wait_for_selector("#search-results .abstract[data-state=done]")
    assert not page.locator("#search-results .snippet").first.is_visible()
    page.close()


@pytest.mark.parametrize("width", [320, 390, 768])
@pytest.mark.parametrize("visit", ["disk"], indirect=True)
def test_no_label_leaves_its_plot(visit: Visit, width: int) -> None:
    """The names of years and times stand within the column, on a phone too."""
    visit.page.set_viewport_size({"width": width, "height": 800})
    for path in ("index.html", "glance.html", "tags/pruning.html", "tags/survey.html"):
        visit.page.goto(visit.root + path)
        assert visit.page.evaluate(OUTSIDE) == [], path


OUTSIDE = """() => [...document.querySelectorAll(".plot:not(.map, .pairs) text")].filter(text => {
    const [inner, outer] = [text, text.closest("svg")].map(each => each.getBoundingClientRect());
    return inner.width && (inner.left < outer.left - 1 || inner.right > outer.right + 1);
}).map(text => text.textContent)"""


# --- the basket's page --------------------------------------------------------------------------


def basket(visit: Visit) -> Page:
    """The page of a basket with the first three papers of a topic in it."""
    page = visit.page
    page.goto(visit.root + "tags/pruning.html")
    for number in range(3):
        page.locator(".put").nth(number).click()
    page.locator("a.basket").click()
    page.wait_for_selector("#search-results[data-total='3']")
    return page


@everywhere
def test_what_is_taken_out_of_the_basket_leaves_its_page(visit: Visit) -> None:
    """Row, count and address follow, the focus stays near; the way back shows it again."""
    page = basket(visit)
    assert page.inner_text("h1") == "Basket"
    page.locator("#search-results .put").nth(1).press("Enter")
    page.wait_for_selector("#search-results[data-total='2']")
    page.wait_for_function("document.activeElement.matches('li:nth-child(2) > .put')")
    assert page.inner_text("a.basket") == "Basket (2)"
    page.go_back()
    page.wait_for_selector("#search-results[data-total='3']")
    assert visit.complaints == []


@pytest.mark.parametrize("visit", ["disk"], indirect=True)
def test_a_basket_is_emptied_at_once(visit: Visit) -> None:
    """One button, and the page says that nothing is left."""
    page = basket(visit)
    page.get_by_role("button", name="Empty the basket").click()
    page.get_by_text("The basket is empty.").wait_for()
    assert not page.locator("a.basket").is_visible()
    assert page.inner_text("h1") == "Search"


@pytest.mark.parametrize("visit", ["disk"], indirect=True)
def test_a_basket_that_was_sent_is_not_ones_own(visit: Visit) -> None:
    """Only one's own can be emptied; ids that are no papers any more are told, not counted."""
    page = basket(visit)
    page.goto("about:blank")
    page.goto(f"{visit.root}search.html#papers={CITED},gone")
    page.wait_for_selector("#search-results[data-total='1']")
    assert "1 more is no longer in the collection." in page.inner_text("#search-status")
    assert page.get_by_label("Remove 1 chosen paper").is_visible()
    assert page.get_by_role("button", name="Empty the basket").count() == 0


@pytest.mark.parametrize("visit", ["disk"], indirect=True)
def test_a_basket_is_downloaded_under_its_name(visit: Visit) -> None:
    """Not as any search's results."""
    page = basket(visit)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "basket.bib"


@pytest.mark.parametrize("visit", ["disk"], indirect=True)
def test_a_search_without_result_offers_the_nearest_words(visit: Visit) -> None:
    """For a word that no paper has, the commonest that begin like it, each a link to its papers."""
    visit.page.goto(visit.root + "search.html?q=%22prunxyq%22")
    visit.page.wait_for_selector("#search-results[data-total='0']", state="attached")
    visit.page.locator("#search-empty li a").first.click()
    visit.page.wait_for_selector("#search-results[data-state=done] li")
    assert "q=prun" in visit.page.url
