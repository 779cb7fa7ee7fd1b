"""What the web expects of a site: a sitemap, its robots.txt, its search as browsers can add it.

All of these name full addresses, so there are none until the site's own is known. A `robots.txt`
is read at a host's root only; below one (GitHub's project sites) it does nothing, and no harm.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from generator.config import Site
from generator.library import Library, paper_path
from generator.output import Output
from generator.text import cut
from generator.xml import tag

MOST = 50_000
"""Addresses in one sitemap (sitemaps.org, protocol); where there are more, an index names parts."""

UNLISTED = frozenset({"404.html", "gone.html", "redirect.html", "search.html"})
"""Templates of pages that stand for no content of their own."""

DESCRIPTION = 1_024
"""Characters that OpenSearch 1.1 allows the description of a search."""


def outputs(
    library: Library, site: Site, paths: Sequence[str], *, dated: bool = True
) -> Iterator[Output]:
    """`sitemap.xml`, `robots.txt` and `opensearch.xml`; none while the address is unknown.

    `paths` are the pages to list. `dated` says that the ledger is kept: then it has the day on
    which a paper last changed.
    """
    if site.url:
        yield from _sitemaps(site, paths, _changed(library) if dated else {})
        yield Output("robots.txt", _robots, (site.url,))
        about = site.description or library.words("search_site", site=site.title)
        yield Output("opensearch.xml", _opensearch, (site.url, site.short_title, about))


def _changed(library: Library) -> Mapping[str, str]:
    return {
        paper_path(paper.id): library.ledger[paper.id].went
        for paper in library.papers
        if paper.id in library.ledger
    }


def _sitemaps(site: Site, paths: Sequence[str], days: Mapping[str, str]) -> Iterator[Output]:
    listed = [(site.url + path, days.get(path, "")) for path in sorted(paths)]
    parts = [tuple(listed[start : start + MOST]) for start in range(0, len(listed), MOST)]
    if len(parts) == 1:
        yield Output("sitemap.xml", _sitemap, (parts[0],))
        return
    names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    yield Output("sitemap.xml", _index, (tuple(site.url + name for name in names),))
    for name, part in zip(names, parts, strict=True):
        yield Output(name, _sitemap, (part,))


def _sitemap(listed: Sequence[tuple[str, str]]) -> bytes:
    lines = [
        f"<url>{tag('loc', url)}{tag('lastmod', day) if day else ''}</url>" for url, day in listed
    ]
    return _xml(f'<urlset xmlns="{_SITEMAPS}">', *lines, "</urlset>")


def _index(urls: Sequence[str]) -> bytes:
    lines = [f"<sitemap>{tag('loc', url)}</sitemap>" for url in urls]
    return _xml(f'<sitemapindex xmlns="{_SITEMAPS}">', *lines, "</sitemapindex>")


_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"


def _robots(url: str) -> bytes:
    return f"User-agent: *\nAllow: /\n\nSitemap: {url}sitemap.xml\n".encode()


def _opensearch(url: str, name: str, about: str) -> bytes:
    return _xml(
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">',
        tag("ShortName", name),
        tag("Description", cut(about, DESCRIPTION)),
        tag("InputEncoding", "UTF-8"),
        tag("Url", type="text/html", template=f"{url}search.html?q={{searchTerms}}"),
        "</OpenSearchDescription>",
    )


def _xml(*lines: str) -> bytes:
    said = "\n".join(('<?xml version="1.0" encoding="UTF-8"?>', *lines, ""))
    return said.encode("utf-8", "replace")
