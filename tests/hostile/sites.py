"""Site folders with given strings in every field of every source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.text import clean, slug, words
from generator.topics import LONGEST

# What a field of a record may be called in each form of source. Those of REST stand together in
# one record: what they hold is shown in one and the same way.
BIB = ("title", "abstract", "author", "journal", "keywords", "key", "doi", "url", "eprint", "note")
BIB_REST = str.split(
    "editor booktitle pdf howpublished publisher volume number pages month year school institution "
    "series address edition chapter isbn issn language pubstate type unconfirmed crossref xdata "
    "organization file annote url_boom boom"
)
NOTE = ("title", "abstract", "authors", "venue", "tags", "keywords", "key", "doi", "url", "links",
        "body")  # fmt: skip
NOTE_REST = str.split(
    "arxiv type year volume number pages publisher editor note howpublished series address pdf "
    "code url_boom boom"
)
URL = "https://site.example/x/"  # of every site, so that there is all that needs an address
FORMS = {"bib": (BIB, BIB_REST), "note": (NOTE, NOTE_REST)}


# An owner's template, which shows values in places where ours show none, and asks for no filter.
TEMPLATE = """{% extends "default/paper.html" %}
{% block main %}{{ super() }}
<section class="row owners" title='{{ paper.title }}' lang="{{ paper.key }}">
<p>{{ paper.title }} {{ paper.venue|html }} {{ (paper.title ~ "|" ~ paper.key)|upper }}</p>
<p>{{ paper.keywords|join("<br>") }} {{ paper.authors|map(attribute="family")|list }}</p>
<p aria-label='{{ paper.abstract|truncate(80) }}'>{{ links|map(attribute="url")|join(", ") }}</p>
</section>
{% endblock %}
"""


@dataclass(frozen=True, slots=True)
class Planted:
    """A record with one string in some of its fields; `number` tells it from all others."""

    number: int
    form: str
    fields: tuple[str, ...]
    value: str

    @property
    def key(self) -> str:
        """Its key, where that is none of the fields."""
        return f"planted-{self.number}"

    @property
    def doi(self) -> str:
        """Its DOI, where that is none of the fields; so no two are merged."""
        return f"10.5555/planted.{self.number}"


def apart(values: Iterable[str]) -> Iterator[Planted]:
    """A record for each string and field."""
    number = 0
    for value in values:
        for form, (single, rest) in FORMS.items():
            for fields in (*((field,) for field in single), tuple(rest)):
                number += 1
                yield Planted(number, form, fields, value)


def together(values: Iterable[str]) -> Iterator[Planted]:
    """A record for each string and form of source, the string in all of its fields."""
    number = 0
    for value in values:
        for form, (single, rest) in FORMS.items():
            number += 1
            yield Planted(number, form, (*single, *rest), value)


def write(folder: Path, planted: Sequence[Planted]) -> None:
    """A site folder of these records, and of all that steers a build."""
    values = tuple(dict.fromkeys(record.value for record in planted))
    content = folder / "content"
    _write(content / "refs.bib", "\n".join(_entries(planted)))
    _write(content / "dump.txt", "\n\n".join(map(_listing, values)))
    for record in planted:
        if record.form == "note":
            _write(content / f"notes/{record.number}.md", note(record))
        elif not is_sound(record.value):
            _write(content / f"broken/{record.number}.bib", entry(record))
    _write(content / "topics.toml", "\n".join(_topics(values)))
    _write(content / "venues.toml", "\n".join(_venues(values)))
    _write(folder / "bibpress.toml", config(values[:3]))
    _write(folder / "templates/paper.html", TEMPLATE)


def is_sound(value: str) -> bool:
    """Whether a string in braces is one value to BibTeX, which counts braces and nothing else."""
    depth = 0
    for mark in re.findall("[{}]", value):
        depth += 1 if mark == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def lay(path: Path, content: bytes) -> None:
    """Write a file, and the folders it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _write(path: Path, text: str) -> None:
    lay(path, text.encode("utf-8", "surrogatepass"))


# --- .bib ---------------------------------------------------------------------------------------


def _entries(planted: Iterable[Planted]) -> Iterator[str]:
    yield "@misc{good, title = {The good paper}, author = {Good, Ann}, year = 2020}\n"
    for record in planted:
        if record.form == "bib" and is_sound(record.value):
            yield entry(record)


def entry(record: Planted) -> str:
    """A .bib entry; what is not planted in it is harmless."""
    fields = {
        "title": f"Planted paper {record.number}",
        "author": "Gardener, Paula",
        "journal": "Journal of Plants",
        "year": "2020",
        "doi": record.doi,
    }
    fields |= {field: record.value for field in record.fields if field != "key"}
    key = record.value if "key" in record.fields else record.key
    lines = "".join(f",\n  {name} = {{{value}}}" for name, value in fields.items())
    return f"@article{{{key}{lines}\n}}\n"


# --- notes --------------------------------------------------------------------------------------


def note(record: Planted) -> str:
    """A note in Markdown; what is not planted in it is harmless."""
    fields: dict[str, object] = {
        "title": f"Planted note {record.number}",
        "authors": ["Paula Gardener"],
        "venue": "Journal of Plants",
        "year": "2010",
        "doi": record.doi,
        "key": record.key,
    }
    value = record.value
    fields |= {field: value for field in record.fields if field != "body"}
    listed = {"authors": [value], "tags": [value], "keywords": [value]}
    fields |= {field: item for field, item in listed.items() if field in record.fields}
    if "links" in record.fields:
        fields["links"] = [value, {"label": value, "url": "https://good.example/x"}, {value: value}]
    matter = "\n".join(f"{name}: {_yaml(item)}" for name, item in fields.items())
    body = value if "body" in record.fields else "What a note says of it."
    return f"---\n{matter}\n---\n{body}\n"


def _yaml(value: object) -> str:
    match value:
        case list():
            return f"[{', '.join(map(_yaml, value))}]"
        case dict():
            return f"{{{', '.join(f'{_yaml(k)}: {_yaml(v)}' for k, v in value.items())}}}"
        case _:
            return quoted(str(value))


def quoted(text: str) -> str:
    """A text in double quotes, as YAML and TOML both read it; half surrogates only YAML."""
    return f'"{_SPECIAL.sub(_escaped, text)}"'


_SPECIAL = re.compile('["\\\\\x00-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]')


def _escaped(match: re.Match[str]) -> str:
    return f"\\{match[0]}" if match[0] in '"\\' else f"\\u{ord(match[0]):04X}"


# --- the others ---------------------------------------------------------------------------------


def _listing(value: str) -> str:
    line = " ".join(value.split())
    return f"Title: {line}\nAuthors: {line}\nAbstract: {line} and all that is said of it here.\n"


def _topics(values: Iterable[str]) -> Iterator[str]:
    """Topics by these names; of names that stand for one topic the first."""
    for value in _distinct(value for value in values if len(clean(value)) <= LONGEST["name"]):
        text = quoted(value)
        yield (f"[[topic]]\nname = {text}\ndefinition = {text}\nfacet = {text}\n"
               f"aliases = [{text}]\nphrases = [{text}]\n")  # fmt: skip


def _venues(values: Iterable[str]) -> Iterator[str]:
    for number, value in enumerate(_distinct(values)):
        text = quoted(value)
        yield f'[[venue]]\nname = {text}\nslug = "v{number}"\nshort = {text}\naliases = [{text}]\n'


def _distinct(values: Iterable[str]) -> Iterator[str]:
    """Values that TOML can hold, that are names, and no two of which name one thing."""
    known: dict[str, str] = {}
    for value in values:
        if not re.search("[\ud800-\udfff]", value) and words(name := clean(value)):
            known.setdefault(slug(name), value)
    yield from known.values()


def config(values: Sequence[str]) -> str:
    """A `bibpress.toml` that says these strings of the site."""
    names = ("title", "description", "author")
    sound = [value[:1_000] for value in values if not re.search("[\ud800-\udfff]", value)]
    lines = [f"{name} = {quoted(value)}" for name, value in zip(names, sound, strict=False)]
    return "\n".join([*lines, f'url = "{URL}"', ""])
