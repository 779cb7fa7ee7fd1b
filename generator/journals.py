"""What the abbreviated name of a journal stands for, where each of its words says so.

Titles are abbreviated by cutting words short and leaving out "of the" (ISO 4, Medline, the lists
of the societies), so an abbreviation alone does not tell its journal: "Comput." is Computer,
Computing, Computational or Computation, "Ann. Phys." the Annals of Physics or the Annalen der
Physik. Three kinds of names can be told: publications of a learned society ("Proc. London Math.
Soc."), journals of one subject ("J. Appl. Probab."), and those cut short at the beginning only
("Int. J. of Foo"). What is in doubt is in no table here, so that its name stays as it is written;
single journals stand in `series.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence


def expanded(name: str) -> str:
    """The whole of an abbreviated name of a journal; empty where a word of it is in doubt."""
    given = name.split()
    words = [_bare(word) for word in given]
    head, rest = _headed(words)
    shown = given[len(given) - len(rest) :] if "." in name else ()
    return _begun(given, words) or _of_a_society(head, rest, shown) or _of_a_subject(head, rest)


def is_abbreviated(word: str) -> bool:
    """Whether a word of a title is cut short: it ends with a dot, or is one of our stems."""
    return bool(_DOTTED.fullmatch(word)) or word.strip(".,:;").casefold() in _STEMS


def is_stem(word: str) -> bool:
    """Whether we know what a word is cut short of; some such words are whole words too ("Math")."""
    return _bare(word) in _STEMS | _WORDS


def _bare(word: str) -> str:
    return word.strip(".,").casefold()


_DOTTED = re.compile(r"[^\W\d_][^\s]*\.")

# What such names begin with, and how it goes on; nothing where only a society may follow.
_HEADS = {
    "j": ("Journal of", "Journal of the"), "journal": ("Journal of", "Journal of the"),
    "int j": ("International Journal of", ""), "international j": ("International Journal of", ""),
    "proc": ("", "Proceedings of the"), "proceedings": ("", "Proceedings of the"),
    "trans": ("", "Transactions of the"), "transactions": ("", "Transactions of the"),
    "bull": ("", "Bulletin of the"),
}  # fmt: skip


def _headed(words: Sequence[str]) -> tuple[tuple[str, str], Sequence[str]]:
    """What a name begins with, and the words after it."""
    for size in (2, 1):
        if head := _HEADS.get(" ".join(words[:size])):
            return head, words[size:]
    return ("", ""), ()


_BEGINNINGS = {
    "j": "Journal", "int": "International", "proc": "Proceedings", "trans": "Transactions",
    "bull": "Bulletin",
}  # fmt: skip


def _begun(given: Sequence[str], words: Sequence[str]) -> str:
    """The name where all words from "of", "on", "for" or "in" on are whole, and how it begins."""
    small = next((i for i, word in enumerate(words) if word in {"of", "on", "for", "in"}), 0)
    whole = [_BEGINNINGS.get(word, one) for word, one in zip(words, given[:small], strict=False)]
    name = [*whole, *given[small:]]
    return " ".join(name) if small and not any(map(is_abbreviated, name)) else ""


# --- publications of societies ------------------------------------------------------------------

# Whose society it is, before its subject …
_WHOSE = {
    "am": "American", "amer": "American", "aust": "Australian", "austral": "Australian",
    "br": "British", "brit": "British", "camb": "Cambridge", "can": "Canadian",
    "canad": "Canadian", "edinb": "Edinburgh", "eur": "European", "lond": "London",
    "london": "London", "nat": "National", "natl": "National", "pol": "Polish", "r": "Royal",
    "roy": "Royal",
}  # fmt: skip
_FIELDS = {
    "acoust": "Acoustical", "astron": "Astronomical", "chem": "Chemical", "geol": "Geological",
    "math": "Mathematical", "med": "Medical", "meteorol": "Meteorological", "opt": "Optical",
    "phil": "Philosophical", "philos": "Philosophical", "phys": "Physical",
    "psychol": "Psychological", "seismol": "Seismological", "stat": "Statistical",
    "statist": "Statistical",
}  # fmt: skip
_BODIES = {"acad": "Academy", "assoc": "Association", "soc": "Society"}
# … and after it.
_WHERE = {
    "am": "America", "amer": "America", "america": "America", "can": "Canada", "canada": "Canada",
    "edinb": "Edinburgh", "edinburgh": "Edinburgh", "japan": "Japan", "jpn": "Japan",
    "lond": "London", "london": "London",
}  # fmt: skip


def _of_a_society(head: tuple[str, str], words: Sequence[str], given: Sequence[str]) -> str:
    """The name as "Proceedings of the London Mathematical Society"; empty where it is none.

    `given` are the words as written, where dots show which of them are whole.
    """
    body = next((i for i, word in enumerate(words) if word in _BODIES), -1)
    if body < 1 or not head[1]:
        return ""
    owner = [_owner(word, given[i] if given else "") for i, word in enumerate(words[:body])]
    rest = list(words[body + 1 :])
    name = [head[1], *owner, _BODIES[words[body]]]
    if words[body] == "acad" and rest[:1] == ["sci"]:
        name.append("of Sciences")
        rest = rest[1:]
    if rest and rest[0] in _WHERE:
        name.append(f"of {_WHERE[rest.pop(0)]}")
    if len(rest) == 1 and len(rest[0]) == 1:
        name.append(rest.pop().upper())
    return "" if rest or not all(owner) else " ".join(name)


def _owner(word: str, given: str) -> str:
    whole = given if given.isalpha() and len(given) > 3 else ""
    return _WHOSE.get(word) or _FIELDS.get(word) or whole


# --- journals of a subject ----------------------------------------------------------------------

_SUBJECTS = {
    "algebra": "Algebra", "astron": "Astronomy", "bacteriol": "Bacteriology", "biol": "Biology",
    "chem": "Chemistry", "cryptol": "Cryptology", "crystallogr": "Crystallography",
    "ecol": "Ecology", "geol": "Geology", "geom": "Geometry", "hydrol": "Hydrology",
    "immunol": "Immunology", "linguist": "Linguistics", "math": "Mathematics",
    "mech": "Mechanics", "med": "Medicine", "neurosci": "Neuroscience",
    "pharmacol": "Pharmacology", "philos": "Philosophy", "phys": "Physics",
    "physiol": "Physiology", "probab": "Probability", "psychol": "Psychology",
    "topol": "Topology", "virol": "Virology",
    "biol chem": "Biological Chemistry", "chem phys": "Chemical Physics",
    "econ theory": "Economic Theory", "fluid mech": "Fluid Mechanics",
    "funct anal": "Functional Analysis", "math anal": "Mathematical Analysis",
    "math biol": "Mathematical Biology", "math chem": "Mathematical Chemistry",
    "math econ": "Mathematical Economics", "math phys": "Mathematical Physics",
    "math psychol": "Mathematical Psychology", "mol biol": "Molecular Biology",
    "org chem": "Organic Chemistry", "phys chem": "Physical Chemistry",
    "phys oceanogr": "Physical Oceanography", "stat mech": "Statistical Mechanics",
    "stat phys": "Statistical Physics", "symb log": "Symbolic Logic",
    "symbolic logic": "Symbolic Logic",
}  # fmt: skip
# How a subject is treated; two of these are joined by "and".
_MANNERS = {
    "appl": "Applied", "comput": "Computational", "exp": "Experimental", "exper": "Experimental",
    "pure": "Pure", "theor": "Theoretical", "theoret": "Theoretical",
}  # fmt: skip
# Alone, these may be French: "J. Phys." is the Journal de Physique, too.
_DOUBTFUL = frozenset({"chem", "mech", "med", "pharmacol", "phys", "physiol"})


def _of_a_subject(head: tuple[str, str], words: Sequence[str]) -> str:
    """The name as "Journal of Applied Probability"; empty where it is none."""
    manners = [_MANNERS[word] for word in words[:-1] if word in _MANNERS]
    subject = _SUBJECTS.get(" ".join(words[len(manners) :]), "")
    doubtful = " " in subject if manners else " ".join(words) in _DOUBTFUL
    if not head[0] or not subject or doubtful:
        return ""
    return " ".join(filter(None, (head[0], " and ".join(manners), subject)))


# Stems that people also write for other things, and those that are whole words.
_WORDS = frozenset(str.split("algebra am br can exp london math med nat phil pol pure r"))

# Words of titles that are no words of English: nobody writes them but to abbreviate.
_STEMS = frozenset(
    {
        *(word for table in (_WHOSE, _FIELDS, _BODIES, _SUBJECTS, _MANNERS) for word in table),
        *str.split("j int proc trans bull conf symp ann sci lett rev res commun eng syst adv"),
    }
    - {each for table in (_WHOSE, _SUBJECTS, _MANNERS) for each in table if " " in each}
    - _WORDS
)
