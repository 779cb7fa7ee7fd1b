"""Which series a venue as found belongs to, and which strings name no venue at all."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import generator
from generator import text, venues
from generator.errors import ConfigError
from generator.toml import Toml
from generator.venues import LONGEST, Venue, former_slug, is_preprint, load_overrides, series
from tests.conftest import Built
from tests.timing import is_linear

Make = Callable[..., Built]

# The ways in which people cite one series: each block is one, under its address.
SERIES = """
icml
    International Conference on Machine Learning
    Proceedings of the 38th International Conference on Machine Learning, ICML 2021, 18-24 July 2021, Virtual Event
    Forty-first International Conference on Machine Learning, ICML 2024, Vienna, Austria, July 21-27, 2024
    International Conference on Machine Learning (ICML), PMLR 139, 9859-9869
    International Conference on Machine Learning, Vienna, Austria
    Proceedings of the 20th International Conference on Machine Learning (ICML-03)
    Int'l Conf. on Machine Learning
    Int. Conf. Mach. Learn.
    Proc. ICML
    ICML2013
    ICML '03
    ICML 2024 Poster
    ICML 2019 - 36th International Conference on Machine Learning
neurips
    Advances in Neural Information Processing Systems
    Advances in neural information processing systems 25
    Advances in Neural Information Processing Systems (NeurIPS) 37, 141390-141416
    Advances in Neural Information Processing Systems 33: Annual Conference on Neural Information Processing Systems 2020, NeurIPS 2020, December 6-12, 2020, virtual
    Thirty-sixth Conference on Neural Information Processing Systems
    Thirty-seventh Conference on Neural Information Processing Systems Datasets and Benchmarks Track
    Adv. Neural Inf. Process. Syst.
    NIPS
    Neurips 2020
neurips-workshops
    NeurIPS Workshop
    NeurIPS 2019 Workshops
    Conference on Neural Information Processing Systems Workshop
iclr
    International Conference on Learning Representations
    The Tenth International Conference on Learning Representations, ICLR
    4th International Conference on Learning Representations, ICLR 2016, San Juan, Puerto Rico, May 2-4, 2016, Conference Track Proceedings
    ICLR (Poster)
iclr-workshops
    3rd International Conference on Learning Representations, ICLR 2015, San Diego, CA, USA, May 7-9, 2015, Workshop Track Proceedings
    Workshop at ICLR
iclr-workshop-on-tackling-climate-change
    ICLR 2020 Workshop on Tackling Climate Change
    ICLR Workshop on Tackling Climate Change
cvpr
    IEEE Conference on Computer Vision and Pattern Recognition, CVPR
    2018 IEEE Conference on Computer Vision and Pattern Recognition, CVPR 2018, Salt Lake City, UT, USA, June 18-22, 2018
    IEEE/CVF Conference on Computer Vision and Pattern Recognition (CVPR), 3024-3033
    Proceedings of the IEEE Computer Society Conference on Computer Vision and Pattern Recognition
    IEEE CVPR 2020
cvpr-workshops
    IEEE Conference on Computer Vision and Pattern Recognition Workshops (CVPRW), 512-519
    Proceedings of the IEEE/CVF Conference on Computer Vision and Pattern Recognition (CVPR) Workshops
    Proceedings of the IEEE/CVF Conference on Computer Vision and Pattern Recognition, Workshops
    CVPRW
eccv
    European Conference on Computer Vision (ECCV) 2024
    Computer Vision – ECCV 2020: 16th European Conference, Glasgow, UK, August 23–28, 2020, Proceedings, Part XVIII
accv
    Computer Vision - ACCV 2018 - 14th Asian Conference on Computer Vision
eccv-workshops
    Computer Vision – ECCV 2018 Workshops
aaai
    AAAI2022
    The Thirty-Third AAAI Conference on Artificial Intelligence, AAAI
    Proceedings of the Thirty-Second AAAI Conference on Artificial Intelligence, (AAAI-18), the 30th innovative Applications of Artificial Intelligence (IAAI-18), New Orleans, Louisiana, USA, February 2-7, 2018
    Proceedings of the AAAI Conference on Artificial Intelligence, volume 34
aaai-workshops
    Workshops at the Thirty-Second AAAI Conference on Artificial Intelligence
ijcai
    Proceedings of the Thirty-Third International Joint Conference on Artificial Intelligence, {IJCAI-24}
    IJCAI International Joint Conference on Artificial Intelligence
kdd
    Proceedings of the 24th ACM SIGKDD International Conference on Knowledge Discovery & Data Mining, KDD 2018, London, UK, August 19-23, 2018
    KDD '18: Proceedings of the 24th ACM SIGKDD International Conference on Knowledge Discovery and Data Mining
icdm
    IEEE International Conference on Data Mining (ICDM)
sdm
    SIAM International Conference on Data Mining (SDM), 887-895
aistats
    AISTATS2021
    Proceedings of the Twenty Third International Conference on Artificial Intelligence and Statistics
    Pre-proceedings of the Fifth International Workshop on Artificial Intelligence and Statistics
uai
    Proceedings of The 35th Uncertainty in Artificial Intelligence Conference
    Proceedings of the 36th Conference on Uncertainty in Artificial Intelligence (UAI)
rss
    Proceedings of Robotics: Science and Systems
    Robotics: Science and Systems XVII
    RSS2025
www
    THE WEB CONFERENCE 2025
    Proceedings of the ACM Web Conference 2022
    WWW '19: The World Wide Web Conference
acl
    Proceedings of the 59th Annual Meeting of the Association for Computational Linguistics and the 11th International Joint Conference on Natural Language Processing (Volume 1: Long Papers)
    ACL2021
naacl
    Proceedings of the 2021 Conference of the North American Chapter of the Association for Computational Linguistics: Human Language Technologies: Industry Papers
    Proceedings of the 2024 Conference of the North American Chapter of the Association for Computational Linguistics: Human Language Technologies (Volume 3: System Demonstrations)
findings
    Findings of the Association for Computational Linguistics: ACL 2022
    Findings of the Association for Computational Linguistics: NAACL 2024
    EMNLP (Findings)
coling
    Proceedings of the 31st International Conference on Computational Linguistics: Industry Track
icassp
    IEEE International Conference on Acoustics, Speech and Signal Processing, ICASSP 2020, Barcelona, Spain, May 4-8, 2020
    ICASSP, IEEE International Conference on Acoustics, Speech and Signal Processing - Proceedings
facct
    Conference on Fairness, Accountability, and Transparency, FAT* 2019
brazilian-symposium-on-computer-graphics
    XXXIV Brazilian Symposium on Computer Graphics (SIBGRAPI)
    34th Brazilian Symposium on Computer Graphics, SIBGRAPI 2021, Rio de Janeiro, Brazil
    Proceedings of the 2021 IEEE Brazilian Symposium on Computer Graphics
    34th Brazilian Symposium on Computer Graphics - SIBGRAPI 2021, Rio de Janeiro
international-conference-on-foo-bar-and-baz
    International Conference on Foo, Bar and Baz (ICFBB), Paris
    3rd International Conference on Foo, Bar & Baz, Sarajevo, Bosnia and Herzegovina
journal-of-machine-learning-research
    JMLR
    Journal of Machine Learning Research 23, 173:1-173:65
    Journal of Machine Learning Research, 15(Jan):1929–1958
    J. Mach. Learn. Res.
ieee-transactions-on-pattern-analysis-and-machine-intelligence
    IEEE Transactions on Pattern Analysis and Machine Intelligence (2024)
    IEEE Transactions on Pattern Analysis and Machine Intelligence 44(11), 8520-8537
    IEEE Trans. Pattern Anal. Mach. Intell.
ieee-access
    IEEE Access 11, 42738-42750 (2023)
plos-one
    PLOS ONE 19(4), e0299297
physics-in-medicine-and-biology
    Physics in Medicine & Biology
proceedings-of-the-ieee
    Proceedings of the IEEE 111(6), 653-685
annals-of-statistics
    The Annals of Statistics
sensors
    Sensors 2020, 20(3), 801
    Sensors (Basel, Switzerland)
first-monday
    First Monday
in-silico-biology
    In Silico Biology
workshop-at-schloss-dagstuhl
    Workshop at Schloss Dagstuhl
proceedings-of-the-london-mathematical-society
    Proceedings of the London Mathematical Society
    Proc. London Math. Soc.
    Proc. Lond. Math. Soc. (3) 45 (2002), 1–20
    Proc London Math Soc
transactions-of-the-american-mathematical-society
    Trans. Amer. Math. Soc.
    Transactions Am. Math. Soc.
journal-of-the-acoustical-society-of-america
    J. Acoust. Soc. Am.
proceedings-of-the-royal-society-a
    Proc. R. Soc. A
journal-of-the-ramanujan-mathematical-society
    J. Ramanujan Math. Soc.
proceedings-of-the-indian-academy-of-sciences
    Proc. Indian Acad. Sci.
journal-of-theoretical-and-applied-mechanics
    J. Theor. Appl. Mech.
journal-of-mathematical-physics
    J. Math. Phys.
international-journal-of-napkin-folding
    Int. J. of Napkin Folding
mathematische-zeitschrift
    Math. Z.
annals-of-mathematics
    Ann. of Math. (2)
communications-on-pure-and-applied-mathematics
    Comm. Pure Appl. Math.
journal-of-combinatorial-theory-series-a
    Journal of Combinatorial Theory, Series A
    J. Combin. Theory Ser. A
    J. Comb. Theory, Ser. A, 12(3)
computer-methods-in-applied-mechanics-and-engineering
    Comput. Methods Appl. Mech. Engrg.
    Comput. Methods Appl. Mech. Eng.
international-journal-for-numerical-methods-in-engineering
    Internat. J. Numer. Methods Engrg.
    Int. J. Numer. Meth. Eng.
linear-algebra-and-its-applications
    Linear Algebra Appl.
    Linear Algebra and Its Applications
theory-of-probability-and-its-applications
    Theory Probab. Appl.
nuclear-physics-b
    Nucl. Phys. B
    Nuclear Physics, Section B
"""  # noqa: E501  # one line each, as people write them

# Real series whose names differ by no more than what the grammar takes off elsewhere.
DIFFERENT = [
    ("Journal of Forecasting", "International Journal of Forecasting"),
    ("Machine Learning", "International Conference on Machine Learning"),
    ("Machine Learning", "Machine Learning: Science and Technology"),
    ("Neural Networks", "International Joint Conference on Neural Networks"),
    ("Nature", "Nature Communications"),
    ("Physical Review D", "Physical Review E"),
    ("Journal of Physics: Condensed Matter", "Journal of Physics: Conference Series"),
    ("Data Mining and Knowledge Discovery", "Knowledge Discovery and Data Mining"),
    ("IEEE Transactions on Multimedia", "IEEE International Conference on Multimedia"),
    (
        "IEEE Transactions on Systems, Man, and Cybernetics, Part B (Cybernetics)",
        "IEEE Transactions on Systems, Man, and Cybernetics, Part C",
    ),
    ("AAAI Conference on Artificial Intelligence", "Conference on Artificial Intelligence"),
    ("International Conference on Music Learning (ICML)", "ICML"),
    ("ICML 2015", "ICML 2015 Workshop on Deep Learning"),
    ("NIPS", "NIPS, Deep Learning Workshop"),
    ("ACL 2020", "ACL 2020: Student Research Workshop"),
    (
        "Proceedings of the ACM on Programming Languages",
        "Proceedings of the ACM on Human-Computer Interaction",
    ),
]

# Of these a word or more is in doubt, so nothing of them is expanded: as found, as shown.
IN_DOUBT = [
    ("Magy. Tud. Akad. Mat. Kut. Int. Közl.", "Magy. Tud. Akad. Mat. Kut. Int. Közl."),
    ("Közl.", "Közl."),
    ("Ann. Phys.", "Ann. Phys."),  # of Physics, or der Physik
    ("J. Phys.", "J. Phys."),  # of Physics, or de Physique
    ("J. Comput. Sci.", "J. Comput. Sci."),  # of Computer, or Computational, Science
    ("Bull. Soc. Math. France", "Bull. Soc. Math. France"),
    ("J. Am. Acad. Dermatol.", "J. Am. Acad. Dermatol."),
    ("Int. J. Napkin Fold., 12(3), 1–20", "Int. J. Napkin Fold."),
    ("Proc. 5th Int. Conf. on Comput. Napkins, Rome, 2020", "Int. Conf. on Comput. Napkins"),
    ("Proc. Symp. Pure Math.", "Symp. Pure Math."),
    ("J. R. Soc. Interface", "J. R. Soc. Interface"),
    ("St. Petersburg Math. J.", "St. Petersburg Math. J."),
    ("Adv. Mat.", "Adv. Mat."),  # Advanced Materials, not Advances in Mathematics
    ("Acta Mat.", "Acta Mat."),
    ("Ann. Mat.", "Ann. Mat."),
    ("Comp. Math.", "Comp. Math."),  # Compositio, or computational
    ("Adv. Math. (China)", "Adv. Math."),  # of another place than the one known
    ("Proc. Amer. Math. Soc., Ser. B", "Proc. Amer. Math. Soc., Ser. B"),
    # Whole names, whose last dot ends a sentence.
    ("Journal of Napkin Studies.", "Journal of Napkin Studies"),
    ("Int. Conf. on Napkin Folding.", "International Conference on Napkin Folding"),
    # What stands in brackets and is no place leaves no doubt.
    ("J. Acoust. Soc. Am. (JASA)", "Journal of the Acoustical Society of America"),
    ("J. Appl. Phys. (Online)", "Journal of Applied Physics"),
]

NONE = [
    "", " ", ",", "12", "(2020)", "Proceedings", "Conference",
    "arXiv preprint arXiv:2010.12345", "arXiv.org", "CoRR", "bioRxiv", "ArXiv e-prints", "Preprint",
    "PhD thesis, University of California, Berkeley", "Doctoral dissertation", "Master's Thesis",
    "University of Cambridge", "Institute of Automation, Chinese Academy of Sciences",
    "Technical Report, OpenAI", "Cambridge University Press", "Springer", "IEEE",
    "Submitted to ICLR 2024", "Under review", "https://openreview.net/",
]  # fmt: skip

INSTITUTIONS_IN_NAMES = [
    "Journal of the Franklin Institute",
    "Proceedings of the National Academy of Sciences",
    "Annales de l'Institut Henri Poincaré",
]

CONFERENCES = tomllib.loads(
    Path(generator.__file__).with_name("series.toml").read_text(encoding="utf-8")
)["conferences"]


def blocks() -> list[tuple[str, str]]:
    """The pairs (slug, venue) of `SERIES`."""
    pairs = []
    slug = ""
    for line in SERIES.strip().splitlines():
        if line.startswith(" "):
            pairs.append((slug, line.strip()))
        else:
            slug = line
    return pairs


@pytest.mark.parametrize(("slug", "venue"), blocks())
def test_volumes_of_a_series_meet(slug: str, venue: str) -> None:
    """However a volume is cited, its venue is the series."""
    found = series(venue)

    assert found is not None
    assert found.slug == slug


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_series_stay_apart(one: str, other: str) -> None:
    """What the grammar takes off is never what tells two series from each other."""
    first, second = series(one), series(other)

    assert first is not None
    assert second is not None
    assert first.slug != second.slug


def test_every_series_of_the_table_is_found_by_its_name() -> None:
    """What the grammar takes off, as "Edition", does not keep a row from meaning itself."""
    rows = tomllib.loads(Path(generator.__file__).with_name("series.toml").read_text())["journals"]
    found = {row[1]: series(row[1]) for row in rows if row[0] != "PMLR"}  # that is no venue

    assert [name for name, one in found.items() if not one or one.slug != text.slug(name)] == []


@pytest.mark.parametrize(("venue", "shown"), IN_DOUBT)
def test_a_name_is_wholly_expanded_or_left_as_written(venue: str, shown: str) -> None:
    """One word that is in doubt leaves all of an abbreviated name as it is, with its dots."""
    found = series(venue)

    assert found is not None
    assert found.name == shown


@pytest.mark.parametrize(
    ("venue", "own", "former"),
    [
        ("Proc. London Math. Soc.", {}, ""),
        ("Napkins", {"name": "Napkin", "slug": "napkin", "aliases": ["Napkins"]}, "napkins"),
        ("PhD thesis", {}, ""),
    ],
)
def test_where_the_page_of_a_series_was(venue: str, own: dict[str, object], former: str) -> None:
    """An address that an owner's name changed is known, and no other."""
    said = Toml("venues.toml", {"venue": [own]} if own else {})
    assert former_slug(venue, load_overrides(said)) == former


def test_a_former_address_of_a_venue_leads_on(make_site: Make) -> None:
    """Where a venue's page was before `venues.toml`, a page and a .bib say where it is."""
    site = make_site({
        "refs.bib": "@article{a, title={Of Napkins}, year=2020, journal={Napkins}}",
        "content/venues.toml": '[[venue]]\nname = "Folding"\naliases = ["Napkins"]\n',
    })  # fmt: skip

    assert "url=folding.html" in site.read("venues/napkins.html")
    assert "folding" in site.read("venues/napkins.bib")


def test_a_former_address_that_is_a_venue_is_left_alone(make_site: Make) -> None:
    """Nobody is led on from the page of another venue."""
    site = make_site({
        "refs.bib": "@article{a, title={Of Napkins}, year=2020, journal={Math. Z.}}\n"
        "@article{b, title={Of Forks}, year=2020, journal={Math Z}}\n",
        "content/venues.toml": '[[venue]]\nname = "Zeta"\naliases = ["Math Z"]\nslug = "math-z"\n',
    })  # fmt: skip

    assert "Of Forks" in site.read("venues/math-z.html")


@pytest.mark.parametrize("venue", NONE)
def test_what_is_no_venue(venue: str) -> None:
    """Universities, theses, preprint servers, publishers and submissions have no venue's page."""
    assert series(venue) is None


@pytest.mark.parametrize("venue", INSTITUTIONS_IN_NAMES)
def test_periodicals_of_institutions_are_venues(venue: str) -> None:
    """An institution in the name of a periodical does not make it one."""
    assert series(venue) is not None


@pytest.mark.parametrize("short", [row[0] for row in CONFERENCES])
def test_workshops_are_other_venues(short: str) -> None:
    """The workshops of a conference share neither its page nor that of one workshop of them."""
    of = [series(v) for v in (f"{short} 2020", f"{short} Workshops", f"{short} Workshop on Foo")]

    assert len({venue.slug for venue in of if venue}) == 3


@pytest.mark.parametrize("row", CONFERENCES, ids=lambda row: row[0])
def test_every_name_in_the_table_finds_its_row(row: list[str]) -> None:
    """No two rows of the table claim one name, and volumes of all the names of a row meet."""
    volumes = [f"{row[0]} 2020", row[1], f"Proceedings of the 8th {row[1]} ({row[0]}), Paris, 2020"]

    assert {venue and venue.slug for venue in map(series, [*row, *volumes])} == {text.slug(row[0])}


def test_an_acronym_beside_an_unknown_name_is_kept() -> None:
    """A series nobody put in the table still gets the short name that stands beside its own."""
    for venue in (
        "XXXIV Brazilian Symposium on Computer Graphics (SIBGRAPI)",
        "34th Brazilian Symposium on Computer Graphics, SIBGRAPI 2021, Rio, RJ, Brazil, 2021",
        "34th Brazilian Symposium on Computer Graphics - SIBGRAPI 2021, Rio, RJ, Brazil",
    ):
        found = series(venue)

        assert found is not None
        assert (found.name, found.short) == ("Brazilian Symposium on Computer Graphics", "SIBGRAPI")


def test_states_and_countries_are_no_acronyms() -> None:
    """A place in capitals is not taken for the series' short name."""
    found = series("International Conference on Unusual Sounds, Cambridge, MA, USA")

    assert found == Venue(
        "international-conference-on-unusual-sounds", "International Conference on Unusual Sounds"
    )


@settings(deadline=None)
@given(st.text(max_size=200) | st.text("ABICML a,:()-–0192'&.", max_size=200))
def test_any_text_has_a_venue_or_none(venue: str) -> None:
    """No text raises; an address is a slug; what is reduced once stays what it is."""
    found = series(venue)

    if found:
        assert text.slug(found.slug) == found.slug
        assert found.name
    is_preprint(venue)


@pytest.mark.parametrize(
    "piece", ["a, ", "(", "A-", " – A", "1 ", ": ", "ACM ", "KDD 2018: ", "(A)"]
)
def test_long_venues_take_no_time(piece: str) -> None:
    """A venue is cut before it is looked at, so that no length of it costs time."""
    assert is_linear(lambda size: series(piece * size), 100_000)
    assert LONGEST < 1000


# --- the owner's venues.toml --------------------------------------------------------------------


def test_an_alias_wins() -> None:
    """What `venues.toml` says goes before the grammar and the table, stripped or as found."""
    days = {"name": "My Days", "short": "MD", "slug": "days", "aliases": ["ICRA", "arXiv"]}
    overrides = load_overrides(Toml("venues.toml", {"venue": [days]}))

    for venue in ("My Days", "my days 2020", "ICRA2022", "arXiv", "arXiv 2020",
                  "IEEE International Conference on Robotics and Automation"):  # fmt: skip
        assert series(venue, overrides) == Venue("days", "My Days", "MD"), venue
    assert series("ICML", overrides) == series("ICML")


def test_a_known_series_can_be_renamed() -> None:
    """A venue with the slug of a series we know gives it another name."""
    overrides = load_overrides(
        Toml("venues.toml", {"venue": [{"slug": "neurips", "name": "NIPS, as it was"}]})
    )

    assert series("Advances in Neural Information Processing Systems 30", overrides) == Venue(
        "neurips", "NIPS, as it was"
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"venues": []}, 'unknown setting "venues"'),
        ({"venue": {}}, "[[venue]]"),
        ({"venue": ["x"]}, "[[venue]]"),
        ({"venue": [{}]}, "name"),
        ({"venue": [{"name": ""}]}, "name"),
        ({"venue": [{"name": "A", "color": "red"}]}, '"color"'),
        ({"venue": [{"name": "A", "slug": "Ä b"}]}, "slug"),
        ({"venue": [{"name": "A", "short": 1}]}, "short"),
        ({"venue": [{"name": "A", "aliases": "B"}]}, "aliases"),
        ({"venue": [{"name": "A", "slug": "x"}, {"name": "B", "slug": "x"}]}, '"x"'),
        ({"venue": [{"name": "A", "aliases": ["C"]}, {"name": "B", "aliases": ["c"]}]}, '"c"'),
    ],
)
def test_what_venues_toml_must_not_say(data: dict[str, object], said: str) -> None:
    """A mistake in `venues.toml` is one line that names the file and the setting."""
    with pytest.raises(ConfigError) as error:
        load_overrides(Toml("venues.toml", data))

    assert "venues.toml" in str(error.value)
    assert said in str(error.value)


def test_abbreviations_are_compared_with_few() -> None:
    """An abbreviated name is looked for among names of its length and first letter alone."""
    known = venues._table()
    looked_at = sorted(map(len, known.shapes.values()))
    assert sum(looked_at) == len(known.names) > 5 * looked_at[-1]
