"""Who is who: the owner's `people.toml`, what becomes of it on the site, and who looks alike."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from click.testing import CliRunner

from generator import people
from generator.cli import main
from generator.errors import ConfigError
from generator.library import Library
from generator.model import Name, Paper
from generator.names import author_slug, listed, person, shown
from generator.people import Alike, People, alike, load, settled, unnamed
from generator.text import slug
from generator.toml import Toml
from tests.conftest import ROOT, Built
from tests.papers import BARE

Make = Callable[..., Built]

BIB = """
@article{a, title = {Folding napkins}, author = {Bengio, Y. and Wang, Wei}, year = 2020}
@article{b, title = {Cutting graphs}, author = {Bengio, Yoshua and Wang, Wei}, year = 2021}
@article{c, title = {Tearing nets}, author = {Lovelace, Ada and Wang, Wei}, year = 2022}
"""
BENGIO = """[[person]]
name = "Yoshua Bengio"
variants = ["Bengio, Y."]
orcid = "https://orcid.org/0000-0002-1694-233x"
url = "https://example.org/~yb"
"""
TWO_OF_A_NAME = """[[person]]
name = "Wei Wang"
slug = "wei-wang-1"
variants = ["W. Wang"]
papers = ["p", "q"]
[[person]]
name = "Wei Wang"
slug = "wei-wang-2"
papers = ["r"]
"""
WANG = '[[person]]\nname = "Wei Wang"\nslug = "wei-wang-napkins"\npapers = ["a", "b"]\n'


def said(toml: str) -> People:
    """What a file of this text says."""
    return load(Toml("content/people.toml", tomllib.loads(toml), toml))


def test_of_equal_spellings_the_better_names_the_page() -> None:
    """One paper each: the one with the accent; the address is that of both."""
    names = [Name("Garcia Lorca", "F."), Name("García Lorca", "F.")]
    papers = [replace(BARE, id=f"p{n}", authors=(name,)) for n, name in enumerate(names)]
    groups = Library(tuple(papers)).groups["authors"]
    assert {slug: group.name for slug, group in groups.items()} == {
        "f-garcia-lorca": "F. García Lorca"
    }


def test_most_papers_go_before_the_better_spelling() -> None:
    """Two papers in capitals outweigh one."""
    names = [Name("SMITH", "ADA"), Name("SMITH", "ADA"), Name("Smith", "Ada")]
    papers = [replace(BARE, id=f"p{n}", authors=(name,)) for n, name in enumerate(names)]
    assert Library(tuple(papers)).groups["authors"]["ada-smith"].name == "ADA SMITH"


# --- the file -----------------------------------------------------------------------------------


def test_a_person_as_the_file_has_it() -> None:
    """The name is read as on papers, the ORCID brought to its usual form, addresses worked out."""
    (found,) = said(BENGIO).persons
    assert found == people.Person(
        Name("Bengio", "Yoshua"),
        "yoshua-bengio",
        ("yoshua-bengio", "y-bengio"),
        "0000-0002-1694-233X",
        "https://example.org/~yb",
    )


def test_a_group_stands_in_braces() -> None:
    """As in a .bib: what is in braces is one name."""
    (group,) = said(
        '[[person]]\nname = "{Royal Society}"\nvariants = ["{The Royal Society}"]'
    ).persons
    assert (group.name, group.addresses) == (
        Name("Royal Society", group=True),
        ("royal-society", "the-royal-society"),
    )


@pytest.mark.parametrize(
    "digits", ["0000-0002-1825-0097", "0000-0001-5109-3700", "0000000216942338"]
)
def test_an_orcid_has_a_check_digit(digits: str) -> None:
    """Every other last digit is refused: a typing error would lead to somebody else."""
    file = '[[person]]\nname = "Ada"\norcid = "{}"'
    good = [d for d in "0123456789X" if _is_read(file.format(digits[:-1] + d))]
    assert len(good) == 1


def _is_read(toml: str) -> bool:
    try:
        return bool(said(toml))
    except ConfigError:
        return False


@pytest.mark.parametrize(
    ("toml", "complaint"),
    [
        ("person = 1", "person must be a list of tables: [[person]]"),
        ("person = [1]", "person must be a list of tables: [[person]]"),
        ('[[persons]]\nname = "A B"', 'unknown setting "persons"; did you mean "person"?'),
        ('[[person]]\nname = "A B"\nvariant = []', 'did you mean "variants"?'),
        ("[[person]]\nslug = 'x'", "every person needs a name"),
        ('[[person]]\nname = " "', "every person needs a name"),
        ('[[person]]\nname = "A B"\nvariants = "C D"', 'variants of "A B" must be a list of texts'),
        ('[[person]]\nname = "A B"\nvariants = [1]', 'variants of "A B" must be a list of texts'),
        ('[[person]]\nname = "A B"\npapers = [""]', 'papers of "A B" must be a list of texts'),
        ('[[person]]\nname = "A B"\nslug = "A B"', 'slug of "A B" must be of a-z'),
        ('[[person]]\nname = "A B"\nurl = "example.org"', 'url of "A B" must be an address'),
        ('[[person]]\nname = "A B"\nurl = "javascript:x"', 'url of "A B" must be an address'),
        ('[[person]]\nname = "A B"\norcid = 12', 'orcid of "A B" must be a text'),
        ('[[person]]\nname = "A B"\norcid = "0000-0002"', 'orcid of "A B" must look like'),
        (
            '[[person]]\nname = "A B"\norcid = "0000-0002-1825-0098"',
            'orcid of "A B" has a typing error: 0000-0002-1825-0098 is nobody\'s',
        ),
        ('[[person]]\nname = "A B"\npapers = ["x"]', '"A B" with papers of their own needs'),
        ('[[person]]\nname = "A B"\nslug = "a-b"\npapers = ["x"]', "needs an address that is"),
        (
            '[[person]]\nname = "A B"\n[[person]]\nname = "C"\nvariants = ["A B"]',
            '"A B" and "C" are both meant by authors/a-b.html; say with papers',
        ),
        (
            '[[person]]\nname = "A B"\n[[person]]\nname = "C D"\nslug = "a-b"',
            '"A B" and "C D" are both meant by authors/a-b.html; say with papers',
        ),
        (TWO_OF_A_NAME.replace("wei-wang-2", "wei-wang-1"), "have one slug, wei-wang-1"),
        (
            '[[person]]\nname = "A B"\norcid = "0000-0002-1825-0097"\n'
            '[[person]]\nname = "C D"\norcid = "0000000218250097"',
            '"A B" and "C D" have one orcid, 0000-0002-1825-0097',
        ),
    ],
)  # fmt: skip
def test_what_the_file_must_not_say(toml: str, complaint: str) -> None:
    """One line names the file, the person and what is wrong."""
    with pytest.raises(ConfigError) as error:
        said(toml)
    assert re.match(r"content/people\.toml:\d+: ", str(error.value))
    assert complaint in str(error.value)


# --- whose papers -------------------------------------------------------------------------------


def settle(toml: str, *papers: Paper) -> list[list[str]]:
    """The addresses of each paper's authors."""
    authors = {each.id: tuple(map(listed, each.authors)) for each in papers}
    after, _ = settled(papers, authors, said(toml))
    return [[author.slug for author in after[each.id]] for each in papers]


def by(id_: str, *names: str) -> Paper:
    """A paper of people who are written "Given Family"."""
    return replace(BARE, id=id_, key=id_, authors=tuple(map(person, names)))


WEI = by("p", "Wei Wang", "Ada Li"), by("q", "W Wang"), by("r", "Wei Wang")


@pytest.mark.parametrize(
    ("toml", "slugs"),
    [
        ("", [["wei-wang", "ada-li"], ["w-wang"], ["wei-wang"]]),
        (
            '[[person]]\nname = "Wei Wang"\nvariants = ["W. Wang"]',
            [["wei-wang", "ada-li"], ["wei-wang"], ["wei-wang"]],
        ),
        (
            '[[person]]\nname = "W. Wang"\nslug = "ww"\nvariants = ["Wei Wang"]',
            [["ww", "ada-li"], ["ww"], ["ww"]],
        ),
        (TWO_OF_A_NAME, [["wei-wang-1", "ada-li"], ["wei-wang-1"], ["wei-wang-2"]]),
        (
            '[[person]]\nname = "Wei Wang"\nslug = "ww"\npapers = ["p"]\n'
            '[[person]]\nname = "Wei Wang"\nvariants = ["W. Wang"]',
            [["ww", "ada-li"], ["wei-wang"], ["wei-wang"]],
        ),
        (
            '[[person]]\nname = "Wei Wang"\nslug = "ww"\npapers = ["q"]',
            [["wei-wang", "ada-li"], ["w-wang"], ["wei-wang"]],
        ),
    ],
)
def test_whose_page_an_author_of_a_paper_has(toml: str, slugs: list[list[str]]) -> None:
    """Variants are one person, papers of one name another's, and nobody else's address changes."""
    assert settle(toml, *WEI) == slugs


def test_papers_are_named_by_id_or_key() -> None:
    """As in papers.toml; by a key that two papers have, or that none has, nothing is meant.

    Of either its line is said.
    """
    papers = [
        replace(by("p", "Wei Wang"), key="k", other_keys=("old",)),
        replace(by("q", "Wei Wang"), key="q", other_keys=("old", "older")),
    ]
    authors = {each.id: tuple(map(listed, each.authors)) for each in papers}
    who = said(WANG.replace('"a", "b"', '"k", "older", "old",\n"none"'))
    after, problems = settled(papers, authors, who)
    assert [after[id_][0].slug for id_ in "pq"] == ["wei-wang-napkins"] * 2
    assert [str(problem) for problem in problems] == [
        'content/people.toml:4: papers of "Wei Wang": '
        '"old" is the key of several papers; name one by its id',
        'content/people.toml:5: papers of "Wei Wang": no paper has the id or key "none"',
    ]


def test_a_paper_claimed_twice_is_said() -> None:
    """Two of one name cannot both have it: the first has."""
    toml = TWO_OF_A_NAME.replace('["r"]', '["p"]')
    authors = {each.id: tuple(map(listed, each.authors)) for each in WEI}
    after, problems = settled(WEI, authors, said(toml))
    assert after["p"][0].slug == "wei-wang-1"
    assert ['another of the name has "p"' in str(problem) for problem in problems] == [True]


def test_who_is_on_no_paper() -> None:
    """Persons whom nobody names, for the linter."""
    who = said(BENGIO + '[[person]]\nname = "Ada Li"\n')
    authors = {each.id: tuple(map(listed, each.authors)) for each in WEI}
    assert [shown(each.name) for each in unnamed(who, authors)] == ["Yoshua Bengio"]


# --- on the site --------------------------------------------------------------------------------


def test_one_page_for_all_names(make_site: Make) -> None:
    """It has the owner's name and links; papers say what they say, and lead there."""
    site = make_site({"a.bib": BIB, "people.toml": BENGIO})
    page = site.read("authors/yoshua-bengio.html")
    assert all(f"../papers/{site.paper(key)['id']}.html" in page for key in "ab")
    assert 'href="https://orcid.org/0000-0002-1694-233X"' in page
    assert 'href="https://example.org/~yb"' in page
    ours = site.read(f"papers/{site.paper('a')['id']}.html")
    assert '<a href="../authors/yoshua-bengio.html">Y. Bengio</a>' in ours
    assert "author = {Bengio, Y. and Wang, Wei}" in ours


def test_programs_learn_the_orcid(make_site: Make) -> None:
    """In the API and the linked data, at this author alone."""
    site = make_site({"a.bib": BIB, "people.toml": BENGIO})
    paper = site.paper("a")
    assert paper["authors"] == [
        {"given": "Y.", "family": "Bengio", "slug": "yoshua-bengio",
         "orcid": "0000-0002-1694-233X"},
        {"given": "Wei", "family": "Wang", "slug": "wei-wang"},
    ]  # fmt: skip
    page = site.read(f"papers/{paper['id']}.html")
    linked = json.loads(re.search(r'application/ld\+json">(.*?)</script>', page)[1])  # type: ignore[index]
    assert linked["author"] == [
        {
            "@type": "Person",
            "name": "Y. Bengio",
            "sameAs": "https://orcid.org/0000-0002-1694-233X",
            "url": "https://example.org/~yb",
        },
        {"@type": "Person", "name": "Wei Wang"},
    ]


@pytest.mark.parametrize("query", ['author:"Yoshua Bengio"', 'author:"Y. Bengio"'])
def test_search_finds_either_name(make_site: Make, query: str) -> None:
    """A paper is found by the name that stands on it, and by the one that the page has."""
    site = make_site({"a.bib": BIB, "people.toml": BENGIO})
    found = CliRunner().invoke(main, ["search", query, str(site.out), "--json"])
    assert site.paper("a")["id"] in found.stdout, found.output


def test_results_are_narrowed_by_person(make_site: Make) -> None:
    """An author among the facets is the person, with all their papers."""
    site = make_site({"a.bib": BIB, "people.toml": BENGIO})
    command = ["export", str(site.folder), "--author", "yoshua-bengio"]
    found = CliRunner().invoke(main, command)
    assert found.stdout.count("title = ") == 2, found.output


HOMONYMS = """
@article{a, author={Wei Wang}, title={Folding}, year=2019, keywords={napkins}}
@article{b, author={Wei Wang}, title={Creasing}, year=2021, keywords={napkins, forks}}
@article{c, author={Wei Wang}, title={Walking}, year=2021, keywords={robots}}
@article{d, author={Ada Li}, title={Baking}, year=2021, keywords={robots}}
"""


def test_people_of_one_name_are_told_apart(make_site: Make) -> None:
    """By years and topic, in the index, among the facets, and on their pages; others are not."""
    site = make_site({"refs.bib": HOMONYMS, "people.toml": WANG})
    one, other = "2019–2021, napkins", "2021, robots"
    index = site.read("authors/index.html")
    files = [each.decode() for name, each in site.tree().items() if "search/authors/" in name]

    for said in (one, other):
        assert f"Wang, Wei ({said})" in index
        assert any(f"Wei Wang ({said})" in file for file in files)
    assert "Li, Ada<" in index.replace("</bdi>", "")
    page = site.read("authors/wei-wang-napkins.html")
    assert f"<title>Wei Wang ({one})" in page
    assert f'<p class="lead">{one}</p>' in page
    assert site.read("papers/wang-2019-folding.html").count("(2019–2021") == 0


def test_people_alike_in_all_are_told_apart_by_address(make_site: Make) -> None:
    """Where years and topic are the same, what is left is the address that the owner chose."""
    bib = HOMONYMS.replace("keywords={robots}", "keywords={napkins}").replace("2019", "2021")
    site = make_site({"refs.bib": bib, "people.toml": WANG})

    assert "Wang, Wei (wei-wang-napkins)" in site.read("authors/index.html")


def test_a_former_address_leads_on(make_site: Make) -> None:
    """What was a page of its own is a redirect, and its .bib a comment."""
    site = make_site({"a.bib": BIB})
    site.rebuild({"content/people.toml": BENGIO})
    assert 'url=yoshua-bengio.html"' in site.read("authors/y-bengio.html")
    assert site.read("authors/y-bengio.bib") == "% These papers are in yoshua-bengio.bib now.\n"
    assert "y-bengio" not in site.read("authors/index.html").replace("yoshua-bengio", "")


def test_a_former_feed_goes_on(make_site: Make) -> None:
    """It keeps its id, has the papers of all their names, and names the new address as its own."""
    settings = 'url = "https://example.org/"\nfeeds = ["authors"]\n'
    site = make_site({"a.bib": BIB, "bibpress.toml": settings})
    former = site.read("authors/y-bengio.xml").split("<id>")[1]
    site.rebuild({"content/people.toml": BENGIO})
    now = site.read("authors/y-bengio.xml")
    assert (now.split("<id>")[1].split("</id>")[0], now.count("<entry>")) == (
        former.split("</id>")[0],
        2,
    )
    assert 'href="https://example.org/authors/yoshua-bengio.xml"' in now


def test_two_of_one_name_stay_apart(make_site: Make) -> None:
    """The papers named are one's, the rest the other's, whose address stays."""
    site = make_site({"a.bib": BIB, "people.toml": WANG})
    slugs = {key: site.paper(key)["authors"][1]["slug"] for key in "abc"}
    assert slugs == {"a": "wei-wang-napkins", "b": "wei-wang-napkins", "c": "wei-wang"}
    assert "Tearing" not in site.read("authors/wei-wang-napkins.html")


def test_a_name_of_two_leads_to_neither(make_site: Make) -> None:
    """Where all papers of a name are told apart, its own page is nobody's."""
    toml = TWO_OF_A_NAME.replace('"p", "q"', '"a"').replace('"r"', '"b", "c"')
    site = make_site({"a.bib": BIB, "people.toml": toml})
    assert "authors/wei-wang.html" not in site.tree()


def test_nothing_leads_to_a_page_that_is_none(make_site: Make) -> None:
    """Whoever has too few papers for a page has no old addresses either."""
    settings = "[size]\nauthors_from = 4\n"
    site = make_site({"a.bib": BIB, "people.toml": BENGIO, "bibpress.toml": settings})
    assert [path for path in site.tree() if "bengio.html" in path] == []


def test_only_pages_that_show_it_are_made(make_site: Make) -> None:
    """A person of two papers is no reason to make the third paper's page again."""
    site = make_site({"a.bib": BIB})
    before = site.tree()
    site.rebuild({"content/people.toml": BENGIO})
    after = site.tree()
    changed = {path for path in after if before.get(path) != after[path]}
    assert f"papers/{site.paper('c')['id']}.html" not in changed
    assert "authors/wei-wang.html" in changed  # who writes with him, and their cards


def test_a_variant_more_makes_no_page_of_a_paper(make_site: Make) -> None:
    """Somebody may have thousands of papers; what none of them says is no reason to make them."""
    site = make_site({"a.bib": BIB, "people.toml": BENGIO})
    report = site.rebuild({"content/people.toml": BENGIO.replace('"]', '", "Bengio, Y. S."]')})
    assert report.made == 2  # what leads on from authors/y-s-bengio, .html and .bib


def test_an_orcid_alone_makes_the_pages_that_say_it(make_site: Make) -> None:
    """It stands on no list and in no card, and its papers' pages follow it all the same."""
    site = make_site({"a.bib": BIB, "people.toml": BENGIO})
    toml = BENGIO.replace("0000-0002-1694-233x", "0000-0002-1825-0097")
    site.rebuild({"content/people.toml": toml})
    assert site.tree() == make_site({"a.bib": BIB, "people.toml": toml}).tree()


def test_who_has_no_people_toml_pays_nothing(make_site: Make) -> None:
    """A file that says nothing changes not a byte."""
    site = make_site({"a.bib": BIB})
    before = site.tree()
    site.rebuild({"content/people.toml": "# nobody\n"})
    assert site.tree() == before


def test_a_name_in_chinese_letters(make_site: Make) -> None:
    """It is read family first however it is written, and has one page; the other leads there."""
    author = "author = {{{}}}, title = {{{}}}".format
    bib = "".join(
        f"@misc{{k{i}, {author(name, title)}}}\n"
        for i, (name, title) in enumerate((("李, 明", "One"), ("李明", "Two"), ("李 明", "Three")))
    )
    site = make_site({"a.bib": bib})
    slugs = {each["authors"][0]["slug"] for each in site.papers()}
    assert slugs == {author_slug(Name("李明"))}
    assert all(">李明</a>" in site.read(f"papers/{each['id']}.html") for each in site.papers())
    target = f"url={slugs.pop()}.html"
    for former in ("明 李", "李 明"):  # where "李, 明" and "李 明" were
        assert target in site.read(f"authors/{slug(former)}.html")


# --- who may be one -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Case:
    """Author lists of a collection, and the pairs that should be proposed of them."""

    lists: Sequence[str]
    pairs: Sequence[tuple[str, str]] = ()


KIMS = tuple(f"Kim-{letter * 3} Doe" for letter in "abcdefghijklmn")
ALIKE = {
    "an initial": Case(["Y. Bengio", "Yoshua Bengio"], [("Y. Bengio", "Yoshua Bengio")]),
    "initials in one word": Case(["HH Asada", "H.H. Asada"], [("HH Asada", "H.H. Asada")]),
    "an initial that fits two": Case(["J. Dürr", "John Dürr", "Jane Dürr"]),
    "an initial that fits two, and a friend": Case(
        ["J. Dürr, Eva Low", "John Dürr, Eva Low", "Jane Dürr"], [("J. Dürr", "John Dürr")]
    ),
    "an initial that fits two, and a friend of both": Case(
        ["J. Dürr, Eva Low", "John Dürr, Eva Low", "Jane Dürr, Eva Low"]
    ),
    "an initial of a common name": Case(["W. Wang", "Wei Wang"]),
    "an initial of a common name, and a friend": Case(
        ["W. Wang, Eva Low", "Wei Wang, Eva Low"], [("W. Wang", "Wei Wang")]
    ),
    "an initial in a large family": Case(["X. Doe", "Xena Doe", *KIMS]),
    "another initial": Case(["A. Bengio, Eva Low", "Yoshua Bengio, Eva Low"]),
    "a middle name": Case(["Ada Pell", "Ada K. Pell"], [("Ada Pell", "Ada K. Pell")]),
    "a middle name shortened": Case(
        ["Ada Kim Pell", "Ada K. Pell"], [("Ada K. Pell", "Ada Kim Pell")]
    ),
    "a name that fits two with middle names": Case(["Ada Pell", "Ada K. Pell", "Ada M. Pell"]),
    "another middle name": Case(["Ada J. Pell, Eva Low", "Ada K. Pell, Eva Low"]),
    "a longer Chinese name": Case(["Li Liu, Eva Low", "Li-Ping Liu, Eva Low"]),
    "parted otherwise": Case(
        ["Jang-Won Pell", "Jangwon Pell"], [("Jang-Won Pell", "Jangwon Pell")]
    ),
    "family and given name": Case(
        ["Qinghua Zheng", "Zheng Qinghua", "An Zheng", "Bo Zheng"],
        [("Zheng Qinghua", "Qinghua Zheng")],
    ),
    "either may be the family": Case(["Li Wang", "Wang Li", "An Wang", "Bo Li"]),
    "a slip": Case(
        ["Jérême Szewczyk", "Jérôme Szewczyk"], [("Jérême Szewczyk", "Jérôme Szewczyk")]
    ),
    "a slip in the family": Case(
        ["Bruno Laccrda, Eva Low", "Bruno Lacerda, Eva Low"], [("Bruno Laccrda", "Bruno Lacerda")]
    ),
    "letters exchanged": Case(
        ["Takayuki Matusno, Eva Low", "Takayuki Matsuno, Eva Low"],
        [("Takayuki Matusno", "Takayuki Matsuno")],
    ),
    "two families": Case(["Sheng Tang, Eva Low", "Sheng Wang, Eva Low"]),
    "a short given name": Case(["Jian Pell, Eva Low", "Jiao Pell, Eva Low"]),
    "a daughter": Case(["Daniel Pell", "Daniela Pell"]),
    "on one paper": Case(["Y. Bengio, Yoshua Bengio"]),
    "another suffix": Case(["Bo Pell Jr., Eva Low", "B. Pell Sr., Eva Low"]),
    "a group": Case(["{Gemini Team}", "{Gemini Teams}"]),
}  # fmt: skip


def proposals(lists: Sequence[str], toml: str = "") -> tuple[Alike, ...]:
    """What is proposed in a collection of papers by these."""
    papers = [
        replace(BARE, id=f"p{i}", key=f"p{i}", authors=people_of(names))
        for i, names in enumerate(lists)
    ]
    authors = {each.id: tuple(map(listed, each.authors)) for each in papers}
    who = said(toml)
    return alike(papers, settled(papers, authors, who)[0], who)


def people_of(names: str) -> tuple[Name, ...]:
    """The authors of a list with commas between them."""
    return tuple(people._read(name) for name in names.split(", "))


def test_a_family_of_any_size_takes_linear_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice as many of a family, in groups that know each other, are compared twice as often."""
    whole, compared = people._fit, [0]

    def counted(one: Sequence[str], other: Sequence[str]) -> bool:
        compared[0] += 1
        return whole(one, other)

    def work(groups: int) -> int:
        compared[0] = 0
        proposals(
            [
                f"{name} Wang, Zed {chr(97 + n) * 6}"
                for n in range(groups)
                for name in _initials_and_names(n)
            ]
        )
        return compared[0]

    monkeypatch.setattr(people, "_fit", counted)
    assert work(20) < 3 * work(10)


def _initials_and_names(n: int) -> Iterator[str]:
    """Ten initials, each with a name that it fits, as no other group has them."""
    for i, letter in enumerate("ABCDEFGHIJ"):
        second = chr(ord("A") + n)
        yield f"{letter}. {second}."
        yield f"{letter}{'xyz'[i % 3]}o {second}u"


@pytest.mark.parametrize("name", ALIKE)
def test_who_looks_alike(name: str) -> None:
    """What is proposed is likely, and what is as likely somebody else is not."""
    case = ALIKE[name]
    found = proposals(case.lists)
    assert sorted(sorted((each.other, each.name)) for each in found) == sorted(
        map(sorted, case.pairs)
    )


@pytest.mark.parametrize("name", [name for name, case in ALIKE.items() if case.pairs])
def test_what_is_proposed_can_be_copied(name: str) -> None:
    """The entry, put into people.toml as it is, makes one page, and nothing is proposed then."""
    lists = ALIKE[name].lists
    assert proposals(lists, "\n".join(each.entry for each in proposals(lists))) == ()


def test_who_is_known_stays_first() -> None:
    """Another name of somebody in people.toml is proposed for that entry."""
    toml = '[[person]]\nname = "Y. Bengio"\n'
    (found,) = proposals(["Y. Bengio", "Yoshua Bengio"], toml)
    assert (found.slug, found.entry) == (
        "y-bengio",
        '# to the person "Y. Bengio"\nvariants = ["Yoshua Bengio"]',
    )


def test_two_persons_of_the_file_are_not_alike() -> None:
    """An owner says so by giving each an entry."""
    toml = '[[person]]\nname = "Y. Bengio"\n[[person]]\nname = "Yoshua Bengio"\n'
    assert proposals(["Y. Bengio", "Yoshua Bengio"], toml) == ()


def test_one_of_several_of_a_name_is_not_alike() -> None:
    """Whose papers an owner has told apart is not proposed to be one again."""
    assert (
        proposals(["Wei Bohl", "Wei Bohl"], WANG.replace("Wang", "Bohl").replace('"a"', '"p0"'))
        == ()
    )


def test_all_names_of_one_are_one_entry() -> None:
    """Three spellings are two proposals with one entry, so that copying either is right."""
    lists = ["Y. Bengio, Eva Low", "Yoshua Bengio, Eva Low", "Yoshua B. Bengio, Eva Low"]
    entries = {each.entry for each in proposals([*lists, lists[1]])}
    assert entries == {
        '[[person]]\nname = "Yoshua Bengio"\nvariants = ["Y. Bengio", "Yoshua B. Bengio"]'
    }


def test_why_and_where() -> None:
    """A proposal names a paper with the rarer name, and who wrote with both."""
    (found,) = proposals(["Yoshua Bengio, Eva Low", "Y. Bengio, Eva Low", "Yoshua Bengio"])
    assert (found.paper, found.reason) == ("p1", "initials that fit; both wrote with Eva Low")


@pytest.mark.parametrize("shape", ["all of one family", "all of one given name", "initials alone"])
def test_pairs_grow_with_the_authors(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice the authors are about twice the pairs that are looked at, whatever they are called."""
    judged: list[tuple[str, str]] = []
    matched = people._matched

    def counted(pair: tuple[str, str], known: Any) -> Any:
        judged.append(pair)
        return matched(pair, known)

    monkeypatch.setattr(people, "_matched", counted)
    looked = []
    for size in (400, 800):
        judged.clear()
        proposals([", ".join(_name(shape, i + j) for j in range(4)) for i in range(0, size, 2)])
        looked.append(len(judged))
    assert looked[1] < 2.5 * looked[0] + 50


def _name(shape: str, i: int) -> str:
    word = "".join("abcdefghij"[int(digit)] for digit in f"{i:04}").capitalize()
    return {
        "all of one family": f"{word} Wang",
        "all of one given name": f"Wei {word}",
        "initials alone": f"{word[-1]}. {'AB'[i % 2]}. Wang",
    }[shape]


def test_the_guide_says_what_is_read() -> None:
    """Its examples are settings in force, all that there are."""
    guide = (ROOT / "docs/guide/people.md").read_text("utf-8")
    part = guide.partition("\n## Venues\n")[0]
    examples = re.findall(r"```toml\n(.*?)```", part, re.DOTALL)
    (table,) = tomllib.loads(examples[0])["person"]
    assert len(said("\n".join(examples)).persons) == 2
    assert {"name", *people._READ} == {*table, "slug", "papers"}
    assert all(f"`{name}`" in part for name in people._READ)
