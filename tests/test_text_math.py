r"""Texts as people see them: formulas as MathML or in Unicode, addresses as links, all escaped."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import text
from generator.text import markup
from tests.test_text import raw_texts

# --- formulas -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("canonical", "expected"),
    [
        (r"$x_i^2$", "<math><msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup></math>"),
        (
            r"$\alpha$ & $a<b$",
            "<math><mi>α</mi></math> &amp; <math><mi>a</mi><mo>&lt;</mo><mi>b</mi></math>",
        ),
        (
            r"$\widetilde{O}$",
            '<math><mover accent="true"><mi>O</mi><mo stretchy="false">˜</mo></mover></math>',
        ),
    ],
)
def test_math(canonical: str, expected: str) -> None:
    """A formula is MathML."""
    assert text.to_html(canonical) == expected


@pytest.mark.parametrize("name", sorted(markup._MACROS))
def test_our_macros(name: str) -> None:
    """Each macro that we define is one that the library takes."""
    assert "<math>" in text.to_html(f"$x \\{name}{{a}}{{b}}$")


def test_no_inline_styles() -> None:
    """The library's styles go: a page's security policy forbids them."""
    assert " style=" not in text.to_html(r"$\begin{aligned}a&=b\\c&=d\end{aligned} \color{red}x$")


def test_tables_are_valid() -> None:
    """A table has no attribute that a validator (Nu 26.9) refuses."""
    assert "scriptlevel" not in text.to_html(r"$\begin{cases}a&b\\c&d\end{cases}$")


def test_no_named_entities() -> None:
    """Entities that XML does not know are characters: the same HTML stands in feeds."""
    assert "&" not in text.to_html(r"$\log x$")


@pytest.mark.parametrize(
    "source",
    [
        r"\nosuchmacro{<b>}",
        r"\href{javascript:alert(1)}{x}",
        r"\eqref{a}",
        r"\def\a{\a\a}\a",
        r"\newcommand{\a}{x}\a",
        "{" * 51 + "}" * 51,
        r"\left(" * 51 + r"\right)" * 51,
        r"\hat" * 51 + " x",
        "x" * 2001,
        "x_1_2",
    ],
)
def test_source_in_its_place(source: str) -> None:
    """What is unknown, refers elsewhere, defines, nests too deep or is too long stands as TeX."""
    escaped = source.replace("<", "&lt;").replace(">", "&gt;")

    assert text.to_html(f"a ${source}$") == f'a <code class="tex">${escaped}$</code>'


@pytest.mark.parametrize(
    ("canonical", "expected"),
    [
        (r"$\alpha$-GAN", "α-GAN"),
        (r"6$\times$ faster", "6× faster"),
        (r"$O(n^2)$ or $O(n\log n)$", "O(n^2) or O(n log n)"),
        (r"$\frac{a+b}{2}$", "(a+b)/2"),
        (r"$l_{\infty}$, $x^{n+1}$, $10^{-5}$", "l_∞, x^(n+1), 10^-5"),
        (r"H$_2$O at $90^{\circ}$", "H₂O at 90°"),
        (r"$\tilde{O}(\sqrt{T})$ in $\mathbb{R}^d$", "Õ(√T) in ℝ^d"),
        (r"$\left\{ x : \|x\|_2 \leq 1 \right\}$", "{ x : ‖x‖_2 ≤ 1 }"),
        (r"$1.16\%$ costs \$5", "1.16% costs $5"),
        (r"$\nosuch{x}$", r"\nosuch{x}"),
        (r"$" + "{" * 20 + "x" + "}" * 20 + "$", "{" * 20 + "x" + "}" * 20),
    ],
)
def test_plain(canonical: str, expected: str) -> None:
    """A formula is read as Unicode where it can be, and stands as its source where not."""
    assert text.to_plain(canonical) == expected


# --- addresses ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "addresses"),
    [
        ("see https://x.org/a.", ["https://x.org/a"]),
        ("(at https://x.org/a_(b), and [http://y.org]).", ["https://x.org/a_(b)", "http://y.org"]),
        ("at //x.org/a and www.y.org, too", ["https://x.org/a", "https://www.y.org"]),
        (
            "code: github.com/a/b, arxiv.org/abs/1.",
            ["https://github.com/a/b", "https://arxiv.org/abs/1"],
        ),
        ("https://x.org/?a=b&c=d#e", ["https://x.org/?a=b&c=d#e"]),
        ("https://x.org/ahttps://x.org/b", ["https://x.org/a", "https://x.org/b"]),
        ("[https://x.org/a](https://x.org/b)", ["https://x.org/a", "https://x.org/b"]),
        (
            "见https://x.org/a。网站 https://de.wikipedia.org/wiki/Köln",
            ["https://x.org/a", "https://de.wikipedia.org/wiki/K%C3%B6ln"],
        ),
        ("https://x.org/a[1]#b#c%zz", ["https://x.org/a%5B1%5D#b%23c%25zz"]),
        ("https://x.org/ and again https://x.org/", ["https://x.org/"]),
        ("and/or e.g./i.e. Node.js/npm a//b // comment me@x.org/a TCP/IP 1.5/2", []),
        ("javascript:alert(1) ftp://x.org/a http://user:pass@x.org/ http://[::1]/ //host", []),
        ("$https://x.org/a$", []),
    ],
)
def test_links(sentence: str, addresses: list[str]) -> None:
    """Addresses end where the sentence goes on, have a scheme of the web, and are never guessed."""
    assert list(text.links(sentence)) == addresses
    assert text.to_html(sentence).count("<a ") >= len(addresses)


def test_a_link() -> None:
    """A link shows what stood there and leads to the whole address."""
    assert text.to_html('"//x.org/?a&b"') == (
        '&#34;<a href="https://x.org/?a&amp;b" rel="noopener">//x.org/?a&amp;b</a>&#34;'
    )


# --- nothing gets through -----------------------------------------------------------------------


class Checker(HTMLParser):
    """Fails at an element or attribute that has no place in a text, or an end out of order."""

    ALLOWED = frozenset(["a", "code", "b", "i", "em", "strong", "span"])

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """An element of a link, of code, or of MathML."""
        names = {name for name, _ in attributes}
        assert tag in self.ALLOWED or tag.startswith("m")
        assert not {name for name in names if name.startswith("on")} | names & {
            "id",
            "style",
            "src",
        }
        assert dict(attributes).get("href", "https://").startswith(("http://", "https://"))  # type: ignore[union-attr]  # an href has a value
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """An empty element, `<mspace/>`."""
        self.handle_starttag(tag, attributes)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        """The end of the element opened last."""
        assert self.open.pop() == tag


HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "$\\text{<svg/onload=alert(1)>}$", "$\\text{</math><script>}$",
    "$\\mbox{<a href=javascript:x>}$", 'https://x.org/"onclick="x', "https://x.org/<b>",
    "$\\href{javascript:x}{y}$", "$\\style{x}{y}$", "$\\class{a}{b}$", "$\\tag{x}$",
    "$\\text{\"onload=\"}$", "</p>", "&lt;script&gt;", "$<img>$", "$\\operatorname{<b>}$",
]  # fmt: skip


@settings(max_examples=300)
@given(st.lists(st.sampled_from(HOSTILE) | raw_texts, max_size=4).map("".join))
def test_html_is_only_what_we_make(raw: str) -> None:
    """Of any text comes well-formed HTML of few elements, without scripts, styles and ids."""
    checker = Checker()
    checker.feed(text.to_html(text.canonical(raw)))
    checker.close()

    assert not checker.open


# --- links and abbreviations within a text ------------------------------------------------------


def test_parts_of_a_text_can_be_links_and_abbreviations() -> None:
    """What stands around them and within them is shown as ever; of two at one place the first."""
    spans = [
        text.Span(20, 25, "a", 'x.html"'),
        text.Span(13, 16, "abbr", "few <shot>"),
        text.Span(14, 18, "a", ""),
    ]

    assert text.annotated("Is $x<y$ & a FSL by GPipe?", spans) == (
        f'{text.to_html("Is $x<y$ & a ")}<abbr title="few &lt;shot&gt;">FSL</abbr> by '
        '<a href="x.html&#34;">GPipe</a>?'
    )
