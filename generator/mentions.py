"""Who mentions whom: links from a paper to those whose names, titles or addresses its text uses.

A paper owns a name that it gives to something of its own ("GPipe: …", "we call it Lion"). A link
by name is made only where nothing else can be meant: whoever else claims the name, used it years
before, or spells it out in other words takes the link away, and so does everyday use. Precision
comes before recall: a missing link is not seen, a wrong one is.

What one paper says to this are its `facts`: worked out from it alone, small, worth remembering.
Combining the facts of all papers is quick, and reads only those again that may mention another.

Known weaknesses: cues are English; a name that its paper's title and abstract do not introduce
(ResNet) is nobody's; two papers that give one name to different things lose it both, also where
one of them is famous; who means another paper by a name, one that is not in the collection, is
found out only if somebody spells it out.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from html import unescape
from itertools import chain, islice
from typing import NamedTuple

from generator import acronyms
from generator.text import canonical, cut, to_plain
from generator.topics import singular


@dataclass(frozen=True, slots=True)
class Text:
    """What a paper says and what it is known by; `title` and `abstract` canonical.

    `notes` are the owner's own words on it, as HTML or plain; `urls` the addresses of its links,
    `doi` and `arxiv` bare ids.
    """

    id: str
    title: str = ""
    abstract: str = ""
    key: str = ""
    other_keys: tuple[str, ...] = ()
    doi: str = ""
    arxiv: str = ""
    urls: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    year: int | None = None


class Facts(NamedTuple):
    """What a paper says that may concern others, as plain and as short as can be.

    Words are given each once, with spaces between them.
    """

    titled: tuple[str, ...] = ()
    """The names that it gives to something of its own in its title."""
    claimed: tuple[str, ...] = ()
    """The names that it gives so only in its abstract."""
    defined: tuple[tuple[str, str], ...] = ()
    """Short forms that abstract or title spell out, and how."""
    title: str = ""
    """All words of its title in their order, case folded."""
    openings: tuple[str, ...] = ()
    """The first words of whatever abstract and notes may cite by title, case folded."""
    keys: tuple[str, ...] = ()
    """The keys that its notes refer to."""
    dois: tuple[str, ...] = ()
    """The DOIs in abstract and notes."""
    arxivs: tuple[str, ...] = ()
    """The arXiv ids in abstract and notes."""
    repositories: tuple[str, ...] = ()
    """The addresses of repositories in abstract and notes."""
    named: tuple[str, ...] = ()
    """Those in the abstract."""
    linked: tuple[str, ...] = ()
    """The repositories that are links of the paper."""
    words: str = ""
    """The words of title and abstract that are not all small letters."""
    small: str = ""
    """The words of title and abstract that are."""
    noted: str = ""
    """The words of the notes."""


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """A paper (by id) mentions another: by these words, in this sentence, recognised so.

    `sentence` is canonical text of at most 300 characters, of the abstract or a note (or the
    title, where only that uses the name); `how` is one of HOW.
    """

    source: str
    target: str
    name: str
    sentence: str
    how: str


# The kinds of evidence, the best first.
HOW = ("key", "doi", "arxiv", "repository", "title", "name")


def facts(paper: Text, found: acronyms.Found | None = None) -> Facts:
    """What a paper says that may concern others: it hangs on its words and links, not on its ids.

    `found` are the acronyms of the abstract, where they are known already.
    """
    read = _Paper(paper, Facts())
    found = found or acronyms.found(paper.abstract)
    abstract, notes = (
        "\n".join(sentence.said for sentence in sentences)
        for sentences in (read.sentences, read.notes)
    )
    said = f"{abstract}\n{notes}"
    in_abstract = _WORD.findall(abstract)
    in_notes = _WORD.findall(notes)
    words = dict.fromkeys((*_WORD.findall(read.title), *in_abstract))
    small = dict.fromkeys(filter(_is_small, words))
    titled, claimed = _claims(read)
    return Facts(
        titled=titled,
        claimed=claimed,
        defined=tuple(dict((*found.acronyms, *acronyms.found(paper.title).acronyms)).items()),
        title=" ".join(_WORD.findall(read.title.casefold())),
        openings=_distinct(_openings(said, in_abstract + in_notes)),
        keys=_distinct(key for sentence in read.notes for key in _keys(sentence.said)),
        dois=_distinct(_dois(said)),
        arxivs=_distinct(_arxiv_ids(said)),
        repositories=_distinct(_repositories(said)),
        named=_distinct(_repositories(abstract)),
        linked=_distinct(_repositories(" ".join(paper.urls))),
        words=" ".join([word for word in words if word not in small]),
        small=" ".join(small),
        noted=" ".join(dict.fromkeys(in_notes)),
    )


def mentions(papers: Sequence[Text], known: Sequence[Facts] | None = None) -> tuple[Mention, ...]:
    """Who mentions whom, by source and target: of each two papers the best evidence, once.

    `known` are the facts of the papers in the same order, where they are known already. No paper
    is mentioned by the title or abstract of one that is older by more than a year; notes may
    mention whatever they like.
    """
    read = sorted(_read(papers, known), key=lambda paper: paper.text.id)
    best: dict[tuple[str, str], Mention] = {}
    for find in _FINDERS:
        for mention in find(read):
            if mention.source != mention.target:
                best.setdefault((mention.source, mention.target), mention)
    return tuple(best[pair] for pair in sorted(best))


def owned(paper: Text) -> tuple[str, ...]:
    """The names that a paper gives to something of its own, those in its title first."""
    titled, claimed = _claims(_Paper(paper, Facts()))
    return titled + claimed


def unknown_keys(
    papers: Sequence[Text], known: Sequence[Facts] | None = None
) -> tuple[tuple[str, str], ...]:
    """What the notes refer to as [@key] or [[key]] and nobody is: (id of the paper, key).

    `known` as for `mentions`.
    """
    read = _read(papers, known)
    keys = _known_keys(read)
    return tuple(
        sorted(
            (paper.text.id, key) for paper in read for key in paper.facts.keys if key not in keys
        )
    )


def linked(
    note: str, link: Callable[[str, str], str], cite: Callable[[str], str] | None = None
) -> str:
    """A note (HTML) with links for the keys it refers to: `link(key, words)`, or "" to leave one.

    `words` (HTML) are those of [[key|words]]. A key in [@key] is linked by `cite(key)`, where there
    is one, and keeps its bracket. Code, links and what stands in tags stay as they are. Both are
    asked in the order of the note, and what they give is not looked at again.
    """

    def cited(match: re.Match[str]) -> str:
        return _cited(match[1], cite or (lambda key: link(key, "")), keeps=bool(cite))

    def named(match: re.Match[str]) -> str:
        if match["cited"]:
            return _CITED.sub(cited, match[0])
        return link(unescape(match[1]).strip(), match[2] or "") or _CITED.sub(cited, match[0])

    parts, inside = _MARKED.split(note), 0
    for i, part in enumerate(parts):
        if i % 2:
            if kept := _KEPT.match(part):
                inside += -1 if kept[1] else 1
        elif inside <= 0:
            parts[i] = _NAMED.sub(named, part)
    return "".join(parts)


def _cited(inside: str, link: Callable[[str], str], *, keeps: bool) -> str:
    """A bracket with links in place of its keys; a key alone needs none, unless it is kept."""

    def replaced(match: re.Match[str]) -> str:
        key = match[1].rstrip(".:")
        made = link(unescape(key))
        return made + match[1][len(key) :] if made else match[0]

    said = _CITED_KEY.sub(replaced, inside)
    alone = not keeps and said != inside and _CITED_KEY.fullmatch(inside)
    return said if alone else f"[{said}]"


# A tag with its attributes, whose values may hold any character; those that are left alone.
_MARKED = re.compile(r"""(<[^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*>)""")
_KEPT = re.compile(r"<(/?)(?:a|code|pre)\b")


# --- sentences ----------------------------------------------------------------------------------

# Characters of a sentence that are shown; of 68,000 in abstracts 2 % have more, the mean is 155.
_SHOWN = 300
# The name stands in the first so many of them, or the sentence is cut at its beginning, too.
_AHEAD = 220

_END = re.compile(r"[.!?]['\")\]’”]* +(?=[\"'(\[“‘$]?[\w$])")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[])(?:e\.g|i\.e|cf|vs|al|resp|figs?|eqs?|sec|no|approx|a\.k\.a|[A-Z])$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence to show (canonical) and to search (plain, with the addresses of its links)."""

    shown: str
    said: str
    of_note: bool = False


@dataclass(frozen=True)
class _Paper:
    """A paper with its facts; its text is read where it is asked for."""

    text: Text
    facts: Facts

    @cached_property
    def title(self) -> str:
        return to_plain(self.text.title)

    @cached_property
    def sentences(self) -> tuple[_Sentence, ...]:
        return tuple(_Sentence(said, to_plain(said)) for said in _split(self.text.abstract))

    @cached_property
    def notes(self) -> tuple[_Sentence, ...]:
        return tuple(sentence for note in self.text.notes for sentence in _note_sentences(note))

    @cached_property
    def whole(self) -> str:
        """All that it says."""
        notes = (sentence.said for sentence in self.notes)
        return "\n".join((self.title, to_plain(self.text.abstract), *notes))

    @cached_property
    def defined(self) -> Mapping[str, str]:
        """Short forms that it spells out, and how."""
        return dict(self.facts.defined)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of title and abstract, in small letters and in the singular."""
        return frozenset(map(_singular, _words(self.facts)))


def _read(papers: Sequence[Text], known: Sequence[Facts] | None) -> list[_Paper]:
    if known is None:
        known = [facts(paper) for paper in papers]
    return [_Paper(*pair) for pair in zip(papers, known, strict=True)]


def _words(known: Facts) -> list[str]:
    """The words of title and abstract in small letters."""
    return known.small.split() + known.words.lower().split()


def _is_small(word: str) -> bool:
    return word.islower() and word.isalpha()


def _distinct(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=1 << 16)
def _singular(word: str) -> str:
    return singular(word)


def _split(text: str) -> Iterator[str]:
    """The sentences of a text; none ends within a formula, after an abbreviation or an initial."""
    start = dollars = counted = 0
    for end in _END.finditer(text):
        if _ABBREVIATION.search(text, max(0, end.start() - 8), end.start()):
            continue
        following = text[end.end() : end.end() + 1]
        if following.islower() and not _begins_with_name(text, end.end()):
            continue
        dollars += text.count("$", counted, end.start())
        counted = end.start()
        if dollars % 2 == 0:
            yield text[start : end.end()].rstrip()
            start = end.end()
    if text[start:]:
        yield text[start:]


def _begins_with_name(text: str, start: int) -> bool:
    word = _TOKEN.match(text, start)
    return word is not None and _is_distinct(word[0])


_BLOCK = re.compile(r"</(?:p|li|h[1-6]|t[dhr]|d[td]|blockquote|pre|div)>|<[bh]r\b[^<>]*>|\n\s*\n")
_ANCHOR = re.compile(r"<a\b[^<>]{0,300}?\bhref=[\"']([^\"'<>]{0,2000})[\"'][^<>]{0,300}>")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--[^<>]*-->")
_ADDRESS = re.compile("\1([^\1\2]*)\2")


def _note_sentences(note: str) -> Iterator[_Sentence]:
    """A note's sentences, without its markup; each goes with the addresses it links to."""
    for block in _BLOCK.split(note.replace("\1", "").replace("\2", "")):
        plain = _TAG.sub("", _ANCHOR.sub("\1\\1\2", block))
        for sentence in _split(" ".join(unescape(plain).split())):
            shown = canonical(_ADDRESS.sub("", sentence))
            yield _Sentence(shown, _ADDRESS.sub(r" \1 ", sentence), of_note=True)


def _shown(sentence: str, name: str) -> str:
    """As much of a sentence as there is room for, with the name in it."""
    at = sentence.find(name)
    if len(sentence) > _SHOWN and at + len(name) > _AHEAD:
        for begin in re.finditer(r"[,;:] ", sentence[max(0, at - _AHEAD) : at]):
            start = max(0, at - _AHEAD) + begin.end()
            if sentence.count("$", 0, start) % 2 == 0:
                return "…" + cut(sentence[start:], _SHOWN - 1)
    return cut(sentence, _SHOWN)


def _mention(source: _Paper, target: Text, name: str, sentence: str, how: str) -> Mention:
    return Mention(source.text.id, target.id, name, _shown(sentence, name), how)


def _is_possible(source: Text, target: Text) -> bool:
    """Whether the years allow that one paper knows another: a year of delay is common."""
    return source.year is None or target.year is None or source.year >= target.year - 1


def known_by(papers: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """What papers are known by → the id of the paper; what two of them share is nobody's."""
    found: dict[str, str] = {}
    for id_, names in papers:
        for name in names:
            if name and found.setdefault(name, id_) != id_:
                found[name] = ""
    return {name: id_ for name, id_ in found.items() if id_}


# --- by key, DOI, arXiv id, repository ----------------------------------------------------------

_CITED = re.compile(r"\[([^\[\]]{1,600}+)\]")
_CITED_KEY = re.compile(r"(?<![^\s;\[-])@([^\s,;\[\]]+)")
_WIKI = re.compile(r"\[\[([^\[\]|#]{1,300})(?:\|([^\[\]]{0,300})|#[^\[\]]{0,300})?\]\]")
_NAMED = re.compile(rf"{_WIKI.pattern}|(?P<cited>{_CITED.pattern})")
_DOI = re.compile(r"\b10\.[0-9]{4,9}/[^\s\"<>]+")
_ARXIV = re.compile(
    r"arxiv(?:\.org/(?:abs|pdf|html)/|[.:\s]{0,3}(?:preprint)?[.:\s]{0,3})?"
    r"([0-9]{4}\.[0-9]{4,5}|[a-z-]{2,12}(?:\.[A-Z]{2})?/[0-9]{7})(?![0-9])",
    re.IGNORECASE,
)
_HOSTS = ("github", "gitlab", "bitbucket", "codeberg", "huggingface")
_REPOSITORY = re.compile(
    rf"\b((?:{'|'.join(_HOSTS)})\.(?:com|org|co))/(?:datasets/|spaces/)?"
    r"([\w.-]+)/([\w.-]+)",
    re.IGNORECASE,
)


def _keys(text: str) -> Iterator[str]:
    """The keys that a note refers to: [@key], [see @key, p. 3; @other], [[key]], [[key|words]]."""
    for cited in _CITED.finditer(text):
        for key in _CITED_KEY.findall(cited[1]):
            yield key.rstrip(".:")
    for wiki in _WIKI.finditer(text):
        yield wiki[1].strip()


def _dois(text: str) -> Iterator[str]:
    for match in _DOI.finditer(text) if "10." in text else ():
        yield match[0].rstrip(".,;:)]}'’”").casefold()


def _arxiv_ids(text: str) -> Iterator[str]:
    for match in _ARXIV.finditer(text) if "arxiv" in text.lower() else ():
        yield match[1].casefold()


def _repositories(text: str) -> Iterator[str]:
    small = text.lower() if "/" in text else ""
    for match in _REPOSITORY.finditer(text) if any(map(small.__contains__, _HOSTS)) else ():
        name = match[3].casefold().rstrip(".").removesuffix(".git")
        yield f"{match[1]}/{match[2]}/{name}".casefold()


def _known_keys(papers: Iterable[_Paper]) -> dict[str, str]:
    return known_by((p.text.id, (p.text.key, *p.text.other_keys, p.text.id)) for p in papers)


def _known_dois(papers: Iterable[_Paper]) -> dict[str, str]:
    return known_by((p.text.id, (p.text.doi.casefold(),)) for p in papers)


def _known_arxivs(papers: Iterable[_Paper]) -> dict[str, str]:
    return known_by((p.text.id, (p.text.arxiv.casefold(),)) for p in papers)


def _known_repositories(papers: Sequence[_Paper]) -> dict[str, str]:
    """A repository is the paper's that links to it; failing that, of the one that names it."""
    linked = known_by((p.text.id, p.facts.linked) for p in papers)
    named = known_by((p.text.id, p.facts.named) for p in papers)
    return named | linked


class _Kind(NamedTuple):
    """How papers refer to others by words that stand for nothing else."""

    cited: Callable[[Facts], Sequence[str]]
    find: Callable[[str], Iterable[str]]
    known: Callable[[Sequence[_Paper]], Mapping[str, str]]


_KINDS = {
    "key": _Kind(lambda facts: facts.keys, _keys, _known_keys),
    "doi": _Kind(lambda facts: facts.dois, _dois, _known_dois),
    "arxiv": _Kind(lambda facts: facts.arxivs, _arxiv_ids, _known_arxivs),
    "repository": _Kind(lambda facts: facts.repositories, _repositories, _known_repositories),
}


def _by_words(how: str, papers: Sequence[_Paper]) -> Iterator[Mention]:
    """The mentions of papers by words that are known to be theirs alone."""
    kind = _KINDS[how]
    citing = [paper for paper in papers if kind.cited(paper.facts)]
    known = kind.known(papers) if citing else {}
    by_id = {paper.text.id: paper.text for paper in papers} if citing else {}
    for paper in citing:
        own = paper.text.id
        if all(known.get(word, own) == own for word in kind.cited(paper.facts)):
            continue
        for sentence in (*(() if how == "key" else paper.sentences), *paper.notes):
            for word in kind.find(sentence.said):
                target = by_id.get(known.get(word, ""))
                if target and (sentence.of_note or _is_possible(paper.text, target)):
                    yield _mention(paper, target, word, sentence.shown, how)


# --- by title -----------------------------------------------------------------------------------

# Words of a title that a text can mean only as that title; with fewer it may be a subject.
_TITLE_WORDS = 5
# What is longer is no title, and comparing it would take its length at every word.
_TITLE_LONGEST = 60
_LINK_WORDS = frozenset({
    "a", "an", "and", "as", "at", "be", "by", "can", "do", "for", "from", "how", "in", "into",
    "is", "it", "its", "of", "on", "or", "over", "that", "the", "to", "under", "using", "via",
    "vs", "we", "what", "when", "why", "with", "without", "beyond", "toward", "towards", "against",
    "are", "does",
})  # fmt: skip
_WORD = re.compile(r"[^\W_]+")


# The first words of titles → the titles that begin so, by their words.
_Openings = Mapping[str, Sequence[tuple[Sequence[str], _Paper]]]


def _by_title(papers: Sequence[_Paper]) -> Iterator[Mention]:
    """Whole titles, word for word, in capitals as a title has them, or in quotes."""
    known = known_by((paper.text.id, (paper.facts.title,)) for paper in papers)
    openings: defaultdict[str, list[tuple[Sequence[str], _Paper]]] = defaultdict(list)
    for paper in papers:
        title = paper.facts.title.split() if paper.facts.title in known else ()
        if _TITLE_WORDS <= len(title) <= _TITLE_LONGEST:
            openings[" ".join(title[:_TITLE_WORDS])].append((title, paper))
    for paper in papers:
        if openings.keys().isdisjoint(paper.facts.openings):
            continue
        for sentence in (*paper.sentences, *paper.notes):
            for name, target in _titles_in(sentence.said, openings):
                if sentence.of_note or _is_possible(paper.text, target.text):
                    yield _mention(paper, target.text, name, sentence.shown, "title")


def _openings(said: str, words: Sequence[str]) -> Iterator[str]:
    """The first words of whatever is written as a title is: see `_is_cited`."""
    others = {word for word in set(words) if word[0].islower()} - _LINK_WORDS
    start = 0
    for last, word in enumerate(words, 1):
        if word in others:
            start = last
        elif last - start >= _TITLE_WORDS:
            yield " ".join(words[last - _TITLE_WORDS : last]).casefold()
    for quote in _QUOTED.finditer(said):
        quoted = islice(_WORD.finditer(said, quote.end()), _TITLE_WORDS)
        yield " ".join([word[0] for word in quoted]).casefold()


def _titles_in(said: str, openings: _Openings) -> Iterator[tuple[str, _Paper]]:
    """The titles in a sentence, as it writes them."""
    words = _WORD.findall(said.casefold())
    places: list[re.Match[str]] = []
    for first in range(len(words) - _TITLE_WORDS + 1):
        for title, paper in openings.get(" ".join(words[first : first + _TITLE_WORDS]), ()):
            last = first + len(title)
            if words[first:last] != title:
                continue
            places = places or list(_WORD.finditer(said))
            if len(places) == len(words) and _is_cited(said, places[first:last]):
                yield said[places[first].start() : places[last - 1].end()], paper


_QUOTES = "\"“‘'«_*"
_QUOTED = re.compile(rf"[{_QUOTES}](?=[^\W_])")


def _is_cited(said: str, places: Sequence[re.Match[str]]) -> bool:
    """Whether words are written like a title: in quotes, or each with a capital."""
    start = places[0].start()
    return said[max(0, start - 1) : start] in set(_QUOTES) or all(
        not place[0][0].islower() or place[0] in _LINK_WORDS for place in places
    )


# --- what a name looks like ---------------------------------------------------------------------

_TOKEN = re.compile(r"[^\W_](?:(?:[\w+*-]|\.(?=[0-9]))*[\w+*])?")
# Words that are made of a name, and are none.
_MADE_OF = re.compile(
    r".-(?:based|like|style|type|driven|free|aware|guided|inspired|level|enabled|trained|only|wise"
    r"|dimensional|shot|class|way|step|view|time|order|fold|bit|ray|norm|trivial|specific|end)s?$",
    re.IGNORECASE,
)
_DIGITS_AND_UNIT = re.compile(r"[0-9][0-9.,]*-?(?:[a-z]{1,3}|[A-Z]|[dD][oO][fFgG]s?|[A-Z][a-z]+)")
# Whoever introduces one of these, a reader knows it from elsewhere.
_EVERYDAY = frozenset({
    "AI", "ML", "DL", "RL", "NLP", "NLU", "NLG", "NMT", "CV", "DNN", "CNN", "RNN", "GNN", "GCN",
    "MLP", "FNN", "DCNN", "FCN", "LSTM", "GRU", "GAN", "VAE", "SVM", "PCA", "ICA", "CRF", "HMM",
    "MDP", "POMDP", "GMM", "LLM", "LLMs", "LVLM", "VLM", "MLLM", "PLM", "LM", "GPU", "CPU", "TPU",
    "FPGA", "API", "PDF", "HTML", "XML", "JSON", "SQL", "RGB", "RGB-D", "RGBD", "LiDAR", "LIDAR",
    "IMU", "GPS", "GNSS", "UAV", "UGV", "AUV", "SLAM", "ROS", "SGD", "EM", "MCMC", "KL", "IoU",
    "mAP", "BLEU", "ROUGE", "AUC", "ROC", "MSE", "SNR", "PSNR", "SSIM", "FLOPs", "SOTA", "OOD",
    "QA", "VQA", "ASR", "TTS", "OCR", "NER", "EEG", "MRI", "fMRI", "CT", "ECG", "EMG", "IoT",
    "HRI", "HCI", "DoF", "DOF", "PID", "MPC", "LQR", "RRT", "PRM", "ICP", "EKF", "UKF", "MAP",
    "ERM", "PAC", "UCB", "VC", "RKHS", "i.i.d.", "iid", "NP-hard", "II", "III", "IV", "VI", "VII",
    "VIII", "IX", "XAI", "AGI", "AR", "VR", "USA", "UK", "EU", "US", "IEEE", "ACM", "arXiv",
    "GitHub", "PyTorch", "TensorFlow", "OpenAI", "DeepMind", "COVID-19", "COVID", "Python", "Java",
    "MATLAB", "Matlab", "Linux", "Android", "WiFi", "Wi-Fi",
})  # fmt: skip
# General nouns that stand after a name, or instead of one.
_NOUNS = frozenset({
    "network", "networks", "net", "model", "models", "method", "methods", "framework", "approach",
    "algorithm", "algorithms", "dataset", "datasets", "benchmark", "corpus", "challenge", "system",
    "library", "toolkit", "toolbox", "architecture", "task", "platform", "simulator",
    "environment", "module", "loss", "layer", "scheme", "technique", "metric", "score", "package",
    "suite", "test", "robot", "database", "collection", "strategy", "procedure", "optimizer",
    "mechanism", "project", "software", "family", "agent",
})  # fmt: skip


@lru_cache(maxsize=1 << 17)
def _is_distinct(word: str) -> bool:
    """Whether a word looks like nothing but a name: capitals or digits within it (GPipe, 3D-GS)."""
    if len(word) < 3 or _MADE_OF.search(word) or _DIGITS_AND_UNIT.fullmatch(word):
        return False
    parts = word.split("-")
    return any(map(_is_odd, parts)) and sum(map(str.isalpha, word)) > 1


def _is_odd(part: str) -> bool:
    rest = part[1:]
    if part.isalpha():
        return not (rest.islower() or not rest)
    return any(map(str.isalpha, part))


def _is_capital(word: str) -> bool:
    """Whether a word could be one of a name: Lion, Net, 2."""
    return word[0].isupper() or word.isdecimal()


def _name(words: Sequence[str]) -> str:
    """The name that words make, or none: general nouns at the end are not part of it."""
    whole = list(words)
    words = list(words)
    while words and words[-1].casefold() in _NOUNS:
        words.pop()
    if not words or words[0].isdecimal():
        return ""
    if not any(map(_is_distinct, words)):  # of plain words every one is needed
        words = whole
    if len(words) == 1:
        word = words[0]
        if _is_distinct(word):
            word = word[:-1] if word[-1] == "s" and word[:-1].isupper() else word
            return "" if word in _EVERYDAY or len(word) < 3 else word
        is_plain = word[0].isupper() and word[1:].islower() and len(word) > 3
        return word if is_plain and word.casefold() not in _LINK_WORDS else ""
    name = " ".join(words)
    return "" if words[0].casefold() in _LINK_WORDS else name


def _is_plain(name: str) -> bool:
    """Whether a name is made of words that may be used for something else (Lion, Deep Sets)."""
    return not any(map(_is_distinct, name.split()))


# --- what a paper claims ------------------------------------------------------------------------


# A sentence with neither, or with nothing new, cannot name anything: most are not looked into.
_MARKED_WORD = re.compile(
    r"[A-Z](?:(?<=\w[A-Z])|(?<=\w-[A-Z]))|[0-9](?:(?<=[^\W\d_][0-9])|(?<=[^\W\d_]-[0-9]))"
)
_NAMING = re.compile(r"\b(?:call|nam|term|dub|coin)")
_OURS = re.compile(
    r"\b(?:we|our|us|this (?:paper|work|article|study|letter|thesis|report)|novel|new"
    r"|(?:propos|introduc|present|develop)\w+)\b",
    re.IGNORECASE,
)
# What makes a thing the paper's own, and what takes it away again before the name comes.
_PROPOSE = re.compile(
    r"\b(?:we|paper|work|article|study|letter|thesis|report|demonstration)"
    r"(?: \w+ly| also| then| first| therefore| thus| here| further| next| and| will| have){0,2}"
    r" (?:propos|introduc|present|develop|describ|design|build|built|releas|construct|creat"
    r"|contribut|devis|offer|publish|collect|formulat|deriv|unveil|announc|provid|invent|made)"
    r"\w*(?: and \w+)?:? ",
    re.IGNORECASE,
)
_NEW = re.compile(
    r"\b(?:novel|new|our|original|first)\b|\b(?:is|are) (?:propos|introduc|present)ed"
)
_OTHERS = re.compile(
    r"\b(?:upon|based on|built on|existing|well-known|popular|recent|previous|prior|standard"
    r"|state-of-the-art|baselines?|using|compar\w+|like|widely|extend\w*|outperform\w*)\b"
)
_CALLED = re.compile(
    r"\b(?:called|named|dubbed|termed|coined|codenamed|nicknamed|abbreviated(?: as| to)?|denoted as"
    r"|namely),? (?:the |as )?[\"“‘'(]*(?=\w*[A-Z])"
)
_CALL = re.compile(
    r"\b[Ww]e (?:\w+ )?(?:call|name|term|dub|coin|denote|title|refer to|abbreviate)\b"
    r"(?: [a-z’'-]+,?){0,8}? [\"“‘'(]*(?=\w*[A-Z])"
)
_DETERMINED = re.compile(r"(?:the |a |an |our )?[\"“‘']*")
_OUR = re.compile(
    r"\b(?:[Oo]ur|[Tt]he proposed|[Tt]he new)(?: [a-z-]+){0,3}"
    r" (?:method|approach|framework|model|algorithm|system|dataset|benchmark|network|architecture"
    r"|technique|solution|tool|library|agent|robot|planner|optimizer),? [\"“‘'(]*(?=\w*[A-Z])"
)
# ", GPipe, " and "framework: GPipe," in a sentence that proposes something.
_APPOSED = re.compile(r"(?<![\w-])([\w-]++)(?:,|:| –| —) [\"“‘']*(?=\w*[A-Z])")
# What may follow where a name ends; a noun would make it part of what the noun means.
_FOLLOWING = re.compile(
    r"[\"”’']*(?:$|[,.;:)]|\s*[(–—]| (?:that|which|to|for|is|are|can|by|in|on|and|as|where|based"
    r"|using|with|from|has|whose|because|since|when|at|of|a|an|the|our|–|—)\b(?! [A-Z]))"
)
_APART = re.compile(r"[\"”’']*(?:$|[,.;:)]| ?[(–—]| (?:that|which|–|—)\b)")
_THE_NOUN = re.compile(r" (?:" + "|".join(sorted(_NOUNS - {"networks", "models"})) + r")\b")
_TITLE_NAME = re.compile(r"^[\"“‘']*([^:–—]{2,60}?)[\"”’']*(?:: | [–—-] |$)")
_TITLE_NOUN = re.compile(
    r"(?:^|: )(?:the|a|an|introducing)? ?([\w+*-]+(?: [A-Z0-9][\w+*-]*)?)"
    r" (?:dataset|data set|benchmark|challenge|corpus|database|library|toolkit|simulator)\b",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"(?>(?:(?<! ) ++)?)\(([^()]{2,20})\)")
_MANY = 4  # words in a name, at most
_INITIALS = 3  # capitals in a short form that is recognised by a title alone, at least


def _claims(paper: _Paper) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names a paper claims, each once: those of the title, and the others in order."""
    titled = dict.fromkeys(name for name in _in_title(paper) if name)
    said = dict.fromkeys(
        name
        for sentence in paper.sentences
        if _is_promising(sentence.said)
        for name in _in_sentence(sentence.said, paper)
        if name and name not in _EVERYDAY and name not in titled
    )
    return tuple(titled), tuple(said)


def _is_promising(said: str) -> bool:
    return bool(_OURS.search(said) and (_MARKED_WORD.search(said) or _NAMING.search(said)))


def _in_title(paper: _Paper) -> Iterator[str]:
    """The names in a title: "GPipe: …", "Mask R-CNN", "The SemanticKITTI dataset"."""
    for match in _TITLE_NOUN.finditer(paper.title):
        yield _distinct_name(match[1])
    beginning = _TITLE_NAME.match(paper.title)
    if not beginning:
        return
    is_all = beginning.end() == len(paper.title)
    bare = _IN_BRACKETS.sub("", beginning[1]).strip()
    words = _TOKEN.findall(bare)
    name = _name(words) if " ".join(words) == bare and len(words) <= _MANY else ""
    if name and not _is_plain(name):
        if len(words) <= (2 if is_all else 3):
            yield name
    elif name and not is_all and _is_used_plainly(name, paper):
        yield name
    bracket = _IN_BRACKETS.search(beginning[1])
    if bracket and bracket.end() == len(beginning[1]):
        yield _distinct_name(bracket[1])
    elif not is_all and not bracket:
        # "You Only Look Once: …" is the title of YOLO.
        yield from filter(None, (_distinct_name(short) for short in _initials(paper, bare)))


def _initials(paper: _Paper, long: str) -> Iterator[str]:
    """The words of an abstract that stand for the words before a title's colon."""
    letters = [word[0] for word in long.split() if word[0].isupper()]
    if len(letters) < _INITIALS:
        return
    tokens = (token for each in paper.sentences for token in _TOKEN.findall(each.said))
    for token in dict.fromkeys(each for each in tokens if each[0] == letters[0]):
        capitals = sum(map(str.isupper, token))
        if capitals >= _INITIALS and acronyms.definitions(f"{long} ({token})"):
            yield token


def _distinct_name(text: str) -> str:
    words = _TOKEN.findall(text)
    name = _name(words) if " ".join(words) == text else ""
    return name if name and not _is_plain(name) and len(words) <= 2 else ""


def _in_sentence(said: str, paper: _Paper) -> Iterator[str]:
    """The names that a sentence gives to what is the paper's own."""
    for cue in _CALL.finditer(said):
        yield _named_at(said, cue.end(), _FOLLOWING, plain=True)
    for cue in _OUR.finditer(said):
        yield _named_at(said, cue.end(), _FOLLOWING, plain=False)
    proposal = _PROPOSE.search(said)
    for cue in _CALLED.finditer(said):
        if _is_own(said, cue.start(), proposal):
            yield _named_at(said, cue.end(), _FOLLOWING, plain=True)
    if not proposal:
        return
    determined = _DETERMINED.match(said, proposal.end())
    at = determined.end() if determined else proposal.end()
    if not determined or not determined[0].startswith(("a ", "an ")):
        yield _named_at(said, at, _THE_NOUN, plain=False)
        yield _named_at(said, at, _APART, plain=False)
    for comma in _APPOSED.finditer(said, proposal.end()):
        if comma[1] in _NOUNS and _is_own(said, comma.start(), proposal):
            yield _named_at(said, comma.end(), _APART, plain=False)
    yield from _spelled_out(said, proposal.end(), paper)


_NEAR = 200  # characters before a name in which something says that it is the paper's own


def _is_own(said: str, place: int, proposal: re.Match[str] | None) -> bool:
    """Whether what a sentence has come to at a place is the paper's own."""
    cues = [each.end() for each in _NEW.finditer(said, max(0, place - _NEAR), place)]
    if proposal and place - _NEAR <= proposal.end() <= place:
        cues.append(proposal.end())
    return bool(cues) and not _OTHERS.search(said, max(cues), place)


# Words there may be between "we propose" and the expansion of what is proposed; and those that
# lead away from it to something else.
_LEADING = 9
_AWAY = frozenset({
    "of", "for", "with", "on", "in", "using", "by", "from", "to", "via", "between", "into", "that",
    "which", "and", "based",
})  # fmt: skip


def _spelled_out(said: str, start: int, paper: _Paper) -> Iterator[str]:
    """Acronyms of what is proposed: "we propose a new method called Random Walk Search (RWS)"."""
    for each in acronyms.definitions(said):
        short = each.acronym.short
        first = min(each.start, each.long_start)
        if not start <= first < start + _NEAR or not _is_distinct(short):
            continue
        between = said[start:first].split()
        if len(between) > _LEADING or not _AWAY.isdisjoint(between):
            continue
        if any(word[0].isupper() for word in between):  # then the short form leaves something out
            continue
        capital = sum(word[0].isupper() for word in _WORD.findall(each.acronym.long)) > 1
        new = not {"novel", "new", "called", "named", "termed", "dubbed"}.isdisjoint(between)
        titled = _same(each.acronym.long) in _same(paper.title)
        if capital or new or titled:
            yield short


def _named_at(said: str, start: int, following: re.Pattern[str], *, plain: bool) -> str:
    """The name that begins at a place, if what follows it leaves it alone; "" for none."""
    words: list[str] = []
    end = start
    while len(words) < _MANY and (token := _TOKEN.match(said, end)):
        word = token[0]
        if not (
            _is_distinct(word) or (words and _is_capital(word)) or (plain and word[0].isupper())
        ):
            break
        words.append(word)
        end = token.end()
        if said[end : end + 1] != " ":
            break
        end += 1
    if not words:
        return ""
    end = end - 1 if said[end - 1] == " " else end
    if not following.match(said, end):
        noun = _THE_NOUN.match(said, end)
        if not noun or not _is_distinct(words[0]):
            return ""
    name = _name(words)
    return name if name and (plain or not _is_plain(name)) else ""


# --- names: who uses them -----------------------------------------------------------------------


def _is_used_plainly(name: str, paper: _Paper) -> bool:
    """Whether an abstract uses plain words as a name: in capitals, not just as a beginning."""
    return any(
        _stands_alone(each.said, start, start + len(name), plain=True)
        for each in paper.sentences
        for start in _finds(name, each.said)
    )


def _finds(name: str, said: str) -> Iterator[int]:
    start = said.find(name)
    while start >= 0:
        yield start
        start = said.find(name, start + len(name))


_BEFORE = re.compile(r"[\w+*@/#&.'’-]$")
_LONGER = re.compile(r"(?<![\w+*-])[_+*-]*+([^\W_][\w+*-]*+) $")
_AFTER = re.compile(
    r"(?:['’]s|s)?(?![\w+*@#&])(?!-[A-Z0-9])(?!\.[0-9A-Za-z])(?!/[a-z])"
    r"(?! ?\(?v?[0-9]{1,2}(?:\.[0-9]+)?\b(?!%))"
)


def _stands_alone(said: str, start: int, end: int, *, plain: bool) -> bool:
    """Whether a name is not part of a longer one: "R-CNN" of "Mask R-CNN", "SAM" of "SAM 2"."""
    if start and _BEFORE.search(said[start - 1 : start]) and said[start - 1] != "/":
        return False
    if not _AFTER.match(said, end):
        return False
    longer = _LONGER.search(said[max(0, start - 40) : start])
    if longer:
        begins = longer.start(1) == 0 and start <= 40
        if longer[1][0].isupper() and not begins and (plain or not longer[1].isupper()):
            return False
        if _is_distinct(longer[1]):
            return False
    if plain:
        after = _TOKEN.match(said, end + 1) if said[end : end + 1] == " " else None
        if after and after[0][0].isupper() and after[0].casefold() not in _NOUNS:
            return False
        if start == 0 or said[max(0, start - 3) : start].rstrip()[-1:] in {".", ":", "?", "!"}:
            return False
    return True


@dataclass(frozen=True, slots=True)
class _Use:
    """A paper uses a name (not one of its own): where the name stands, and in which sentence."""

    paper: _Paper
    sentence: _Sentence


def _by_name(papers: Sequence[_Paper]) -> Iterator[Mention]:
    claims: defaultdict[str, list[_Owner]] = defaultdict(list)
    for paper in papers:
        for name in paper.facts.titled:
            claims[name].append((paper, True))
        for name in paper.facts.claimed:
            claims[name].append((paper, False))
    owners = _owners(claims)
    uses = _uses(papers, owners, claims)
    elsewhere = _elsewhere(papers, {name: owners[name][0] for name in uses if _is_plain(name)})
    meanings = _meanings(papers, owners)
    links = []
    for name in sorted(uses):
        owner = owners[name]
        spelled: Mapping[str, int] = meanings.get(name, {})
        if _is_everyday(name, owner, uses[name], elsewhere[name], spelled):
            continue
        links += [
            _Link(name, owner[0], use)
            for use in uses[name]
            if use.sentence.of_note or _is_possible(use.paper.text, owner[0].text)
            if _is_meant(use.paper, name, owner[0], spelled)
        ]
    doubtful = [link for link in links if link.is_doubtful]
    counts = _counted({word for link in doubtful for word in link.shared}, papers)
    every = len(papers).bit_length()
    for link in links:
        kin = sum(every - counts[word].bit_length() for word in link.shared)
        if kin >= _KIN or not link.is_doubtful:
            shown = link.use.sentence.shown
            yield _mention(link.use.paper, link.owner.text, link.name, shown, "name")


@dataclass(frozen=True, slots=True)
class _Link:
    """A paper uses the name of another one's."""

    name: str
    owner: _Paper
    use: _Use

    @property
    def is_doubtful(self) -> bool:
        """Whether the two papers must have their subject in common.

        Nothing but capitals (SPIN, SAN) is a name that many things have, unless the one paper
        spells it out as the other does.
        """
        return self.name.isupper() and self.name not in self.use.paper.defined

    @property
    def shared(self) -> set[str]:
        """The words of the owner's title, the name's own aside, that the other paper has, too."""
        return (_subject(self.owner.title) - _subject(self.name)) & self.use.paper.words


_Owner = tuple[_Paper, bool]


def _owners(claims: Mapping[str, Sequence[_Owner]]) -> dict[str, _Owner]:
    """Whose each name is: of the one who claims it, or has it in the title before all others.

    Names that differ in case or hyphens are claimed together.
    """
    together: defaultdict[str, list[_Owner]] = defaultdict(list)
    for name, claimed in claims.items():
        together[_alike(name)] += claimed
    owners = {}
    for name, claimed in claims.items():
        everyone = together[_alike(name)]
        titled = [each for each in claimed if each[1]] or claimed
        first = titled[0]
        others = [paper for paper, _ in everyone if paper is not first[0]]
        if not others or (first[1] and all(_is_first(first[0], other) for other in others)
                          and sum(titled for _, titled in everyone) == 1):  # fmt: skip
            owners[name] = first
    return owners


def _alike(name: str) -> str:
    return "".join(_WORD.findall(name.casefold()))


def _is_first(paper: _Paper, other: _Paper) -> bool:
    one, two = paper.text.year, other.text.year
    return one is not None and two is not None and one <= two


def _uses(
    papers: Sequence[_Paper],
    owners: Mapping[str, _Owner],
    claims: Mapping[str, Sequence[_Owner]],
) -> dict[str, list[_Use]]:
    """Who uses each name that is another paper's; only names that somebody uses."""
    counts = Counter(chain.from_iterable(paper.facts.words.split() for paper in papers))
    by_word: defaultdict[str, list[str]] = defaultdict(list)
    for name in owners:  # it is looked for by the word of it that fewest papers have
        word = min(_WORD.findall(name), key=lambda word: (_is_small(word), counts[word], word))
        by_word[word].append(name)
        if name.endswith(word):
            by_word[f"{word}s"].append(name)
    wanted = {*by_word}
    has_small = any(map(_is_small, wanted))
    alike = {name: _alike(name) for name in claims}
    own = {(paper.text.id, alike[name]) for name in claims for paper, _ in claims[name]}
    uses: defaultdict[str, list[_Use]] = defaultdict(list)
    for paper in papers:
        known = paper.facts
        words = known.words.split() + known.noted.split()
        if has_small:
            words += known.small.split()
        # Each name has its own list, so the order of the sets does not matter.
        for name in {name for word in wanted.intersection(words) for name in by_word[word]}:
            is_others = (paper.text.id, alike[name]) not in own and name in paper.whole
            if is_others and (use := _use(paper, name)):
                uses[name].append(use)
    return dict(uses)


def _elsewhere(papers: Sequence[_Paper], owners: Mapping[str, _Paper]) -> Counter[str]:
    """How many papers, its owner aside, write the words of each plain name without capitals."""
    by_word: defaultdict[str, list[str]] = defaultdict(list)
    for name in owners:
        by_word[_WORD.findall(name)[0].lower()].append(name)
    words = {*by_word}
    elsewhere: Counter[str] = Counter()
    for paper in papers if owners else ():
        known = paper.facts
        said = known.small.split() + known.words.split() + known.noted.split()
        for word in words.intersection(said):
            for name in by_word[word]:
                small = name.lower()
                if owners[name] is not paper and (small == word or small in paper.whole):
                    elsewhere[name] += 1
    return elsewhere


def _use(paper: _Paper, name: str) -> _Use | None:
    """The first sentence in which a paper uses a name, its title last; None if it does not."""
    plain = _is_plain(name)
    title = () if plain else (_Sentence(paper.text.title, paper.title),)
    for sentence in (*paper.sentences, *paper.notes, *title):
        for start in _finds(name, sentence.said):
            if _stands_alone(sentence.said, start, start + len(name), plain=plain):
                return _Use(paper, sentence)
    return None


def _meanings(papers: Sequence[_Paper], owners: Mapping[str, _Owner]) -> dict[str, Counter[str]]:
    """How often, and in which words, papers other than its owner spell a name out."""
    meanings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for paper in papers:
        for short, long in paper.facts.defined:
            if short in owners and owners[short][0] is not paper:
                meanings[short][_same(long)] += 1
    return meanings


@lru_cache(maxsize=1 << 14)
def _same(text: str) -> str:
    return acronyms.same(text)


def _is_own_meaning(owner: _Paper, name: str, meaning: str) -> bool:
    """Whether the owner spells a name out in the same words, or has the words in its text."""
    if name in owner.defined:
        return _same(owner.defined[name]) == meaning
    return meaning in _same(f"{owner.text.title} {owner.text.abstract}")


# A plain name is everyday if papers write it without capitals more than once in so many uses. A
# short form has another owner, outside, if more than one in so many spell it out otherwise. Set by
# hand, on the careful side.
_SMALL = 4


def _is_everyday(
    name: str, owner: _Owner, uses: Sequence[_Use], elsewhere: int, meanings: Mapping[str, int]
) -> bool:
    """Whether a name is in use without its owner: years before, in small letters, as a term."""
    paper, in_title = owner
    year = paper.text.year
    if year is not None:
        first = year - 1 if in_title else year
        if any(use.paper.text.year is not None and use.paper.text.year < first for use in uses):
            return True
    if _is_plain(name):
        return elsewhere * _SMALL > len(uses)
    # An expansion in small letters is a term, and whoever else spells it out does not cite.
    long = paper.defined.get(name, "")
    return not in_title and long[1:].islower() and _same(long) in meanings


def _is_meant(paper: _Paper, name: str, owner: _Paper, meanings: Mapping[str, int]) -> bool:
    """Whether a paper that uses a name can mean its owner's, by what they and others say it is."""
    if name in paper.defined:
        return _is_own_meaning(owner, name, _same(paper.defined[name]))
    agreeing = sum(n for long, n in meanings.items() if _is_own_meaning(owner, name, long))
    return (sum(meanings.values()) - agreeing) * _SMALL <= agreeing


# How much the words of a title that another paper uses must tell together: what a word tells is
# how often the number of papers halves to that of the papers with the word. Of 21 links by nothing
# but capitals in 10,000 papers this keeps 8 (7 right) and drops 13 (4 right).
_KIN = 6


def _subject(said: str) -> set[str]:
    """The words of a title or name, in small letters and in the singular."""
    return {_singular(word.lower()) for word in _WORD.findall(said)}


def _counted(words: Iterable[str], papers: Sequence[_Paper]) -> Counter[str]:
    """In how many titles and abstracts words stand, in the singular or plural, in any case."""
    asked = {form: word for word in words for form in _forms(word)}
    forms = {*asked}
    return Counter(
        word
        for paper in (papers if asked else ())
        for word in {asked[form] for form in forms.intersection(_words(paper.facts))}
    )


def _forms(word: str) -> list[str]:
    """Every word of which a word is the singular, itself included."""
    forms = (word, f"{word}s", f"{word}es", f"{word[:-1]}ies")
    return [form for form in forms if _singular(form) == word]


_FINDERS: tuple[Callable[[Sequence[_Paper]], Iterator[Mention]], ...] = (
    *(partial(_by_words, how) for how in _KINDS),
    _by_title,
    _by_name,
)
