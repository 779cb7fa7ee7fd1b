"""Colours, type and logo from bibpress.toml: what they come to, and that all stays readable."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator import config, look
from generator.config import Look
from generator.errors import ConfigError
from generator.look import DARK, LIGHT, Scheme
from generator.theme import DEFAULT
from generator.toml import Toml
from tests.conftest import Built
from tests.test_theme import contrast, mixed, palettes, shares

Make = Callable[..., Built]

BIB = "@misc{a, title = {A thing}, author = {Smith, Ada}, year = 2020}\n"
colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
schemes = pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])


def sheet(site: Built) -> str:
    """The style sheet that a site's pages name."""
    found = re.findall(r'<link rel="stylesheet" href="([^"]+)"', site.read("index.html"))
    return site.read(found[0])


def looked(make_site: Make, settings: str, **files: str) -> Built:
    """A site with these settings of [look]."""
    return make_site({"a.bib": BIB, "bibpress.toml": f"[look]\n{settings}\n", **files})


# --- readable -----------------------------------------------------------------------------------


@schemes
@given(colour=colours)
@example(colour="#ffff00")
@example(colour="#000000")
@example(colour="#ffffff")
@example(colour="#808080")
def test_every_colour_can_be_read(scheme: Scheme, colour: str) -> None:
    """Text of it reaches AA on every ground, and bars of plots 3:1 (measured by another hand)."""
    used = scheme.readable(colour)
    page = scheme.grounds[0]
    assert all(contrast(used, ground) >= 4.5 for ground in scheme.grounds)
    assert all(contrast(mixed(used, page, share), page) >= 3 for share in shares())


@schemes
@given(colour=colours)
def test_a_colour_is_changed_once(scheme: Scheme, colour: str) -> None:
    """What can be read stays as it is, so what was changed is not changed again."""
    used = scheme.readable(colour)
    assert scheme.readable(used) == used


def test_a_colour_keeps_its_kind() -> None:
    """A yellow becomes a dark yellow, a dark violet a light one; what can be read is left alone."""
    found = [LIGHT.readable("#ffdd00"), DARK.readable("#7a1f5c"), LIGHT.readable("#7a1f5c")]
    assert found == ["#695b00", "#c095b2", "#7a1f5c"]


def test_the_grounds_are_those_of_the_style() -> None:
    """What is reckoned with here is what style.css has."""
    have = [tuple(each[name] for name in ("paper", "shade", "mark")) for each in palettes()]
    assert have == [LIGHT.grounds, DARK.grounds]


def test_the_share_of_plots_is_that_of_the_style() -> None:
    """Of the accent in a bar."""
    assert shares() == {look.PLOT}


def test_luminance_is_that_of_wcag() -> None:
    """Black on white is 21, a grey of 50 % about 4 (by hand: 3.95)."""
    white, grey = (255, 255, 255), (128, 128, 128)
    found = (look.contrast((0, 0, 0), white), look.contrast(grey, white))
    assert [round(each, 2) for each in found] == [21, 3.95]


# --- what it comes to ---------------------------------------------------------------------------


def test_nothing_said_nothing_added(make_site: Make) -> None:
    """A site without [look] has the style sheet as it is, under the address it had."""
    site = make_site({"a.bib": BIB})
    assert sheet(site) == (DEFAULT / "static/style.css").read_text("utf-8")


def test_an_accent(make_site: Make) -> None:
    """One colour, and a lighter one for dark pages, on screens only: paper stays black."""
    added = sheet(looked(make_site, 'accent = "#7A1F5C"')).partition("@media print")[2]
    assert added.endswith(
        "@media screen{:root{--accent:#7a1f5c}}\n"
        "@media screen and (prefers-color-scheme:dark){:root{--accent:#c095b2}}\n"
    )


@pytest.mark.parametrize(
    ("settings", "rules"),
    [
        ('accent = "#abc"', ["--accent:#525a62", "--accent:#aabbcc"]),
        ('accent_dark = "#ffffff"', ["--accent:#ffffff"]),
        ('accent = "#123456"\naccent_dark = "#fedcba"', ["--accent:#123456", "--accent:#fedcba"]),
        ('font = "sans"', ["--text:var(--ui)"]),
        ('font = "serif"', []),
        ('accent = ""', []),
        ('logo = "icon.svg"', [".brand::before"]),
    ],
)
def test_what_settings_add(settings: str, rules: list[str], tmp_path: Path) -> None:
    """Each its own rule; a setting at its default, or blank, adds nothing."""
    (tmp_path / config.CONFIG).write_text(f"[look]\n{settings}\n")
    said = config.load(tmp_path).look
    lines = look.style(said, said.logo).splitlines()
    assert [rule in line for rule, line in zip(rules, lines, strict=True)] == [True] * len(rules)


def test_a_changed_colour_changes_the_address(make_site: Make) -> None:
    """Browsers keep a style sheet for ever: another content has another name, and pages name it."""
    site = looked(make_site, 'accent = "#7a1f5c"')
    before = [path.name for path in site.out.glob("assets/style.*.css")]
    site.rebuild({"bibpress.toml": '[look]\naccent = "#00407a"\n'})
    after = [path.name for path in site.out.glob("assets/style.*.css")]
    assert (len(before), len(after), before != after) == (1, 1, True)


def test_an_owner_s_style_sheet_gets_it_too(make_site: Make) -> None:
    """Settings hold whosever style it is."""
    site = looked(make_site, 'accent = "#7a1f5c"', **{"static/style.css": "body{}\n"})
    assert sheet(site).startswith("body{}\n@media screen{:root{--accent:#7a1f5c}}")


@pytest.mark.parametrize(
    ("name", "path"), [("logo.svg", "../logo.svg"), ("a b/c(1).png", "../a%20b/c%281%29.png")]
)
def test_a_logo(make_site: Make, name: str, path: str) -> None:
    """A file of static/, found from the style sheet's folder, whatever it is called."""
    site = looked(make_site, f'logo = "{name}"', **{f"static/{name}": "<svg/>"})
    assert f'background:url("{path}")' in sheet(site)
    assert (site.out / name).exists()


def test_a_logo_that_the_theme_has(make_site: Make) -> None:
    """It is named as it is published, content in its name."""
    found = re.search(r'url\("\.\./([^"]+)"\)', sheet(looked(make_site, 'logo = "icon.svg"')))
    assert found
    assert re.fullmatch(r"assets/icon\.[0-9a-f]{8}\.svg", found[1])


def test_pages_stay_as_they_are(make_site: Make) -> None:
    """No inline style: beside the name of the style sheet no page differs by a letter."""
    plain, toned = (
        make_site({"a.bib": BIB, "bibpress.toml": ""}),
        looked(make_site, 'accent = "#7a1f5c"\nfont = "sans"\nlogo = "icon.svg"'),
    )
    mark = re.compile(r"style\.[0-9a-f]+\.css")
    pages = [
        {name: mark.sub("", page.decode()) for name, page in site.tree().items() if "html" in name}
        for site in (plain, toned)
    ]
    assert pages[0] == pages[1]


# --- saying -------------------------------------------------------------------------------------


def test_a_colour_that_was_changed_is_told(make_site: Make) -> None:
    """Which, why and to what, as a note: --strict publishes all the same."""
    site = looked(make_site, 'accent = "#ffdd00"')
    site.rebuild(strict=True)
    said = [str(each) for each in site.report.problems if each.where.file == "bibpress.toml"]
    assert said == [
        "bibpress.toml:2: accent #ffdd00 cannot be read on light pages; there it is #695b00"
    ]


def test_what_stays_is_not_told() -> None:
    """Nor that a colour for light pages is lighter on dark ones."""
    assert list(look.remarks(Look(accent="#7a1f5c", accent_dark="#e5a0cc"), Toml(""))) == []


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ('accent = "purple"', 'accent must be a colour like "#7a1f5c", not "purple"'),
        ('accent = "#12345"', 'not "#12345"'),
        ('accent = "#123;}"', "must be a colour"),
        ("accent = 3", "accent must be a text"),
        ('font = "sans-serif"', 'unknown type face in font "sans-serif"; did you mean "serif"?'),
        ('acent = "#123"', 'unknown setting of [look] "acent"; did you mean "accent"?'),
        ('title = "x"', "title belongs above the line [look]"),
        ('authors_from = 2', "authors_from belongs below a line [size]"),
        ('logo = "no.svg"', 'logo names "no.svg", and static/ has no such file'),
    ],
)  # fmt: skip
def test_a_setting_gone_wrong(make_site: Make, settings: str, error: str) -> None:
    """What should stand there, and where."""
    with pytest.raises(ConfigError, match=re.escape(error)):
        looked(make_site, settings)


def test_a_setting_above_the_tables(make_site: Make) -> None:
    """A colour at the top of the file is told its place."""
    with pytest.raises(ConfigError, match=r"accent belongs below a line \[look\]"):
        make_site({"a.bib": BIB, "bibpress.toml": 'accent = "#123456"'})
