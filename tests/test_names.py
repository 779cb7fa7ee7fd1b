"""What author fields hold in the wild, and what names they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator import names as module
from generator.model import Name
from generator.names import (
    LONGEST,
    OTHERS,
    author_slug,
    former_slugs,
    in_words,
    index_name,
    initial,
    named_in,
    people,
    person,
    plain_list,
    shown,
    sort_key,
    spelling,
)
from generator.text import slug
from tests.timing import is_linear

# field → names as (family, given, suffix); a group is its bare name
READ: Mapping[str, Iterable[object]] = {
    "Ludwig van Beethoven": [("van Beethoven", "Ludwig")],
    "Beethoven, Ludwig van": [("Beethoven", "Ludwig van")],
    "van der Berg, Jan": [("van der Berg", "Jan")],
    "de la Cruz, Juan": [("de la Cruz", "Juan")],
    "Jean de La Fontaine": [("de La Fontaine", "Jean")],
    "van Gogh": [("van Gogh", "")],
    "José Ortega y Gasset": [("Ortega y Gasset", "José")],
    "Maria Luísa Costa e Silva": [("Costa e Silva", "Maria Luísa")],
    "J. y Gasset": [("y Gasset", "J.")],
    "bell hooks": [("hooks", "bell")],
    "Plato": [("Plato", "")],
    "LI, X": [("LI", "X")],
    "García Márquez, Gabriel José": [("García Márquez", "Gabriel José")],
    "Zhang, Zhongfei (Mark)": [("Zhang", "Zhongfei (Mark)")],
    "李四": [("李四", "")],
    "李, 四": [("李", "四")],
    "李 四": [("李", "四")],
    "山田 太郎 and 김 철수": [("山田", "太郎"), ("김", "철수")],
    "アダ ラブレス": [("ラブレス", "アダ")],
    # biblatex's extended format
    "given=Ada, family=Lovelace and given=Alan, family=Turing": [
        ("Lovelace", "Ada"),
        ("Turing", "Alan"),
    ],
    "family=Berg, given={Jan Piet}, prefix=van der, useprefix=true and Smith, Bo": [
        ("van der Berg", "Jan Piet"),
        ("Smith", "Bo"),
    ],
    "given = Martin, family = King, suffix = Jr., given-i = M": [("King", "Martin", "Jr.")],
    "a=b, c": [("a=b", "c")],
    # suffixes
    "King, Jr., Martin Luther": [("King", "Martin Luther", "Jr.")],
    "Daum\\'e, III, Hal": [("Daumé", "Hal", "III")],
    "John G. Rogers III": [("Rogers", "John G.", "III")],
    "Sammy Davis Jr.": [("Davis", "Sammy", "Jr.")],
    "Sammy Davis, Jr.": [("Davis", "Sammy", "Jr.")],
    "Naoaki Ii": [("Ii", "Naoaki")],
    # braces and LaTeX
    "{OpenAI}": ["OpenAI"],
    "{{European Space Agency}}": ["European Space Agency"],
    "{Barnes and Noble} and Smith, John": ["Barnes and Noble", ("Smith", "John")],
    "{Md Jahidul} Islam": [("Islam", "Md Jahidul")],
    "Cédric {Le Gentil}": [("Le Gentil", "Cédric")],
    'M{\\"u}ller, J{\\"o}rg': [("Müller", "Jörg")],
    "Przemys\\l aw Spurek": [("Spurek", "Przemysław")],
    "M&uuml;ller, J&#246;rg": [("Müller", "Jörg")],
    "Donald~E. Knuth": [("Knuth", "Donald E.")],
    # what joins names
    "A B AND C D": [("B", "A"), ("D", "C")],
    "A B\n  and C D": [("B", "A"), ("D", "C")],
    "Alexander Andersson": [("Andersson", "Alexander")],
}

# field → names, and a word of the message it earns
MENDED: Mapping[str, tuple[Iterable[object], str]] = {
    "A. Smith, B. Jones, C. Brown, D. Black": (
        [("Smith", "A."), ("Jones", "B."), ("Brown", "C."), ("Black", "D.")],
        "commas",
    ),
    "John Smith, Ann Jones, Bo Brown and Cy Black": (
        [("Smith", "John"), ("Jones", "Ann"), ("Brown", "Bo"), ("Black", "Cy")],
        "commas",
    ),
    "John Smith, Ann Jones, and Bo Brown": (
        [("Smith", "John"), ("Jones", "Ann"), ("Brown", "Bo")],
        "commas",
    ),
    "A. Smith, B. Jones and C. Brown": (
        [("Smith", "A."), ("Jones", "B."), ("Brown", "C.")],
        "commas",
    ),
    "Smith, J., Jones, B., Brown, C.": (
        [("Smith", "J."), ("Jones", "B."), ("Brown", "C.")],
        "commas",
    ),
    "Smith J, van Dyk AB, Brown C": (
        [("Smith", "J"), ("van Dyk", "AB"), ("Brown", "C")],
        "commas",
    ),
    "Ann Smith, Jr., Bo Jones, Cy Brown": (
        [("Smith", "Ann", "Jr."), ("Jones", "Bo"), ("Brown", "Cy")],
        "commas",
    ),
    "Smith, J.; Jones, B.": ([("Smith", "J."), ("Jones", "B.")], ";"),
    "A Smith & B Jones": ([("Smith", "A"), ("Jones", "B")], "&"),
    "A Smith \\& B Jones": ([("Smith", "A"), ("Jones", "B")], "&"),
    "张三、李四": ([("张三", ""), ("李四", "")], "、"),
    "A Smith and": ([("Smith", "A")], "empty"),
    "A Smith and and B Jones": ([("Smith", "A"), ("Jones", "B")], "empty"),
    "Smith, John, Jr.": ([("Smith", "John", "Jr.")], "suffix"),
    "Smith, John, PhD": ([("Smith", "John")], "degree"),
    "A Smith$^{1}$ and B Jones$^{1,2}$": ([("Smith", "A"), ("Jones", "B")], "marks"),
    "A Smith\\textsuperscript{*} and B Jones†": ([("Smith", "A"), ("Jones", "B")], "marks"),
    "A Smith1,2 and B Jones3": ([("Smith", "A"), ("Jones", "B")], "marks"),
    "Wei Wang 0001": ([("Wang", "Wei")], "numbers"),
    "A Smith <a.smith@example.org>": ([("Smith", "A")], "addresses"),
    "A Smith (Somewhere, Inc.) and B Jones": ([("Smith", "A"), ("Jones", "B")], "affiliations"),
    "{Smith, Ann and Jones, Bo}": ([("Smith", "Ann"), ("Jones", "Bo")], "braces"),
    "A {Smith and B Jones": ([("Smith", "A"), ("Jones", "B")], "braces"),
    "Gemini Team": (["Gemini Team"], "group"),
    "Team, Gemini": (["Gemini Team"], "group"),
    "Google, Inc.": (["Google, Inc."], "group"),
    "A Smith et al.": ([("Smith", "A"), OTHERS], "others"),
    "Smith, A., et al.": ([("Smith", "A."), OTHERS], "others"),
    "A Smith and 12 others": ([("Smith", "A"), OTHERS], "others"),
    "others and A Smith": ([("Smith", "A"), OTHERS], "end"),
    "others": ([], "end"),
}

fields = st.text(st.sampled_from("aB é.,;&{}\\\"'~$^1*()@-李、\n") | st.characters(), max_size=60)
given_names = st.sampled_from(["Ann", "J.", "J.-P.", "Mary Jane", "Šárka", "Xin", "A. d."])
families = st.sampled_from(["Smith", "van der Berg", "García Márquez", "O'Brien", "LI", "Łoś"])


def as_names(expected: Iterable[object]) -> tuple[Name, ...]:
    """Names in the short form of the tables above, written out."""
    return tuple(map(as_name, expected))


def as_name(item: object) -> Name:
    """One of them: a group's bare name, or the parts of a person's."""
    match item:
        case str():
            return Name(item, group=True)
        case (str(family), str(given_name)):
            return Name(family, given_name)
        case (str(family), str(given_name), str(suffix)):
            return Name(family, given_name, suffix)
    assert isinstance(item, Name)
    return item


@pytest.mark.parametrize("field", READ)
def test_regular_names_are_read_as_bibtex_reads_them(field: str) -> None:
    """Names that keep to BibTeX's grammar are read by it, without a message."""
    assert people(field) == (as_names(READ[field]), ())


@pytest.mark.parametrize("field", MENDED)
def test_irregular_names_are_read_as_meant(field: str) -> None:
    """Names that break the grammar in a common way are read as meant, and the message says why."""
    names, messages = people(field)

    assert names == as_names(MENDED[field][0])
    assert len(messages) == 1
    assert MENDED[field][1] in messages[0]


@pytest.mark.parametrize("field", ["", " ", "\n"])
def test_an_empty_field_is_no_names(field: str) -> None:
    """Where nothing is said nothing is wrong."""
    assert people(field) == ((), ())


def test_others_stay_at_the_end() -> None:
    """A list that ends in "and others" keeps that, in a form that can be told from a person."""
    assert people("Smith, Ann and others") == ((Name("Smith", "Ann"), OTHERS), ())


def test_each_kind_of_message_comes_once() -> None:
    """A field with the same fault many times gets one message, which counts them."""
    _, messages = people("A Smith1 and B Jones2 and C Brown3")

    assert len(messages) == 1
    assert "2 more" in messages[0]


def test_a_name_too_long_is_cut() -> None:
    """A lost brace or "and" makes no name of a thousand words."""
    names, messages = people("{" + "Very Long " * 500 + "}")

    assert len(str(names[0])) <= LONGEST
    assert "cut" in messages[0]


@settings(deadline=None)
@given(fields)
def test_any_text_is_read(field: str) -> None:
    """No text at all raises, and no name is empty."""
    for names in (people(field)[0], plain_list(field)):
        assert all(str(name).strip() for name in names)
    person(field)


@settings(deadline=None)
@given(st.lists(st.builds(Name, families, given_names), min_size=1, max_size=5))
def test_names_in_regular_form_come_back(names: list[Name]) -> None:
    """Names written "Family, Given" and joined by "and" are read back as they were."""
    field = " and ".join(f"{name.family}, {name.given}" for name in names)

    assert people(field)[0] == tuple(names)


@pytest.mark.parametrize(
    "piece",
    ["A Smith and ", "Smith, A., ", "{", "}", "{}", "$^", "\\inst[", "\\textsuperscript{", " (",
     "<a@", "a.b-", "and ", "& ", ";", "\\", "{\\'", "é ", "1", "\\l ", "a van "],
)  # fmt: skip
def test_time_is_linear(piece: str) -> None:
    """A field four times as long takes about four times as long, whatever it consists of."""
    assert is_linear(lambda size: people(piece * size), 10_000 // len(piece))


# --- one name, plain lists ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("Ann Smith", Name("Smith", "Ann")),
        ("Smith, Ann", Name("Smith", "Ann")),
        ("Ludwig van Beethoven", Name("van Beethoven", "Ludwig")),
        ("Martin Luther King, Jr.", Name("King", "Martin Luther", "Jr.")),
        ("Plato", Name("Plato")),
        ("Jörg Müller", Name("Müller", "Jörg")),
        ("Barnes and Noble", Name("Barnes and Noble", group=True)),
        ("Barnes & Noble", Name("Barnes & Noble", group=True)),
        ("a, b, c, d", Name("a, b, c, d", group=True)),
        ("Ann\uffff Smith\u200b", Name("Smith", "Ann")),
        ("\ufffe\uffff", Name("", group=True)),
    ],
)
def test_one_plain_name(value: str, name: Name) -> None:
    """Plain text is one name whatever it is; what cannot be a person's is a group's."""
    assert person(value) == name


@pytest.mark.parametrize(
    "value",
    ["Ann Smith, Bo Jones and Cy Brown", "Ann Smith, Bo Jones, and Cy Brown",
     "Ann Smith; Bo Jones; Cy Brown", "Smith, Ann; Jones, Bo; Brown, Cy",
     "Smith, Ann and Jones, Bo and Brown, Cy", "Ann Smith, Bo Jones, Cy Brown"],
)  # fmt: skip
def test_plain_lists(value: str) -> None:
    """A plain list of names may be written in any of the ways people write one."""
    assert plain_list(value) == (Name("Smith", "Ann"), Name("Jones", "Bo"), Name("Brown", "Cy"))


@pytest.mark.parametrize(
    "value",
    ["van Dijk, Teun A.", "García Márquez, Gabriel José", "de la Cruz Pérez, Ana María",
     "Holm Larsen, Anna Sophie", "d'Alembert Roux, Jean Baptiste", "ابن خلدون, عبد الرحمن",
     "Zhang, Li", "Smith, Lee", "Aho Laine, T. M."],
)  # fmt: skip
def test_a_comma_within_one_name(value: str) -> None:
    """A particle, a family name or a given name tell of two parts that they are one person's."""
    family, _, given_name = value.partition(", ")
    assert plain_list(value) == (Name(family, given_name),)


@pytest.mark.parametrize(
    "value",
    ["Smith, Jones", "Ada Smith, Bo Li", "ADA SMITH, BO LI", "A. Smith, B. Jones",
     "Ana García, Juan José", "Li Wei, Wang Fang", "Teun van Dijk, Ada de Vries"],
)  # fmt: skip
def test_a_comma_between_two_names(value: str) -> None:
    """Where nothing tells that it is within a name, it stands between two."""
    assert " and ".join(map(str, plain_list(value))) == value.replace(", ", " and ")


def test_a_plain_name_is_not_latex() -> None:
    """Braces and backslashes in plain text are letters like others."""
    assert plain_list("A {B} \\C")[0] == Name("\\C", "A {B}")


# --- what is made of names ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("better", "poorer"),
    [
        ("García Lorca", "Garcia Lorca"),
        ("John Smith", "JOHN SMITH"),
        ("John Smith", "John SMITH"),
        ("Ada Smith", "ada smith"),
        ("JÖRG MÜLLER", "Jorg Muller"),
        ("J. K. Smith", "J.K. Smith"),
    ],
)
def test_the_better_spelling(better: str, poorer: str) -> None:
    """Accents go before none, small letters before capitals, the longer before the shorter."""
    assert sorted([poorer, better], key=spelling) == [better, poorer]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Name("Smith", "J. K."), Name("smith", "j k")),
        (Name("Smith", "J.K."), Name("Smith", "J. K.")),
        (Name("Müller", "Jörg"), Name("Muller", "Jorg")),
        (Name("van Roy", "Ben"), Name("Roy", "Ben van")),
        (Name("King", "Martin", "Jr."), Name("King", "Martin", "Jr")),
        (Name("李", "明"), Name("李明")),
        (Name("山田", "さくら"), Name("山田さくら")),
    ],
)
def test_spellings_that_share_a_page(one: Name, other: Name) -> None:
    """Case, accents, the dots of initials and where a particle is put do not part an author."""
    assert author_slug(one) == author_slug(other)


@pytest.mark.parametrize(
    ("name", "said", "former"),
    [
        (Name("Lovelace", "Ada"), "Ada Lovelace", []),
        (Name("李", "明"), "李明", ["明 李", "李 明"]),
        (Name("李明"), "李明", []),
        (Name("김", "철수"), "김철수", ["철수 김", "김 철수"]),
        (Name("ラブレス", "アダ"), "アダ ラブレス", []),
        (Name("李", "Ming"), "Ming 李", []),
    ],
)
def test_the_order_in_which_a_name_is_read(name: Name, said: str, former: list[str]) -> None:
    """Chinese, Japanese and Korean letters put the family first; where it was not, old pages."""
    assert (shown(name), former_slugs(name)) == (said, tuple(map(slug, former)))


@pytest.mark.parametrize(
    ("field", "kept"),
    [
        ("Ann Smith and {\\O}re, Bo", "Ann Smith and Øre, Bo"),
        ("{Royal Society}", "{Royal Society}"),
        ("{Barnes and Noble} and Ann Smith", "{Barnes and Noble} and Smith, Ann"),
        ("{Jones, Jr.} and King, Jr., Martin and others", "{Jones, Jr.} and King, Jr., Martin"),
        ("Gemini Team", "Gemini Team"),
    ],
)
def test_a_field_of_names_in_words(field: str, kept: str) -> None:
    """Without LaTeX it holds the same names: braces stay only where they make a group."""
    assert in_words(field).startswith(kept)
    assert named_in(in_words(field)) == people(field)[0]


def test_given_names_part_authors() -> None:
    """Ann Smith and A. Smith may be two people: never guess."""
    assert author_slug(Name("Smith", "A.")) != author_slug(Name("Smith", "Ann"))


@pytest.mark.parametrize(
    ("name", "letter", "shown"),
    [
        (Name("van Beethoven", "Ludwig"), "B", "Beethoven, Ludwig van"),
        (Name("Van Roy", "Benjamin"), "V", "Van Roy, Benjamin"),
        (Name("d'Aspremont", "Alexandre"), "D", "d'Aspremont, Alexandre"),
        (Name("Šimek", "Jan"), "S", "Šimek, Jan"),
        (Name("King", "Martin Luther", "Jr."), "K", "King, Martin Luther, Jr."),
        (Name("OpenAI", group=True), "O", "OpenAI"),
        (Name("of the Rings", group=True), "O", "of the Rings"),
        (Name("hooks", "bell"), "H", "hooks, bell"),
        (Name("李", "四"), "#", "李四"),
        (Name("ラブレス", "アダ"), "#", "ラブレス, アダ"),
        (Name("3M", group=True), "#", "3M"),
        (Name("The Folding Consortium", group=True), "F", "The Folding Consortium"),
        (Name("The", "Ni Ni"), "T", "The, Ni Ni"),
    ],
)
def test_how_an_index_shows_a_name(name: Name, letter: str, shown: str) -> None:
    """A name stands under the letter it is sorted by, and begins with the word it is sorted by."""
    assert (initial(name), index_name(name)) == (letter, shown)


def test_order_of_an_index() -> None:
    """Family names are sorted without case, accents and particles; what is not Latin comes last."""
    names = [
        Name("Ábel", "Zoe"),
        Name("van Acker", "An"),
        Name("acker", "Bo"),
        Name("Öztürk", "Ali"),
        Name("Zhang", "A"),
        Name("李", "四"),
    ]

    assert sorted((names[i] for i in (5, 2, 0, 4, 1, 3)), key=sort_key) == names


WORDS = (
    "Ada", "J.", "J", "J.-P.", "X.Y.", "van", "Van", "SMITH", "Li", "O'Kane", "d'Ago", "A-B",
    "A--B", "A''B", "McA", "É.", "Édouard", "Škoda", "Ĳ", "ß", "é", "and", "AND", "And", ",", ",",
    "others", "Others", "et", "Al", "al.", "Jr.", "Jr", "II", "III", "PhD", "Ph.D.", "M.", "S.",
    "Sc", "D.", "P.", "H.", "Phil", "Team", "Collaboration", "Inc.", "{OpenAI}", "more", "authors",
    "3", "2nd", "Smith1", "(MIT)", "*", "&", ";", "\\'e", "$x$", "a@b.org", "...",
)  # fmt: skip


@settings(max_examples=2000, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=7), st.sampled_from([" ", "", " and "]))
@example(["Smith", ",", "P.", "H.", "D."], " ")
def test_the_short_cut_changes_nothing(words: list[str], between: str) -> None:
    """Names that are read by one pattern are those that all the rules make of them."""
    value = between.join(words).replace(" ,", ",")
    quick = people(value)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_SPECIAL", re.compile(""))
        assert people(value) == quick


def test_usual_names_take_the_short_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names as most people write them are not taken apart."""
    monkeypatch.setattr(module, "_names", lambda *_, **__: pytest.fail("taken apart"))
    value = "Knuth, Donald E. and Jean-Pierre Serre and O'Neil, Édouard and J.-P. Smíd and LI, X"
    assert len(people(value)[0]) == 5
