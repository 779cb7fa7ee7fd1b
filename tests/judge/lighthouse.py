"""Home, a paper, a topic and a search, as Lighthouse scores them on a slow phone."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.judge.links import at
from tests.judge.sites import Site
from tests.judge.tools import Tools
from tests.judge.verdict import NoAnswerError, Verdict, verdict

# Category → the score that is asked for, of 100.
WANTED = {"accessibility": 100, "best-practices": 100, "seo": 100, "performance": 95}
QUERY = "learning"
OPTIONS = (
    *("--quiet", "--output=json", "--no-enable-error-reporting"),
    f"--only-categories={','.join(WANTED)}",
    "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
)

TIMES = 3
"""How often a page is loaded until it is fast enough: a busy machine only takes from a score."""


def lighthouse(site: Site, tools: Tools) -> Verdict:
    """Scores below those wanted, with the audits that failed."""
    faults: list[str] = []
    slowest = 100
    with at(site, "/repo/") as base:
        for name, path in _paths(site):
            answer = _best(base + path, tools)
            slowest = min(slowest, _score(answer, "performance"))
            faults += (f"{name} ({path}): {fault}" for fault in _short(answer))
    return verdict(f"home, paper, topic, search; performance {slowest} at least", faults)


def _paths(site: Site) -> Iterator[tuple[str, str]]:
    """The four pages: of papers and topics the longest."""
    yield "home", "index.html"
    yield "paper", site.kinds["papers/*"][0]
    yield "topic", site.kinds["tags/*"][0]
    yield "search", f"search.html?q={QUERY}"


def _best(url: str, tools: Tools) -> Mapping[str, Any]:
    """The answer with the best performance: of the first that is good enough, or of all."""
    answers: list[Mapping[str, Any]] = []
    for _ in range(TIMES):
        answers.append(_asked(url, tools))
        if _score(answers[-1], "performance") >= WANTED["performance"]:
            break
    return max(answers, key=lambda answer: _score(answer, "performance"))


def _asked(url: str, tools: Tools) -> Mapping[str, Any]:
    """Lighthouse's answer for a page, with an empty cache."""
    with tempfile.TemporaryDirectory() as scratch:
        said = Path(scratch, "said.json")
        command = [str(tools["node"]), str(tools["lighthouse"]), url, *OPTIONS]
        done = subprocess.run(
            [*command, f"--output-path={said}"],
            env={"CHROME_PATH": str(tools["chromium"]), "PATH": "/usr/bin:/bin", "HOME": scratch},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if not said.is_file():
            raise NoAnswerError(done.stderr[-300:] or f"exit {done.returncode}")
        answer: Mapping[str, Any] = json.loads(said.read_text(encoding="utf-8"))
    return answer


def _score(answer: Mapping[str, Any], category: str) -> int:
    return round(100 * (answer["categories"][category]["score"] or 0))


def _short(answer: Mapping[str, Any]) -> Iterator[str]:
    """A line for each score that is too low: the audits that cost it points."""
    for category, wanted in WANTED.items():
        if (score := _score(answer, category)) < wanted:
            audits = [
                answer["audits"][each["id"]]["title"]
                for each in answer["categories"][category]["auditRefs"]
                if each["weight"]
                and (answer["audits"][each["id"]]["score"] or 0) < 1
                and answer["audits"][each["id"]]["scoreDisplayMode"] not in _NO_SCORE
            ]
            yield f"{category} {score}: {'; '.join(audits)}"


_NO_SCORE = frozenset({"notApplicable", "manual", "informative"})
