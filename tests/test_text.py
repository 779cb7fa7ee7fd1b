r"""Texts: read from LaTeX and from dumps, kept in one canonical form, written as LaTeX again.

Adding a case is adding a row. Properties run over texts made of everything that has a meaning to
TeX, HTML, BibTeX or Unicode; the last part holds every function to linear time.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from unicodedata import category, normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup, escape

from generator import text
from generator.text import decode
from generator.text.markup import shown
from tests.timing import is_linear

FRAGMENTS = [  # everything that has a meaning to TeX, HTML, BibTeX or Unicode
    *"$\\{}-'`\"&%#_^~<>|@.,;:!?/()[]*+= 19aixzAB", "$$", "--", "---", "\\$", "''", "``", "–",
    "—", "“", "”", "‘", "’", "ö", "é", "ß", "ø", "ı", "ł", "α", "Ω", "≤", "𝒪", "ℝ", "²", "₂", "ậ",
    "ș", "x̂", "\u0301", "\u0338", "東", "😀", "й", "ά", "क", "가", "ﬁ", "µ", "′", "−", "½",
    "\xa0", "\u200b", "\x00", "\x1b", "\x92", "â\x80\x99", "\u202e", "\u2028", "\ufeff", "BERT",
    "iPhone", "\\alpha", "\\textbf{", '\\"', "\\'", "\\c ", "\\frac", "\\sqrt{", "\\text{",
    "\\begin{cases}", "\\end{cases}", "\\url{", "\\href{", "\\ensuremath{", "\\(", "\\)", "\\[",
    "\\]", "\\lbrace{}", "\\left", "\\{", "\\%", "\\mathcalO", "\\textsuperscript{", "&amp;",
    "&lt;", "<i>", "<sub>", "</sub>", "/spl pi/", "/sub 2/", "https://x.org/a", "//x.org", "C:\\",
    " ", "\n",
]  # fmt: skip
raw_texts = st.lists(
    st.sampled_from(FRAGMENTS) | st.text(st.characters(exclude_categories=()), max_size=2),
    max_size=20,
).map("".join)
canonical_texts = raw_texts.map(text.canonical)


# --- the canonical form -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("It costs $5 and $6", [(False, "It costs $5 and $6")]),
        ("US$5/$10", [(False, "US$5/$10")]),
        ("costs $5, and $x$ is", [(False, "costs $5, and "), (True, "x"), (False, " is")]),
        ("$x$-means", [(True, "x"), (False, "-means")]),
        ("$a$$b$", [(True, "a"), (True, "b")]),
        ("$$x$$ is", [(True, "x"), (False, " is")]),
        ("$ x$ and $y $", [(False, "$ x$ and $y $")]),
        ("$x$2", [(False, "$x$2")]),
        (r"\$x\$", [(False, "$x$")]),
        (r"\\$x$", [(False, "\\"), (True, "x")]),
        (r"C:\dir costs $5", [(False, r"C:\dir costs $5")]),
        (r"$\$5$", [(True, r"\$5")]),
        ("$", [(False, "$")]),
        ("", []),
    ],
)
def test_segments(raw: str, expected: list[tuple[bool, str]]) -> None:
    """Dollars are math by pandoc's rule; before a dollar backslashes count, elsewhere not."""
    assert list(text.segments(raw)) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("  two \n\t words\u2028here ", "two words here"),
        ("e\u0301 A\u030a", "é Å"),
        ("a\x00b\x1bc\u200bd\u202ee\ufeff\ud800", "abcde"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("the \ufb01rst \ufb02ow", "the first flow"),
        ("â\x80\x9cit\x92sâ\x80\x9d", "“it’s”"),
        (r"\$5", "$5"),
        (r"\$5 and \$x", "$5 and $x"),
        (r"\$x\$ is", r"\$x\$ is"),
        ("$$x$$", "$x$"),
        ("$x_{1$ is", r"\$x_{1\$ is"),
        ("$50%$", r"$50\%$"),
        ("$a & b$", r"$a \& b$"),
        (r"$\begin{cases}a & b\end{cases}$", r"$\begin{cases}a & b\end{cases}$"),
        ("$α_iβx$", r"$\alpha_i\beta x$"),
        ("$x²⁰ ≤ y₁$", r"$x^{20} \leq y_{1}$"),
        ("$x̂$", r"$\hat{x}$"),
        ("$\\text{für α}$", r"$\text{für α}$"),
        (r"$\mathcalO(n)\mathrmpoly(n)$", r"$\mathcal{O}(n)\mathrm{poly}(n)$"),
        (r"$\mathbbm 1$", r"$\mathbbm 1$"),
    ],
)
def test_canonical(raw: str, expected: str) -> None:
    """One line of NFC that can be seen; formulas as LaTeX takes them; dollars plain if they may."""
    assert text.canonical(raw) == expected


@given(raw_texts)
def test_canonical_twice_is_canonical_once(raw: str) -> None:
    """The canonical form has itself as canonical form, is one line, in NFC, and all to be seen."""
    found = text.canonical(raw)

    assert text.canonical(found) == found
    assert found == normalize("NFC", " ".join(found.split()))
    assert not {"Cc", "Cs"} & {category(character) for character in found}


@given(raw_texts)
def test_what_is_read_is_canonical(raw: str) -> None:
    """Both readers take any string and give canonical text."""
    for read in (text.from_latex, text.from_plain):
        found = read(raw)

        assert text.canonical(found) == found


# --- from LaTeX ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        # accents and letters
        (r"{\"o} \"{o} \"o \'{e} \`a \^{\i} \'{\i} \~n \={a} \.z", "ö ö ö é à î í ñ ā ż"),
        (r"\v{s} {\v s} \c c \c{c} \H{o} \u{g} \k{a} \r{u} \d{a} \b{d}", "š š ç ç ő ğ ą ů ạ ḏ"),
        (
            r"{\aa}ngstr{\"o}m {\O}rsted Stra{\ss}e Gau\ss{} {\L}\'od\'z",
            "ångström Ørsted Straße Gauß Łódź",
        ),
        (
            r"Fran{\c c}ois K{\o}benhavn Stra\ss e {\AE}on {\oe}uvre",
            "François København Straße Æon œuvre",
        ),
        (r"\'{\^e} \d{\v{a}} \'{\ae} \t{oo}", "ế ạ̌ ǽ o͡o"),
        (r"\^{} \~{} \'{} x", "^ ~ ' x"),
        # characters
        (
            r"50\% R\&D a\_b \#1 \{x\} \$5 x\textasciitilde{}y \textbackslash n",
            r"50% R&D a_b #1 {x} $5 x~y \ n",
        ),
        ("10% R&D a_b #1 x^2", "10% R&D a_b #1 x^2"),
        (r"1--2 --- a~b \ldots \dots\ {\copyright} \textdegree C", "1–2 — a b … … © ° C"),
        (r"``quoted'' `single' don't -{}-", "“quoted” ‘single’ don't --"),
        (r"\alpha-GAN 3\times4 $x$", r"α-GAN 3×4 $x$"),
        # formatting
        (
            r"\textbf{a \emph{b} c} {\em d} {\it e\/} \textsc{F} \mbox{g} {BERT}",
            "a b c d e F g BERT",
        ),
        (r"\unknown{text} \other[x]{arg} a\nothing{} b", "text arg a b"),
        (r"a\\b \\[2pt] c \newline d\quad e", "a b c d e"),
        (r"a\footnote{b} \textcolor{red}{c} \label{x}d \cite[p.~3]{e,f}", "a (b) c d [e, f]"),
        (r"\textsuperscript{2} x\textsubscript{10} 5\textsuperscript{th}", "² x₁₀ 5th"),
        (r"knowledge of \emphD and \textscBest", "knowledge of D and Best"),
        (r"\enquote{a} \verb|b_c| \texorpdfstring{$\beta$}{beta}", r"“a” b_c $\beta$"),
        # addresses
        (r"\url{http://a.org/~b--c\_d\%20}", "http://a.org/~b--c_d%20"),
        (r"\href{https://a.org/x}{the page}", "the page (https://a.org/x)"),
        (r"\href{https://a.org/}{a.org}", "https://a.org/"),
        (r"\href{javascript:alert(1)}{x}", "x"),
        # math
        (r"\(x\) \[y\] $$z$$ \ensuremath{x^2} $ \alpha $", r"$x$ $y$ $z$ $x^2$ $\alpha$"),
        (r"\begin{equation}a\end{equation}", "$a$"),
        (r"\begin{align}a&=b\\c&=d\end{align}", r"$\begin{aligned}a&=b\\c&=d\end{aligned}$"),
        (r"$k$2 $\times$10", r"$k2$ $\times10$"),
        (r"O(\sqrt{n} + \frac{1}{2})", r"O($\sqrt{n}$ + $\frac{1}{2}$)"),
        (r"O(n \log n)", "O(n log n)"),
        (r"costs \$5 and \$10, or $5 and $10", "costs $5 and $10, or $5 and $10"),
        (r"\$t\$, \$f\_t(x)\$ and \$\epsilon\$", r"$t$, $f_t(x)$ and $\epsilon$"),
        (r"M\${\textasciicircum}2\${AD}, \${\textbackslash}mu\${KE}", r"M$^2$AD, $\mu$KE"),
        (r"\$ell\_2\$ and \$mathcalO(n times d)\$", r"$\ell_2$ and $\mathcal{O}(n \times d)$"),
        (r"\$1leq pleqinfty\$", r"\$1leq pleqinfty\$"),
        # what publishers leave
        ("a &amp; b &lt; c &mdash; &#233; &nbsp; &nosuch;", "a & b < c — é &nosuch;"),
        (r"A\&amp;B &amp;lt; AT&T; x", "A&B < AT&T; x"),
        (r"$x^2 &lt; y$ and \(A\&amp;B &#62; 1\)", r"$x^2 < y$ and $A\&B > 1$"),
        (r"$x \&lt; y$, $z \&amp;gt; y$", "$x < y$, $z > y$"),
        (r"$\begin{matrix}a &in; b\end{matrix}$", r"$\begin{matrix}a &in; b\end{matrix}$"),
        ("<i>a</i> <b>b</b> &lt;p&gt;c&lt;/p&gt; <EOS> <a, b> x<y>z", "a b c <EOS> <a, b> x<y>z"),
        (
            "<jats:title>Abstract</jats:title><jats:p>We <jats:italic>do</jats:italic></jats:p>",
            "We do",
        ),
        (
            "H<sub>2</sub>O, 10<sup>-3</sup>, T<sub>max</sub>, 3<sup>rd</sup>",
            r"H₂O, 10⁻³, T$_{\text{max}}$, 3rd",
        ),
        ("4/spl times/4 H/sub /spl infin// m/sup 2/", "4×4 H∞ m²"),
        # broken
        ("}}{ a {{{b", "a b"),
        ("a \\", "a \\"),
        (r"\frac{1", "1"),
        (r"\href{a", "a"),
    ],
)
def test_from_latex(latex: str, expected: str) -> None:
    """LaTeX, and what publishers leave in it, means what a person takes it to mean."""
    assert text.from_latex(latex) == expected


# --- from plain text ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "lost"),
    [
        (r"\ourmethod wins, \ours{} too, \ourmethod", ("ourmethod", "ours")),
        (r"\mymacro{stays} and \emph{that}, \alpha, \'e, {\bf x}", ()),
        (r"in math $\mymacro x$ and \(\mine\)", ()),
        (r"\emphminimum, 5\% \LaTeX", ()),
    ],
)
def test_lost_macros(latex: str, lost: tuple[str, ...]) -> None:
    """A macro is lost where nobody knows it and no argument stands for it."""
    assert text.lost_macros(latex) == lost


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        (r"25\% of R\&D, a\_b, \#1", "25% of R&D, a_b, #1"),
        (r"\textbf{32 attackers} Evo\textbf{Lved} \emph{a {b} c}", "32 attackers EvoLved a {b} c"),
        (r"{\it model size}, {\emph x}, ({\delta})", "model size, x, (δ)"),
        (r"\textbf{6 $\times$ faster}", r"6 $\times$ faster"),
        (r"\'e \"{u} {\"o} \c{c} \v{s} \o", "é ü ö ç š ø"),
        (r"as in \cite{b} and e.g.\ this", "as in [b] and e.g. this"),
        (
            "{a} ~ % & _ # 8e^{-5} H<sub>2</sub> &amp; ``x''",
            "{a} ~ % & _ # 8e^{-5} H<sub>2</sub> &amp; ``x''",
        ),
        (r"C:\new\text\alpha and \\server\share", r"C:\new\text\alpha and \\server\share"),
        (r"\overfeat \d+ \foo{bar} don\'t \n", r"\overfeat \d+ \foo{bar} don\'t \n"),
        ("a -- b, 1--2, c---d", "a – b, 1–2, c—d"),
        (
            "run --flag or (--flag), <!-- x -->, ------",
            "run --flag or (--flag), <!-- x -->, ------",
        ),
        (r"$x$ costs $5, \(y\), \$6", "$x$ costs $5, $y$, $6"),
        (r"in {raise.17ex\scriptstyle\sim}4 hours", "in ∼4 hours"),
        (r"{ \foo{x} } }", r"{ \foo{x} } }"),
    ],
)
def test_from_plain(plain: str, expected: str) -> None:
    """A dump's known macros, math and dashes are decoded; all else is taken at its word."""
    assert text.from_plain(plain) == expected


def test_plain_sentences_skip_the_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """19 abstracts of 20 have nothing to decode, and cost no more than the look for it."""
    monkeypatch.delattr(decode, "_Decoder")
    abstract = "We don't need (much) time: 5 > 3; see e.g. https://example.org/a?b=c#d. " * 20

    assert text.from_plain(abstract) == text.from_latex(abstract) == abstract.strip()


# --- to LaTeX -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("canonical", "expected"),
    [
        ("50% R&D a_b #1", r"50\% R\&D a\_b \#1"),
        (
            "~ ^ \\ | < > `",
            r"\textasciitilde{} \textasciicircum{} \textbackslash{} \textbar{} \textless{}"
            r" \textgreater{} \textasciigrave{}",
        ),
        ("{x}", r"\{x\}"),
        ("}x{", r"\textbraceright{}x\textbraceleft{}"),
        ("$5", r"\$5"),
        (r"\$x\$", r"{\$}x{\$}"),
        ("Erdős Ñandú ß ı í ậ", r"Erd{\H{o}}s {\~N}and{\'u} {\ss} {\i} {\'{\i}} {\^{\d{a}}}"),
        ("Thị į ḯ", r"Th{\d{i}} {\k{i}} {\'{\"{\i}}}"),  # what is below leaves the dot above
        ("“a” – — don’t ''", r"``a'' -- --- don{\textquoteright}t {'}{'}"),
        ("--flag -–", r"-{}-flag -{}--"),
        (
            "α ≤ ½ 2² …",
            r"{\ensuremath{\alpha}} {\ensuremath{\leq}} {\textonehalf} 2{\texttwosuperior}"
            r" {\textellipsis}",
        ),
        ("東京 Москва 😀", "東京 Москва 😀"),
        ("&lt;i&gt; &", r"{\&}lt;i{\&}gt; \&"),
        ("@home", "{@}home"),
        (r"$\alpha$$\beta$", r"$\alpha$$\beta$"),
        (r"$\{x$", r"$\lbrace{}x$"),
        (r"$\{x\}$", r"$\{x\}$"),
    ],
)
def test_to_latex(canonical: str, expected: str) -> None:
    """ASCII that LaTeX sets as the same text, braces balanced, no escape eating its neighbour."""
    assert text.to_latex(canonical) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("BERT and the GANs of iPhone users", "{BERT} and the {GANs} of {iPhone} users"),
        ("A Survey of Deep Learning", "A Survey of Deep Learning"),
        ("GPT-4: U-Net, 3D, X-rays, ÖBB", r"{GPT}-4: U-Net, {3D}, X-rays, {{\"O}BB}"),
        ("DeepMind's $O(N)$ and C++", "{DeepMind}'s {$O(N)$} and C++"),
    ],
)
def test_capitals_are_protected(title: str, expected: str) -> None:
    """Words with a capital beyond the first letter keep it in styles that lower titles."""
    assert text.to_latex(title, protect=True) == expected


@settings(max_examples=300)
@given(canonical_texts, st.booleans())
def test_latex_is_read_back_as_the_same_text(canonical: str, protect: bool) -> None:
    """`from_latex` undoes `to_latex`; BibTeX, which counts every brace, sees them in order."""
    latex = text.to_latex(canonical, protect=protect)
    depths = [latex[:end].count("{") - latex[:end].count("}") for end in range(len(latex) + 1)]

    assert text.from_latex(latex) == canonical
    assert min(depths) == depths[-1] == 0
    assert not latex.startswith("@")
    assert "\n" not in latex


@pytest.mark.parametrize(
    ("block", "kept"),
    [
        ((0xA0, 0x180), "¸ĦħĸĿŀŉŦŧſ"),
        ((0x391, 0x3A2), "ΑΒΕΖΗΙΚΜΝΟΡ"),
        ((0x3A3, 0x3CA), "ΤΧΪΫάέήίΰοϊϋόύώ"),
        ((0x2010, 0x2028), "‐‑‒―‗‛‟‣․‥‧"),
    ],
)
def test_letters_with_a_macro_are_ascii(block: tuple[int, int], kept: str) -> None:
    """Latin letters, Greek ones and punctuation leave as ASCII, all but a known few."""
    written = [text.to_latex(text.canonical(chr(code))) for code in range(*block)]

    assert {latex for latex in written if not latex.isascii()} <= set(kept)


def test_bibtex_takes_what_is_written(tmp_path: Path) -> None:
    """BibTeX itself reads every kind of text without an error, and as many as there are."""
    if not shutil.which("bibtex"):
        if os.environ.get("CI") == "true":
            pytest.fail("bibtex is missing: install texlive-binaries")
        pytest.skip("bibtex is not installed")
    texts = [text.canonical(f"x{one}{two}y{one}") for one in FRAGMENTS for two in "{}\\$x"]
    entries = [
        f"@misc{{k{i},\n  title = {{{text.to_latex(each, protect=True)}}}\n}}\n"
        for i, each in enumerate(texts)
    ]
    (tmp_path / "x.bib").write_text("".join(entries), encoding="utf-8")
    (tmp_path / "x.aux").write_text("\\citation{*}\n\\bibstyle{plain}\n\\bibdata{x}\n")
    done = subprocess.run(["bibtex", "x"], cwd=tmp_path, capture_output=True, check=False)

    assert done.returncode == 0, done.stdout.decode(errors="replace")
    assert (tmp_path / "x.bbl").read_bytes().count(b"\\bibitem") == len(texts)


# --- to compare, to count, to address -----------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Deep Learning: A Survey", "deep  learning — a survey"),
        ("Few-Shot", "few shot"),
        ("The User's Guide", "The User’s guide"),
        ("ﬁne ＡＢＣ", "fine abc"),
        (r"$\alpha$-GAN", "α-GAN"),
        ("H$_2$O", "H₂O"),
        ("STRASSE", "Straße"),
    ],
)
def test_titles_that_are_one(one: str, two: str) -> None:
    """Case, width, punctuation, spaces and the way a formula is written make no other title."""
    assert text.fold(one) == text.fold(two)


@pytest.mark.parametrize(
    ("one", "two"),
    [("C", "C++"), ("C", "C#"), ("A*", "A"), ("Part I", "Part II"), ("v1", "v2"), ("∞-GAN", "GAN")],
)
def test_titles_that_are_two(one: str, two: str) -> None:
    """`+ # *`, digits, numerals and signs tell titles apart."""
    assert text.fold(one) != text.fold(two)


@given(canonical_texts)
def test_folded_twice_is_folded_once(canonical: str) -> None:
    """A folded text is its own folded form."""
    assert text.fold(text.fold(canonical)) == text.fold(canonical)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Deep Learning: A Survey!", "deep-learning-a-survey"),
        ("Jörg Müller-Łukasz Straße", "jorg-muller-lukasz-strasse"),
        ("C", "c"),
        ("C++", "c-plus-plus"),
        ("C#", "c-sharp"),
        ("A* search", "a-star-search"),
        ("* a + b", "a-b"),
        ("L'Hôpital", "lhopital"),
        ("$k$-means in $O(n^2)$", "k-means-in-o-n-2"),
    ],
)
def test_slug(name: str, expected: str) -> None:
    """Readable, from Latin letters, digits and the signs that make another thing."""
    assert text.slug(name) == expected


@pytest.mark.parametrize(
    "name", ["東京", "Москва", "α-GAN", "😀", "", "???", "index", "CON", "com1", "é" * 99]
)
def test_slug_that_cannot_say_it_all(name: str) -> None:
    """What ASCII cannot say, what is too long or reserved, ends in a hash of its own."""
    assert re.search(r"(^|-)[0-9a-f]{10}$", text.slug(name))


@given(canonical_texts, canonical_texts, st.integers(20, 80))
def test_slugs(one: str, two: str, limit: int) -> None:
    """A slug fits everywhere, is its own slug, and tells other words apart."""
    found = text.slug(one, limit)

    assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", found)
    assert len(found) <= limit
    assert text.slug(found, limit) == found
    assert found == text.slug(f" {one} ", limit)
    assert not re.fullmatch("index|con|prn|aux|nul|(com|lpt)[0-9]", found)
    if set(text.words(one)) != set(text.words(two)):
        assert found != text.slug(two, limit)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("G-SimCLR's 2nd Naïve Bayes!", ["g", "simclrs", "2nd", "naive", "bayes"]),
        (r"the $\ell_1$ norm", ["the", "l", "1", "norm"]),
        ("Łukasz и Андрей", ["lukasz", "и", "андрей"]),
        ("x86/64, C++", ["x86", "64", "c"]),
    ],
)
def test_words(sentence: str, expected: list[str]) -> None:
    """Lower case, Latin letters without accents, parted by all that is no letter or digit."""
    assert text.words(sentence) == expected


# --- to show ------------------------------------------------------------------------------------


@given(raw_texts)
def test_what_is_shown_is_escaped_unless_it_is_html(value: str) -> None:
    """A text stands in a page with its characters escaped, HTML as it is."""
    assert shown(value) == escape(value)
    assert shown(Markup(value)) == value  # noqa: S704


@pytest.mark.parametrize("value", [0, 1.5, True, None, ("<", "'"), Exception('"&')])
def test_what_is_no_text_is_shown_as_text(value: object) -> None:
    """Whatever a template names stands there as Python writes it, escaped."""
    assert shown(value) == escape(value)


# --- time ---------------------------------------------------------------------------------------

FACES: tuple[Callable[[str], object], ...] = (
    text.from_latex, text.lost_macros, text.from_plain, text.canonical, text.segments,
    text.to_latex, text.to_plain, text.to_html, shown, text.links, text.fold, text.slug, text.words,
    text.sort_key, lambda value: text.to_latex(value, protect=True),
)  # fmt: skip
HOSTILE = [
    *"{}\\$-'`&<[+é\u0302", "$$", "\\$", "\\(", "\\[", "\\begin{cases}", '\\"', "\\'{", "\\url{",
    "\\href{a}{", "\\ensuremath{", "\\sqrt[", "\\cite[", "\\verb|", "&amp;", "<i ", "<sub>",
    "&lt;p", "/sub a", "//a.", "https://a.b/(", "www.", "a.", "\\left(", "$a$", "$a", "$\\{",
    "\\textsuperscript{", "\\lbrace{}", "C:\\", "\\( x \\ ", "â\x80", "a_", "raise.1ex\\",
    "\\own ", "\\own{ ",
]  # fmt: skip
CLOSED = [
    ("\\href{a}{x", "}"),
    ("\\textsuperscript{!", "}"),
    ("{", "}"),
    ("\\(", "\\)"),
    ("<sub>", "</sub>"),
]


@pytest.mark.parametrize(("opening", "closing"), [*((part, "") for part in HOSTILE), *CLOSED])
def test_time_is_linear(opening: str, closing: str) -> None:
    """Four times the text takes about four times as long (16 times where it is quadratic)."""

    def all_faces(size: int) -> None:
        hostile = opening * size + closing * size
        for face in FACES:
            face(hostile)

    assert is_linear(all_faces, 3_000 // len(opening + closing))


@pytest.mark.parametrize("face", FACES)
def test_depth_is_no_danger(face: Callable[[str], object]) -> None:
    """Groups nested 100,000 deep, in text and in a formula, are text like any other."""
    assert face("{" * 100_000 + "x" + "}" * 100_000) is not None
    assert face("$" + "{" * 100_000 + "x" + "}" * 100_000 + "$") is not None


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("The Crease", "crease"),
        ("A 3D camera", "3d camera"),
        ("“An End” of it", "end of it"),
        ("A $k$-means", "k means"),
        ("Die Entstehung der Arten", "entstehung der arten"),
        ("Le rouge et le noir", "rouge et le noir"),
        ("L’art de la guerre", "art de la guerre"),
        ("El amor en los tiempos del cólera", "amor en los tiempos del colera"),
        ("Il nome della rosa", "nome della rosa"),
        ("O crime do padre Amaro", "crime do padre amaro"),
        ("De ontdekking van de hemel", "ontdekking van de hemel"),
        ("A* search", "a* search"),
        ("A/B testing", "a b testing"),
        ("A-frames", "a frames"),
        ("A priori bounds", "a priori bounds"),
        ("A is for apple", "a is for apple"),
        ("Die Hard", "die hard"),
        ("Die of the Day", "die of the day"),
        ("La Jolla lectures on La Niña", "la jolla lectures on la nina"),
        ("Las Vegas and de Bruijn", "las vegas and de bruijn"),
        ("L'Hôpital's rule", "lhopitals rule"),
        ("De novo design", "de novo design"),
        ("Thesis", "thesis"),
        ("The", "the"),
        ("Äpfel", "apfel"),
        ("Straße", "strasse"),
        ("东京", "东京"),
        ("???", "???"),
    ],
)
def test_how_a_title_is_sorted(title: str, key: str) -> None:
    """Without case, accents and an article; what only looks like one stays."""
    assert text.sort_key(title) == key


def test_the_order_of_a_list() -> None:
    """Numbers, then letters with their accented kin, then other scripts."""
    titles = ["東京", "Two", "Äpfel", "The Crease", "Éclair", "Zeitschrift für Bibliothek",
              "Zeitschrift für Bäckerei", "Aa", "3D", "Яма", "Eb"]  # fmt: skip
    assert sorted(titles, key=text.sort_key) == [
        "3D", "Aa", "Äpfel", "The Crease", "Eb", "Éclair", "Two", "Zeitschrift für Bäckerei",
        "Zeitschrift für Bibliothek", "Яма", "東京",
    ]  # fmt: skip


@given(raw_texts)
def test_a_list_has_one_order_for_one_title(raw: str) -> None:
    """However it is written: decomposed, in capitals; and what is not empty has a key."""
    title = text.from_plain(raw)
    key = text.sort_key(title)
    assert (bool(key), key) == (bool(text.to_plain(title)), text.sort_key(normalize("NFC", title)))


@pytest.mark.parametrize(
    ("said", "leftward"),
    [("Ada Lovelace", False), ("Ève", False), ("王小明", False), ("α → β", False), ("עדה", True),
     ("Ada الخوارزمي", True), ("abc\u202edef", True), ("\U0001e900", True), ("", False)],
)  # fmt: skip
def test_runs_leftward(said: str, leftward: bool) -> None:
    """Hebrew and Arabic letters turn a line, and so do the marks made for that."""
    assert text.runs_leftward(said) is leftward
