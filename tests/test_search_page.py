"""The search page in a real browser, from disk, with the index of a few papers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from generator import cite
from tests.conftest import needs
from tests.search_node import ROOT
from tests.search_page_site import ENTRIES, ITEMS, write

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
DONE = "text => document.querySelector('#search-results[data-state=done]')?.dataset.query === text"
COUNTED = "#search-narrow[data-state=done]"
FOCUSED = "document.activeElement.closest('li')?.dataset.id || document.activeElement.name"

Ask = Callable[..., Page]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the search page lies on disk."""
    lunr = ROOT / "static" / "vendor" / "lunr.min.js"
    needs(lunr.exists(), str(lunr))
    folder = tmp_path_factory.mktemp("search")
    write(folder)
    return (folder / "search.html").as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    needs(CHROMIUM, "chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab that knows nothing of others."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def ask(page: Page, address: str) -> Ask:
    """Opens the page, at `?q=pruning` for instance, and waits for the answer."""

    def open_(query: str = "") -> Page:
        page.goto(address + query)
        page.wait_for_selector("#search-results[data-state=done]", state="attached")
        return page

    return open_


def ids(page: Page) -> list[str]:
    """The hits that are shown, from the top."""
    found: list[str] = page.eval_on_selector_all(
        "#search-results > li", "items => items.map(item => item.dataset.id)"
    )
    return found


def total(page: Page) -> int:
    """How many papers the answer has."""
    return int(page.get_attribute("#search-results", "data-total") or "")


def type_(page: Page, text: str) -> None:
    """Put a text in the box and wait for its answer."""
    page.fill("#search input", text)
    page.wait_for_function(DONE, arg=text)


def asked(page: Page) -> str:
    """The part of the address that holds the question."""
    search: str = page.evaluate("location.search")
    return search


def click(page: Page, selector: str, search: str) -> None:
    """Click something that leads to another question, and wait for its answer."""
    page.click(selector)
    wait_for(page, search)


def wait_for(page: Page, search: str) -> None:
    """Wait until this question stands in the address and is answered."""
    page.wait_for_function(
        """search => location.search === search &&
            document.querySelector("#search-results").dataset.state === "done" &&
            (document.querySelector("#search-narrow").hidden ||
             document.querySelector("#search-narrow").dataset.state === "done")""",
        arg=search,
    )


# --- typing -------------------------------------------------------------------------------------


def test_results_come_while_one_types(ask: Ask) -> None:
    """No key but letters; the caret stays, and the address holds the query for a reload."""
    page = ask()
    page.locator("#search input").press_sequentially("prun", delay=5)
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(DONE, arg="prun")

    assert len(ids(page)) == 50
    assert page.evaluate("document.activeElement.selectionStart") == 3
    assert page.inner_text("#search-status") == "121 papers"
    page.reload()
    page.wait_for_function(DONE, arg="prun")
    assert page.input_value("#search input") == "prun"


def test_an_earlier_answer_never_replaces_a_later_one(ask: Ask) -> None:
    """An answer that took longer than the next question is thrown away."""
    page = ask()
    page.evaluate(
        """() => {
            const { answer } = bibpress.ask;
            const held = new Promise(go => { window.release = go; });
            bibpress.ask.answer = async (text, ...others) => {
                if (text === "pruning") await held;
                return answer(text, ...others);
            };
        }"""
    )
    page.fill("#search input", "pruning")
    page.wait_for_function("() => document.querySelector('#search-status').textContent !== ''")
    type_(page, "quantization")
    page.evaluate("async () => { release(); await new Promise(go => setTimeout(go, 300)); }")

    assert ids(page) == ["alpha", "zeta"] or ids(page) == ["zeta", "alpha"]
    assert page.inner_text("#search-status") == "2 papers"


def test_an_answer_is_announced_once(ask: Ask) -> None:
    """A screen reader hears of each answer one time."""
    page = ask("?q=pruning")
    page.evaluate(
        """() => {
            window.said = [];
            const status = document.querySelector("#search-status");
            const texts = records => records.flatMap(({addedNodes}) =>
                [...addedNodes].map(node => node.textContent));
            new MutationObserver(records => window.said.push(...texts(records)))
                .observe(status, {childList: true});
        }"""
    )
    type_(page, "quantization")
    page.wait_for_selector(COUNTED)

    assert [text for text in page.evaluate("said") if "Searching" not in text] == ["2 papers"]


def test_composed_letters_wait_until_they_are_finished(ask: Ask) -> None:
    """While an input method is at work nothing is looked for."""
    page = ask()
    page.evaluate(
        """async () => {
            const box = document.querySelector("#search input");
            box.value = "pruning";
            box.dispatchEvent(new InputEvent("input", {isComposing: true}));
            await new Promise(go => setTimeout(go, 300));
        }"""
    )

    assert page.get_attribute("#search-results", "data-query") == ""
    page.dispatch_event("#search input", "compositionend")
    page.wait_for_function(DONE, arg="pruning")


def test_nothing_typed_breaks_the_page(ask: Ask) -> None:
    """Whatever is typed, the list is filled or says that it is empty, and nothing complains."""
    page = ask()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text))
    for text in ("title:", "year:", "a:b:c", "+", "-", '"', '"a b', "~1", "^", "🦊", "  ", "*",
                 "%", "&tag=even", "\\", "x" * 5000, "+paper -p", "p* ~", "constructor",
                 ):  # fmt: skip
        type_(page, text)

    assert complaints == []


# --- results ------------------------------------------------------------------------------------


def test_more_are_shown_on_demand(ask: Ask) -> None:
    """Fifty more at each press; the first new one has the focus; at the end the button goes."""
    page = ask("?q=pruning")
    shown = ids(page)
    page.click("#search-more")
    page.wait_for_selector("#search-results > li:nth-child(100)")

    assert ids(page)[:50] == shown
    assert page.evaluate(FOCUSED) == ids(page)[50]
    page.click("#search-more")
    page.wait_for_selector("#search-results > li:nth-child(121)")
    assert len(set(ids(page))) == 121
    assert page.locator("#search-more").is_hidden()


def test_texts_stay_texts(page: Page, ask: Ask) -> None:
    """What looks like markup in a paper or a facet is shown as it is and runs nothing."""
    complaints: list[str] = []
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.on("console", lambda message: complaints.append(message.text))
    ask("?q=survey")
    assert page.get_attribute("#search-results a", "href") == "papers/hostile.html"
    assert page.inner_text("#search-results").startswith("<img src=x onerror=alert(1)> & survey")
    assert "<b>A</b>, B, C and 1 more" in page.inner_text("#search-results")
    ask("?tag=third&q=<b>pruning</b>")
    assert "<i>Third</i>" in page.inner_text("#search-chips")

    assert complaints == []


def test_words_are_marked_as_they_are_found(ask: Ask) -> None:
    """Also in another form than the one that was typed, in titles and abstracts."""
    page = ask("?q=quantizations+prune")

    assert page.locator("li[data-id=alpha] mark").all_inner_texts() == ["quantization", "Pruned"]


def test_a_retracted_paper_is_marked(ask: Ask) -> None:
    """Behind its title, in the words of the site; no other result has a mark."""
    page = ask("?q=quantization")
    assert page.locator("#search-results .doubt").all_inner_texts() == ["<i>Retracted</i>"]


def test_a_correction_is_told(ask: Ask) -> None:
    """Where a word was taken for another, the reader is told which."""
    page = ask("?q=quantisation")

    assert page.inner_text("#search-status") == (
        "2 papers. No paper has “quantisation”: showing “quantization”."
    )


def test_an_empty_answer_says_what_to_do(ask: Ask) -> None:
    """Nothing found: the limits can be dropped, and the ways to browse are there."""
    page = ask("?q=quantization&tag=even")
    assert "“quantization” within these limits" in page.inner_text("#search-status")
    assert page.locator("#search-browse").is_visible()
    click(page, "#search-empty a", "?q=quantization")

    assert sorted(ids(page)) == ["alpha", "zeta"]


def test_a_phrase_that_is_nowhere_is_offered_as_words(ask: Ask) -> None:
    """Quotes and names of fields ask too much at times."""
    page = ask('?q=title:"quantization+pruned"')
    assert total(page) == 0
    click(page, "#search-empty a", "?q=quantization+pruned")

    assert ids(page)[0] == "alpha"


def test_clearing_the_box_clears_the_page(ask: Ask) -> None:
    """No question, no results: list, status, address and facets are empty again."""
    page = ask("?q=pruning&sort=title")
    type_(page, "")

    assert (total(page), asked(page)) == (0, "")
    assert page.inner_text("#search-status") == ""
    assert page.locator("#search-answer").is_hidden()


# --- facets and filters -------------------------------------------------------------------------


def test_facets_narrow_step_by_step_and_back_undoes_them(ask: Ask) -> None:
    """Each click adds to the address, and what is left is counted anew."""
    page = ask("?q=pruning")
    page.wait_for_selector(COUNTED)
    click(page, "[data-kind=tags] li:first-child a", "?q=pruning&tag=even")
    assert total(page) == 60
    click(page, "[data-kind=tags] li:nth-child(2) a", "?q=pruning&tag=even&tag=third")
    assert total(page) == 20
    counts = page.locator("[data-kind=tags] li .n").all_inner_texts()
    assert counts == ["20", "20"]

    page.go_back()
    wait_for(page, "?q=pruning&tag=even")
    assert total(page) == 60
    click(page, "#search-chips a", "?q=pruning")
    assert total(page) == 121


def test_a_value_of_a_facet_is_a_link_to_its_results(ask: Ask) -> None:
    """What a click would show can be opened elsewhere, too."""
    page = ask("?q=pruning&sort=title")
    page.wait_for_selector(COUNTED)
    href = page.evaluate("document.querySelector('[data-kind=years] li a').href")
    ask("?" + href.partition("?")[2])

    assert asked(page) == "?q=pruning&year=2021&sort=title"
    assert total(page) == 10


def test_filters_need_no_text(ask: Ask) -> None:
    """All papers of a topic and of some years, newest first."""
    page = ask("?tag=even&year=2018..2020")

    assert page.inner_text("#search-status") == "20 papers"
    assert page.locator(".year").all_inner_texts() == ["2020"] * 10 + ["2018"] * 10
    chips = [text.replace(" ×", "") for text in page.locator("#search-chips a").all_inner_texts()]
    assert chips == ["Topic Even", "Year 2018–2020"]


def test_years_can_be_given_as_a_range(ask: Ask) -> None:
    """From and to, in whichever order they are typed."""
    page = ask("?q=pruning")
    page.wait_for_selector(COUNTED)
    page.fill(".range input >> nth=0", "2020")
    page.fill(".range input >> nth=1", "2019")
    page.keyboard.press("Enter")
    wait_for(page, "?q=pruning&year=2019..2020")

    assert total(page) == 20


def test_a_long_facet_is_shown_in_part(ask: Ask) -> None:
    """Eight values, the others on demand, where the focus goes on."""
    page = ask("?q=pruning")
    page.wait_for_selector(COUNTED)
    authors = page.locator("[data-kind=authors] li")
    assert authors.count() == 8
    page.click("[data-kind=authors] button")

    assert authors.count() == 20
    assert page.evaluate("document.activeElement.textContent") == "Author 8"


def test_the_focus_stays_on_a_value_that_is_clicked(ask: Ask) -> None:
    """Who narrows by keyboard goes on from there."""
    page = ask("?q=pruning")
    page.wait_for_selector(COUNTED)
    page.focus("[data-kind=tags] li:nth-child(2) a")
    page.keyboard.press("Enter")
    wait_for(page, "?q=pruning&tag=third")

    assert page.evaluate("document.activeElement.dataset.key") == "tags third"
    assert page.evaluate("document.activeElement.closest('[data-kind]') !== null")
    page.keyboard.press("Enter")
    wait_for(page, "?q=pruning")
    assert page.evaluate("document.activeElement.dataset.key") == "tags third"


def test_what_is_unknown_is_named_and_can_be_removed(ask: Ask) -> None:
    """A link to a topic that is no more finds nothing and says why."""
    page = ask("?q=pruning&tag=gone&year=soon")

    assert total(page) == 0
    assert page.locator("#search-chips a").count() == 2
    click(page, "#search-chips li:first-child a", "?q=pruning&year=soon")


def test_results_are_sorted_on_demand(ask: Ask) -> None:
    """By title as by year; the order is part of the address."""
    page = ask("?q=quantization")
    click(page, "#search-sort >> text=Title", "?q=quantization&sort=title")
    assert ids(page) == ["alpha", "zeta"]
    click(page, "#search-sort >> text=Year", "?q=quantization&sort=year")

    assert ids(page) == ["zeta", "alpha"]


# --- export -------------------------------------------------------------------------------------


def test_results_are_downloaded_as_a_list_is(ask: Ask) -> None:
    """All of them, in the order shown, the bytes that a list's .bib would have."""
    page = ask("?q=pruning&tag=even&sort=title")
    page.click("#search-more")
    page.wait_for_selector("#search-results > li:nth-child(60)")
    with page.expect_download() as download:
        page.click("#search-export button >> nth=0")

    assert download.value.suggested_filename == "search.bib"
    expected = "\n".join(ENTRIES[id_] for id_ in ids(page))
    assert Path(download.value.path()).read_bytes() == expected.encode()


def test_results_are_copied(page: Page, ask: Ask) -> None:
    """The clipboard gets what a download would hold."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask("?q=quantization&sort=title")
    page.click("#search-export button >> nth=1")
    page.wait_for_selector("text=Copied")

    expected = f"{ENTRIES['alpha']}\n{ENTRIES['zeta']}"
    assert page.evaluate("navigator.clipboard.readText()") == expected


@pytest.mark.parametrize("name", ["apa", "csl", "ieee", "ris"])
def test_results_are_exported_in_every_format(page: Page, ask: Ask, name: str) -> None:
    """What is shown, as generator.cite writes it."""
    ask("?q=quantization&sort=title")
    page.get_by_label("Format").select_option(name)
    with page.expect_download() as download:
        page.click("#search-export button >> nth=0")

    expected = getattr(cite, name)([json.loads(ITEMS[id_]) for id_ in ("alpha", "zeta")])
    assert Path(download.value.path()).read_bytes() == expected.encode()


# --- the basket ---------------------------------------------------------------------------------


def basket(page: Page) -> str:
    """What the link to the basket says; empty while there is none."""
    link = page.locator("a.basket")
    return link.inner_text() if link.is_visible() else ""


def test_papers_are_put_into_a_basket(page: Page, ask: Ask) -> None:
    """The link counts them, also on the next page; a second press takes one out."""
    ask("?q=quantization&sort=title")
    for number in (0, 1, 0):
        page.locator("button.put").nth(number).click()
    page.reload()
    page.wait_for_selector("#search-results[data-state=done]")
    assert basket(page) == "Basket (1)"
    pressed = [b.get_attribute("aria-pressed") for b in page.locator("button.put").all()]
    assert pressed == ["false", "true"]


def test_a_basket_is_a_list_of_results(page: Page, ask: Ask) -> None:
    """It is found, narrowed and exported like any other, by an address that others can open."""
    ask("?q=quantization&sort=title")
    for button in page.locator("button.put").all():
        button.click()
    page.click("a.basket")
    page.wait_for_selector("#search-chips")
    page.wait_for_selector("#search-results[data-total='2']")
    address = page.url
    assert ids(page) == ["zeta", "alpha"]
    page.evaluate("localStorage.clear()")
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector("#search-results[data-total='2']")
    assert (ids(page), basket(page)) == (["zeta", "alpha"], "")


def test_a_paper_that_left_is_not_in_the_way(ask: Ask) -> None:
    """A basket survives rebuilds: what is no paper any more is passed over."""
    page = ask("#papers=gone,zeta")
    assert ids(page) == ["zeta"]


def test_a_paper_that_was_renamed_stays_in_the_basket(page: Page, ask: Ask) -> None:
    """Found under its new id, which takes the old one's place in the basket and the address."""
    page = ask()
    page.evaluate("bibpress.basket.keep(['zeta', 'alpha-that-was', 'alpha'])")
    page.click("a.basket")
    page.wait_for_selector("#search-results[data-total='2'] .put[aria-pressed=true]")
    kept = page.evaluate("bibpress.basket.papers()")
    assert (kept, page.url.partition("#")[2]) == (["zeta", "alpha"], "papers=zeta,alpha")


def test_nothing_is_asked_of_what_moved_for_papers_that_are_there(page: Page, ask: Ask) -> None:
    """Only a basket with an id that no paper has costs a file more."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    ask("#papers=zeta,alpha")
    assert [url for url in asked if "/moved/" in url] == []


def test_a_basket_is_left_by_one_link(page: Page, ask: Ask) -> None:
    """The chip that names the chosen papers takes the limit away."""
    ask("?q=quantization#papers=zeta")
    page.get_by_label("Remove 1 chosen paper").click()
    page.wait_for_selector("#search-results[data-total='2']")
    assert "#" not in page.url


def test_without_a_clipboard_the_entries_are_shown(page: Page, ask: Ask) -> None:
    """As on a host without https: selected, ready for a key."""
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    ask("?q=quantization&sort=title")
    page.click("#search-export button >> nth=1")
    page.wait_for_selector("#search-copy")

    selected = page.evaluate("document.activeElement.selectionEnd")
    assert page.input_value("#search-copy")[:selected] == f"{ENTRIES['alpha']}\n{ENTRIES['zeta']}"


# --- the way back -------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["reload", "back"])
def test_the_place_is_kept(ask: Ask, way: str) -> None:
    """Query, filters, the number of results and where one was: after a reload, and coming back."""
    page = ask("?q=pruning&tag=even")
    page.click("#search-more")
    page.wait_for_selector("#search-results > li:nth-child(60)")
    page.evaluate("scrollTo(0, 3000)")
    page.wait_for_function("() => history.state.top === 3000")
    if way == "reload":
        page.reload()
    else:
        page.goto("about:blank")
        page.go_back()
    page.wait_for_selector("#search-results[data-state=done] > li:nth-child(60)")

    assert page.evaluate("scrollY") == 3000
    assert page.input_value("#search input") == "pruning"
    assert page.locator("#search-chips a").count() == 1


def test_typing_leaves_no_trail_in_the_history(ask: Ask) -> None:
    """One step back leads to where one came from, not to half a word."""
    page = ask()
    before = page.evaluate("history.length")
    for text in ("p", "pruning", "quantization"):
        type_(page, text)

    assert page.evaluate("history.length") == before


# --- keys ---------------------------------------------------------------------------------------


def test_the_slash_can_be_switched_off(ask: Ask) -> None:
    """WCAG 2.1.4: a key of one sign that was not meant does nothing; the switch is kept."""
    page = ask("?q=quantization")
    page.locator(".how summary").click()
    page.get_by_label("The key / goes to the search box").uncheck()
    page.reload()
    page.wait_for_selector("#search-results[data-state=done]")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement === document.body")
    page.locator(".how summary").click()
    page.get_by_label("The key / goes to the search box").check()
    page.keyboard.press("Tab")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"


def test_all_can_be_done_by_keyboard(ask: Ask) -> None:
    """Slash, arrows, Escape and Enter: to the box, through the results, back, into a paper."""
    page = ask("?q=quantization&sort=title")
    steps = []
    for key in ("/", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "Escape", "ArrowDown"):
        page.keyboard.press(key)
        steps.append(page.evaluate(FOCUSED))
    assert steps == ["q", "alpha", "zeta", "zeta", "alpha", "q", "alpha"]

    with page.expect_request("**/papers/alpha.html"):
        page.keyboard.press("Enter")


# --- when things are missing, and on a phone ----------------------------------------------------


@pytest.mark.parametrize("gone", ["head", "terms", "hits", "index"])
def test_missing_files_are_admitted(page: Page, tmp_path: Path, gone: str) -> None:
    """Where the index cannot be had, the page says so instead of loading for ever."""
    write(tmp_path)
    if gone == "index":
        next((tmp_path / "assets" / "search").glob("index.*")).unlink()
    else:
        shutil.rmtree(tmp_path / "search" / gone)
    page.goto((tmp_path / "search.html").as_uri() + "?q=pruning")
    page.wait_for_selector("#search-results[data-state=failed]", state="attached")

    assert "could not be loaded" in page.inner_text("#search-status")


def test_a_facet_without_values_is_not_shown(page: Page, tmp_path: Path) -> None:
    """A collection without topics, authors and venues can be narrowed by year only."""
    write(tmp_path, facets=())
    page.goto((tmp_path / "search.html").as_uri() + "?q=pruning")
    page.wait_for_selector(COUNTED)

    assert page.locator(".facet:not([hidden]) > summary").all_inner_texts() == ["Years"]


def test_a_site_without_papers_finds_nothing(page: Page, tmp_path: Path) -> None:
    """And says so."""
    write(tmp_path, papers=(), facets=())
    page.goto((tmp_path / "search.html").as_uri() + "?q=pruning")
    page.wait_for_selector("#search-results[data-state=done]", state="attached")

    assert page.inner_text("#search-status") == "No paper matches “pruning”."


def test_on_a_phone_facets_are_folded_away(page: Page, ask: Ask) -> None:
    """They open on demand, and nothing makes one scroll sideways."""
    page.set_viewport_size({"width": 320, "height": 640})
    ask("?q=pruning&tag=third")
    assert page.locator("[data-kind=tags]").is_hidden()
    page.click("#search-narrow > details > summary")
    for kind in ("tags", "years", "authors"):
        page.click(f"[data-kind={kind}] > summary")
        page.wait_for_selector(f"[data-kind={kind}] li a")
    page.click(".how summary")

    assert page.evaluate("document.documentElement.scrollWidth") == 320
