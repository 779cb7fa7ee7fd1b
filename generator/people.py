"""Who is who: the owner's `people.toml`, and names in a collection that look like one person.

Two papers' authors are one person where their names have one address (`names.author_slug`): case,
accents, dots and the order of particles make no difference, anything else may be somebody else.
`people.toml` says the rest: which spellings are one person, and which papers of one name are
somebody else's. On papers everybody stays named as there; what changes is whose page that is.

What the file does not say is proposed, never done (`alike`).
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import combinations
from typing import Any, NamedTuple

from generator import text
from generator.model import Link, Name, Paper, Problem
from generator.names import Listed, author_slug, person, shown, spelling, without_others
from generator.toml import Toml, Way, of_no_paper

NAME = "people.toml"
ORCID = "https://orcid.org/"

Authors = Mapping[str, tuple[Listed, ...]]
"""Who wrote each paper, by its id."""


@dataclass(frozen=True, slots=True)
class Person:
    """One [[person]]: the name that their page shows, its address, and whom names stand for.

    `addresses` are those that the name and its variants would have by themselves. Somebody with
    `papers` (keys or ids) is meant by these names on these papers only. Both are kept out of
    `repr`: no page shows them, so that one more makes none anew.
    """

    name: Name
    slug: str
    addresses: tuple[str, ...] = field(repr=False)
    orcid: str = ""
    url: str = ""
    papers: tuple[str, ...] = field(default=(), repr=False)

    @property
    def links(self) -> tuple[Link, ...]:
        """Where else the person is to be found."""
        orcid = (Link(ORCID + self.orcid, f"ORCID {self.orcid}"),) if self.orcid else ()
        return (*orcid, *((Link(self.url, "Website"),) if self.url else ()))


@dataclass(frozen=True)
class People:
    """All that `people.toml` says, in its order; `said` is the file, which tells of lines."""

    persons: tuple[Person, ...] = ()
    said: Toml = field(default=Toml(NAME), repr=False, compare=False)

    @cached_property
    def by_slug(self) -> Mapping[str, Person]:
        """The persons by the address of their page."""
        return {each.slug: each for each in self.persons}

    @cached_property
    def by_name(self) -> Mapping[str, Person]:
        """Whom a name stands for on every paper that nobody claims, by the name's address."""
        return {
            address: each
            for each in self.persons
            if not each.papers
            for address in (*each.addresses, each.slug)
        }

    @cached_property
    def former(self) -> Mapping[str, str]:
        """Where else a person's page would be, and where it is; not where two would be there."""
        claims = Counter(address for each in self.persons for address in each.addresses)
        return {
            address: each.slug
            for each in self.persons
            for address in each.addresses
            if claims[address] == 1 and address not in self.by_slug
        }


def load(said: Toml) -> People:
    """What `people.toml` says: `[[person]]` with a name and the settings of `_READ`.

    Raises ConfigError, which names the line and the person, for an unknown setting, a value of a
    wrong kind, an ORCID whose check digit is wrong, and for two persons that claim one address,
    one ORCID or, neither saying on which papers, one name.
    """
    said.check_names("setting", ["person"])
    persons = tuple(_person(said, path, table) for path, table in said.tables("person"))
    _check_names(persons, said)
    _check_claims("slug", [each.slug for each in persons], persons, said)
    _check_claims("orcid", [each.orcid for each in persons], persons, said)
    return People(persons, said)


def settled(
    papers: Sequence[Paper], authors: Authors, people: People
) -> tuple[Authors, tuple[Problem, ...]]:
    """The authors with the addresses that `people.toml` gives them, and papers named in vain.

    A name that two authors of one paper have is the same person both times.
    """
    if not people.persons:
        return authors, ()
    mine, problems = _on_papers(papers, people)
    return {
        id_: tuple([_settled(id_, author, mine, people.by_name) for author in listed])
        for id_, listed in authors.items()
    }, tuple(problems)


def unnamed(people: People, authors: Authors) -> tuple[Person, ...]:
    """The persons of `people.toml` whom no paper names; `authors` as `settled` gives them."""
    named = {author.slug for listed in authors.values() for author in listed}
    return tuple(each for each in people.persons if each.slug not in named)


# --- reading the file ---------------------------------------------------------------------------

_URL = re.compile(r"""https?://[^\s"'<>\\^`{|}]+""")
_ORCID = re.compile(r"(?:https?://orcid\.org/)?((?:[0-9]{4}-?){3}[0-9]{3}[0-9Xx])/?")


def _person(said: Toml, path: Way, table: Mapping[str, Any]) -> Person:
    said.check_names("setting of a person", ("name", *_READ), *path)
    given = table.get("name")
    if not isinstance(given, str) or not given.strip():
        raise said.wrong('every person needs a name: name = "…"', *path, "name")
    name = _read(given)
    given_too = [setting for setting in _READ if setting in table]
    found = {setting: _value(said, (*path, setting), shown(name)) for setting in given_too}
    addresses = tuple(map(author_slug, (name, *map(_read, found.pop("variants", ())))))
    slug = found.pop("slug", "") or addresses[0]
    if found.get("papers") and slug in addresses:
        needed = "needs an address that is nobody else's"
        wrong = f'"{shown(name)}" with papers of their own {needed}: slug = "{slug}-…"'
        raise said.wrong(wrong, *path, "slug")
    return Person(name, slug, tuple(dict.fromkeys(addresses)), **found)


def _value(said: Toml, path: Way, name: str) -> Any:
    """What a setting of a person says, as a `Person` has it; but for variants, which are texts."""
    setting = str(path[-1])
    try:
        return _READ[setting](said.at(*path))
    except ValueError as error:
        raise said.wrong(f'{setting} of "{name}" {error}', *path) from error


def _read(value: str) -> Name:
    """The name that is meant; a group's stands in braces where nothing else says that it is one."""
    value = value.strip()
    is_group = value.startswith("{") and value.endswith("}")
    return Name(value[1:-1].strip(), group=True) if is_group else person(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("must be a text")
    return value.strip()


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(v, str) and v.strip() for v in values):
        raise ValueError('must be a list of texts: ["…", "…"]')
    return tuple(value.strip() for value in values)


def _slug(value: object) -> str:
    """The address of a person's page, as the file may say it."""
    given = _text(value)
    if given and given != text.slug(given):
        raise ValueError("must be of a-z, 0-9 and hyphens")
    return given


def _url(value: object) -> str:
    given = _text(value)
    if given and not _URL.fullmatch(given):
        raise ValueError('must be an address: "https://…"')
    return given


def _orcid(value: object) -> str:
    """An ORCID without its address, in groups of four; its last sign is right (ISO 7064, 11-2)."""
    given = _text(value)
    match = _ORCID.fullmatch(given)
    if given and not match:
        raise ValueError('must look like "0000-0002-1825-0097"')
    if not match:
        return ""
    signs = match[1].replace("-", "").upper()
    bare = "-".join(signs[i : i + 4] for i in range(0, 16, 4))
    if signs[-1] != _check_sign(signs[:-1]):
        raise ValueError(f"has a typing error: {bare} is nobody's")
    return bare


_READ: Mapping[str, Callable[[Any], Any]] = {
    "slug": _slug,
    "variants": _texts,
    "orcid": _orcid,
    "url": _url,
    "papers": _texts,
}
"""What each setting's value means; ValueError, of which the place is said, where it means nothing.
"""


def _check_sign(digits: str) -> str:
    """The last sign of an ORCID with these digits."""
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    rest = (12 - total % 11) % 11
    return "X" if rest == 10 else str(rest)


def _check_claims(
    setting: str, values: Iterable[str], persons: Sequence[Person], said: Toml
) -> None:
    """Raise ConfigError where two persons have one slug or one ORCID; the later one is named."""
    claimed: dict[str, Person] = {}
    for place, (value, each) in enumerate(zip(values, persons, strict=True)):
        if value and (other := claimed.setdefault(value, each)) is not each:
            wrong = f"{_both(other, each)} have one {setting}, {value}"
            raise said.wrong(wrong, "person", place, setting)


def _check_names(persons: Sequence[Person], said: Toml) -> None:
    """Raise ConfigError where a name stands for two persons and papers cannot say for which."""
    claimed: dict[str, Person] = {}
    for place, each in enumerate(persons):
        for address in () if each.papers else (*each.addresses, each.slug):
            if (other := claimed.setdefault(address, each)) is not each:
                how = "say with papers = [...] which are whose"
                wrong = f"{_both(other, each)} are both meant by authors/{address}.html; {how}"
                raise said.wrong(wrong, "person", place)


def _both(one: Person, other: Person) -> str:
    return f'"{shown(one.name)}" and "{shown(other.name)}"'


# --- whose papers -------------------------------------------------------------------------------


def _on_papers(
    papers: Sequence[Paper], people: People
) -> tuple[Mapping[tuple[str, str], Person], Sequence[Problem]]:
    """Whom a name's address stands for on single papers (by id), and what is wrong with that."""
    bearing: dict[str, set[str]] = defaultdict(set)
    for paper in papers:
        for key in (paper.key, *paper.other_keys):
            bearing[key].add(paper.id)
    known = {key: next(iter(ids)) for key, ids in bearing.items() if len(ids) == 1}
    known |= {paper.id: paper.id for paper in papers}
    lost = (named for _, named, _ in _claims(people) if named not in known)
    wrong = of_no_paper(lost, known, bearing.keys() - known.keys())
    mine: dict[tuple[str, str], Person] = {}
    problems = []
    for way, named, each in _claims(people):
        if named not in known:
            said = wrong[named]
        elif any(
            mine.setdefault((known[named], address), each) is not each
            for address in (*each.addresses, each.slug)
        ):
            said = f'another of the name has "{named}" already'
        else:
            continue
        where = people.said.where(*way)
        message = f'papers of "{shown(each.name)}": {said}'
        problems.append(Problem(where, message, "warning", "unknown-paper"))
    return mine, problems


def _claims(people: People) -> Iterator[tuple[Way, str, Person]]:
    """What the file says of whose papers are whose: where, a paper's id or key, the person."""
    for place, each in enumerate(people.persons):
        for number, named in enumerate(each.papers):
            yield ("person", place, "papers", number), named, each


def _settled(
    id_: str,
    author: Listed,
    mine: Mapping[tuple[str, str], Person],
    others: Mapping[str, Person],
) -> Listed:
    who = mine.get((id_, author.slug)) or others.get(author.slug)
    return author._replace(slug=who.slug) if who and who.slug != author.slug else author


# --- who may be one -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Alike:
    """Two names in a collection that look like one person, and what to do if they are.

    `name` and `other` are as their pages show them, at the addresses `slug` and `other_slug`;
    `paper` is the id of one that has the other name. `reason` says in a few words what speaks for
    it, `entry` is what to put into `people.toml`.
    """

    name: str
    slug: str
    other: str
    other_slug: str
    paper: str
    reason: str
    entry: str


def alike(papers: Sequence[Paper], authors: Authors, people: People) -> tuple[Alike, ...]:
    """Names that look like one person's, sorted by name; `authors` as `settled` gives them.

    Two that stand on one paper are two people, and so are two that `people.toml` has each as a
    [[person]]: this is how an owner says that they are not alike. Each name is proposed once, for
    the one it fits best. Takes time in proportion to the authors: a pair is only looked at where
    it has a key in common, and of a common family's names those that wrote with the same people.

    Among 10,000 papers on machine learning and robotics (27,000 authors, 2 s) 738 are proposed; of
    120 of them, drawn at random, one was wrong ("S.H. Baik" for "Sungyong Baik"), and two could not
    be told. Weakness: "J. Smith" and "John Smith" who have no co-author in common are not proposed
    where a few others have the family name.
    """
    known = _Seen(papers, authors, people)
    found: dict[str, _Match] = {}
    for match in sorted(filter(None, (_matched(pair, known) for pair in _pairs(known)))):
        found.setdefault(match.lesser, match)
    heads = _heads(found.values())
    proposed = [_proposal(match, heads, known) for match in found.values()]
    return tuple(sorted(proposed, key=lambda each: (text.fold(each.name), each.other_slug)))


class _Author(NamedTuple):
    """An author as compared: the words of family and given name, without case and accents."""

    slug: str
    name: Name
    family: tuple[str, ...]
    given: tuple[str, ...]
    papers: frozenset[str]

    @property
    def letters(self) -> tuple[str, str]:
        return "".join(self.family), "".join(self.given)


class _Match(NamedTuple):
    """Two authors who may be one; matches sort by how much speaks for them, most first."""

    rank: tuple[int, int]
    lesser: str
    fuller: str
    reason: str


class _Seen:
    """What is known of all authors: their names, who wrote with whom, how common families are."""

    def __init__(self, papers: Sequence[Paper], authors: Authors, people: People) -> None:
        self.people = people
        self.names = {author.slug: author.name for each in authors.values() for author in each}
        self.authors = _compared(papers, authors, people)
        self.friends = _friends(authors)
        self.families: dict[str, list[_Author]] = defaultdict(list)
        self._beside: dict[tuple[str, str], list[_Author]] = defaultdict(list)
        for each in self.authors.values():
            self.families[each.letters[0]].append(each)
            for friend in self.friends[each.slug]:
                self._beside[friend, each.letters[0]].append(each)
        self._near: dict[str, tuple[_Author, ...]] = {}

    def common(self, one: _Author, other: _Author) -> list[str]:
        """Who wrote with both, by their addresses."""
        return sorted((self.friends[one.slug] & self.friends[other.slug]) - {one.slug, other.slug})

    def near(self, author: _Author) -> tuple[_Author, ...]:
        """Those of the family who wrote with somebody who wrote with the author."""
        if author.slug not in self._near:
            family = author.letters[0]
            beside = (self._beside.get((f, family), ()) for f in self.friends[author.slug])
            found = {each.slug: each for near in beside for each in near}
            self._near[author.slug] = tuple(found[slug] for slug in found if slug != author.slug)
        return self._near[author.slug]

    def kin(self, author: _Author) -> int:
        """How many have the family name, many where it is common anywhere."""
        return 1000 * (author.letters[0] in _COMMON) + len(self.families[author.letters[0]])


CROWD = 100
"""Authors of a paper beyond whom having written it together says little."""

HUB = 300
"""People whom somebody wrote with beyond whom being one of them says little."""

# Families so common that even the only two in a small collection may well be two people: those of
# more than about 40 authors each among 27,000, and a few of English.
_COMMON = frozenset(
    str.split(
        "ahmed ali bai brown cai cao chang chen cheng choi chen cho chu cui das dai deng ding dong "
        "du fan fang feng fu gao garcia gong gu guo gupta han he hong hou hu huang hwang ito jain "
        "jang jeong ji jia jiang jin johnson jones jung kang khan kim kumar kwon lai le lee lei li "
        "liang liao lim lin liu long lu luo lv ma martin mao miller meng nguyen ni pan park patel "
        "peng pham qi qian qin ren rodriguez sato sharma shao shen shi shin singh smith song su "
        "sun suzuki takahashi tan tanaka tang tao tian tran wang watanabe wei williams wong wu xia "
        "xiao xie xiong xu xue yamamoto yan yang yao ye yi yin yoon you yu yuan zeng zhai zhang "
        "zhao zheng zhong zhou zhu zou"
    )
)
# What a pair needs that has no co-author in common: a family name that few here have.
_RARE_FOR_INITIALS = 3
_RARE_FOR_MIDDLES = 12
_RARE_FOR_SLIPS = 3
_RARE_FOR_SPACES = 40
# Words of at least this many letters: "Jian" and "Jia" are two names, not a slip.
_LONG = 6
# Names with one key beyond which none is looked at: they would be compared pair by pair.
_MOST = 40


def _friends(authors: Authors) -> Mapping[str, set[str]]:
    """Who wrote with whom, by address; but for crowds, and for who wrote with nearly everybody."""
    found: dict[str, set[str]] = defaultdict(set)
    for listed in authors.values():
        slugs = {author.slug for author in listed} if len(listed) <= CROWD else set()
        for slug in slugs:
            found[slug] |= slugs
    hubs = {slug for slug, friends in found.items() if len(friends) > HUB}
    return defaultdict(set, {slug: friends - hubs for slug, friends in found.items()})


def _compared(papers: Sequence[Paper], authors: Authors, people: People) -> dict[str, _Author]:
    """The authors who have a family and a given name, by address; not who has one of several."""
    spellings: dict[str, Counter[Name]] = defaultdict(Counter)
    written: dict[str, set[str]] = defaultdict(set)
    for paper in papers:
        names = without_others(paper.authors)
        for name, author in zip(names, authors[paper.id], strict=True):
            spellings[author.slug][name] += 1
            written[author.slug].add(paper.id)
    found = {}
    for slug, counted in spellings.items():
        owner = people.by_slug.get(slug)
        name = owner.name if owner else _commonest(counted)
        family, given = _words(name)
        if family and given and not name.group and not (owner and owner.papers):
            found[slug] = _Author(slug, name, family, given, frozenset(written[slug]))
    return found


def _commonest(counted: Counter[Name]) -> Name:
    """The spelling used most; of equals the best (`names.spelling`)."""
    return min(counted, key=lambda name: (-counted[name], spelling(str(name)), repr(name)))


def _words(name: Name) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of family and given name; an initial before the family belongs to the given name.

    "JM" is two initials where the family is not in capitals too.
    """
    given = name.given
    if given.isalpha() and given.isupper() and len(given) <= 3 and not name.family.isupper():
        given = " ".join(given)
    family = text.words(name.family.replace(".", ". "))
    first = next((i for i, word in enumerate(family[:-1]) if len(word) > 1), len(family) - 1)
    initials = family[: max(first, 0)]
    return tuple(family[len(initials) :]), (*text.words(given.replace(".", ". ")), *initials)


def _pairs(known: _Seen) -> Iterable[tuple[str, str]]:
    """Addresses of authors who are worth a look, each pair once and sorted."""
    keyed: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for each in known.authors.values():
        for key in _keys(each, known):
            keyed[key].add(each.slug)
    found = {
        pair
        for slugs in keyed.values()
        if 1 < len(slugs) <= _MOST
        for pair in combinations(sorted(slugs), 2)
    }  # in which order makes no difference: matches are sorted
    for each in known.authors.values():
        if len(each.given[0]) == 1:
            found.update(
                (min(each.slug, near.slug), max(each.slug, near.slug)) for near in known.near(each)
            )
    return found


def _keys(each: _Author, known: _Seen) -> Iterator[tuple[str, ...]]:
    """What an author shares with whoever may be the same."""
    family, given = each.letters
    kin = known.kin(each)
    yield "letters", family, given
    yield "exchanged", *sorted((*each.family, *each.given))
    if len(each.given[0]) > 1:
        yield "first name", family, each.given[0]
    if kin <= _RARE_FOR_INITIALS:
        yield "family", family
    if len(given) >= _LONG and kin <= _MOST:
        yield from (("slip in the given name", family, key) for key in _slips(given))
    if len(family) >= _LONG and len(given) > 2:
        yield from (("slip in the family", given, key) for key in _slips(family))


def _slips(word: str) -> Iterator[str]:
    """The word, and what is left of it without one letter: what it shares with its misspellings."""
    yield word
    yield from {word[:i] + word[i + 1 :] for i in range(len(word))}


# --- whether two are one ------------------------------------------------------------------------


def _matched(pair: tuple[str, str], known: _Seen) -> _Match | None:
    """Why two authors may be one; None where nothing says so, or something says no."""
    one, other = sorted((known.authors[slug] for slug in pair), key=partial(_standing, known))
    suffixes = {one.name.suffix.strip(".").casefold(), other.name.suffix.strip(".").casefold()}
    if one.papers & other.papers or len(suffixes - {""}) > 1:
        return None
    if one.slug in known.people.by_slug and other.slug in known.people.by_slug:
        return None
    friends = known.common(one, other)
    for rank, (reason, judge) in enumerate(_JUDGES.items()):
        if judge(one, other, friends, known):
            said = [known.names[slug] for slug in friends[:2]]
            why = f"{reason}; both wrote with {' and '.join(said)}" if said else reason
            return _Match((not friends, rank), one.slug, other.slug, why)
    return None


def _standing(known: _Seen, author: _Author) -> tuple[bool, bool, int, int, str]:
    """By what of two names the one is chosen that stays: the owner's, in full, on most papers."""
    return (
        author.slug in known.people.by_slug,
        len(author.given[0]) > 1,
        len(author.papers),
        len("".join(author.letters)),
        author.slug,
    )


def _parted(one: _Author, other: _Author, friends: Sequence[str], known: _Seen) -> bool:
    """Jang-Won Lee and Jangwon Lee: the same letters."""
    return one.letters == other.letters and (bool(friends) or known.kin(one) <= _RARE_FOR_SPACES)


def _exchanged(one: _Author, other: _Author, friends: Sequence[str], known: _Seen) -> bool:
    """Zheng Qinghua and Qinghua Zheng: without a friend, where one is nobody's family name."""
    if one.family == other.family or len(one.given) + len(one.family) < 2:
        return False
    kin = sorted(len(known.families[each.letters[0]]) for each in (one, other))
    same = sorted((*one.family, *one.given)) == sorted((*other.family, *other.given))
    return same and (bool(friends) or (kin[0] == 1 and kin[1] > 2))


def _without_middle(one: _Author, other: _Author, friends: Sequence[str], known: _Seen) -> bool:
    """Philip Thomas and Philip S. Thomas; not Li Liu and Li-Ping Liu."""
    if one.letters[0] != other.letters[0] or one.given[0] != other.given[0]:
        return False
    less, more = _by_detail(one, other)
    if len(one.given[0]) == 1 or not _fit(less.given, more.given):
        return False
    kin = known.kin(one)
    is_rare = kin <= _RARE_FOR_MIDDLES and not _rivals(less, more, (), known)
    more_words = [word for word in more.given[len(less.given) :] if len(word) > 1]
    return is_rare or (bool(friends) and not (more_words and kin > _RARE_FOR_MIDDLES))


def _initialled(one: _Author, other: _Author, friends: Sequence[str], known: _Seen) -> bool:
    """Y. Bengio and Yoshua Bengio, where the initial fits nobody else as well."""
    if one.letters[0] != other.letters[0] or min(len(one.given[0]), len(other.given[0])) > 1:
        return False
    less, more = _by_detail(one, other)
    if not _fit(less.given, more.given):
        return False
    is_rare = known.kin(one) <= _RARE_FOR_INITIALS
    return (is_rare or bool(friends)) and not _rivals(less, more, friends, known)


def _slipped(one: _Author, other: _Author, friends: Sequence[str], known: _Seen) -> bool:
    """Jérême Szewczyk and Jérôme Szewczyk; not Daniel and Daniela, unless they have a friend."""
    if one.family == other.family:
        words = [(a, b) for a, b in zip(one.given, other.given, strict=False) if a != b]
        if len(one.given) != len(other.given) or len(words) != 1:
            return False
        is_rare = known.kin(one) <= _RARE_FOR_SLIPS and not _is_longer(*words[0])
        return _is_slip(*words[0]) and (is_rare or bool(friends))
    is_lone = 1 in (len(known.families[each.letters[0]]) for each in (one, other))
    same = one.given == other.given and len(one.given[0]) > 1
    return same and is_lone and bool(friends) and _is_slip(one.letters[0], other.letters[0])


_Judge = Callable[[_Author, _Author, Sequence[str], _Seen], bool]
_JUDGES: Mapping[str, _Judge] = {
    "the same letters": _parted,
    "the same but for a middle name": _without_middle,
    "initials that fit": _initialled,
    "family and given name exchanged": _exchanged,
    "one letter differs": _slipped,
}


def _by_detail(one: _Author, other: _Author) -> tuple[_Author, _Author]:
    """The one that says less of the given name, and the other."""
    less, more = sorted((one, other), key=lambda each: (len(each.letters[1]), each.slug))
    return less, more


def _fit(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether given names can be one's: initials stand for names, the last ones may lack."""
    return all(
        a == b or (min(len(a), len(b)) == 1 and a[0] == b[0])
        for a, b in zip(one, other, strict=False)
    )


def _rivals(less: _Author, more: _Author, friends: Collection[str], known: _Seen) -> bool:
    """Whether there is another whom the shorter name fits, and the longer does not.

    Where friends speak for the one, only somebody else with friends in common counts.
    """
    return any(
        _fit(less.given, each.given)
        and not _fit(more.given, each.given)
        and (not friends or known.common(less, each))
        for each in (known.near(less) if friends else known.families[less.letters[0]])
        if each.slug not in (less.slug, more.slug) and not less.papers & each.papers
    )


def _is_slip(one: str, other: str) -> bool:
    """Whether long words differ in one letter, one letter more, or two that changed places."""
    if min(len(one), len(other)) < _LONG - 1 or one[0] != other[0]:
        return False
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < len(longer):
        return shorter in set(_slips(longer))
    at = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    turned = len(at) == 2 and at[1] == at[0] + 1 and one[at[0]] == other[at[1]]
    return len(at) == 1 or (turned and one[at[1]] == other[at[0]])


def _is_longer(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


# --- what to write ------------------------------------------------------------------------------


def _heads(matches: Iterable[_Match]) -> Mapping[str, list[str]]:
    """For each proposed name, all names of what would be one person, the one that stays first."""
    towards = {match.lesser: match.fuller for match in matches}

    def head(slug: str) -> str:
        while slug in towards:
            slug = towards[slug]
        return slug

    clusters: dict[str, list[str]] = defaultdict(list)
    for lesser in sorted(towards):
        clusters[head(lesser)].append(lesser)
    return {slug: [first, *rest] for first, rest in clusters.items() for slug in rest}


def _proposal(match: _Match, heads: Mapping[str, list[str]], known: _Seen) -> Alike:
    head, *rest = heads[match.lesser]
    owner = known.people.by_slug.get(head)
    variants = f"variants = [{', '.join(_quoted(known.authors[slug].name) for slug in rest)}]"
    name = _quoted(owner.name if owner else known.authors[head].name)
    person_ = f"# to the person {name}" if owner else f"[[person]]\nname = {name}"
    return Alike(
        shown(known.authors[match.fuller].name),
        match.fuller,
        shown(known.authors[match.lesser].name),
        match.lesser,
        min(known.authors[match.lesser].papers),
        match.reason,
        f"{person_}\n{variants}",
    )


def _quoted(name: Name) -> str:
    """A name as TOML that is read back as it; the family first where that is not its last word."""
    said = shown(name)
    if person(said) != name and not name.suffix:
        said = f"{name.family}, {name.given}"
    return json.dumps(said, ensure_ascii=False)
