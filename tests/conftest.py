"""A site in a few lines: what most tests are made of."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, settings

from generator.build import build
from generator.cli import main
from generator.load import Order, Report
from tests.intake.server import Served, served

# A slow machine is no fault of the code: what takes too long fails in tests that count work.
settings.register_profile("bibpress", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("bibpress")

ROOT = Path(__file__).resolve().parent.parent
TODAY = "2026-01-02"


@dataclass
class Built:
    """A site that was built in a temporary folder, and can be changed and built again."""

    folder: Path
    report: Report

    @property
    def out(self) -> Path:
        """The published folder."""
        return self.folder / "_site"

    def read(self, path: str) -> str:
        """A published file's text."""
        return (self.out / path).read_text(encoding="utf-8")

    def papers(self) -> list[dict[str, Any]]:
        """The papers as the static API gives them."""
        return [json.loads(line) for line in self.read("data/papers.jsonl").splitlines()]

    def paper(self, key: str) -> dict[str, Any]:
        """The paper with this key."""
        return next(paper for paper in self.papers() if paper["key"] == key)

    def tree(self) -> dict[str, bytes]:
        """Every published file's bytes by path."""
        return {
            path.relative_to(self.out).as_posix(): path.read_bytes()
            for path in sorted(self.out.rglob("*"))
            if path.is_file()
        }

    def rebuild(self, files: Mapping[str, str | None] | None = None, **options: Any) -> Report:
        """Change files (None removes one) and build again."""
        write(self.folder, files or {})
        self.report = build_folder(self.folder, **options)
        return self.report


def write(folder: Path, files: Mapping[str, str | None]) -> None:
    """Write files below a folder; None removes one."""
    for name, content in files.items():
        path = folder / name
        if content is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8", newline="")


def build_folder(folder: Path, **options: Any) -> Report:
    """Build a folder into its `_site`, in this process."""
    settings = {"today": TODAY, "executor": "inline", **options}
    return build(Order((folder,), folder / "_site", **settings), lambda *_: None)


@pytest.fixture
def make_site(tmp_path: Path) -> Callable[..., Built]:
    """Builds `{"content/refs.bib": "…"}`; names without a folder go to `content/`."""

    def make(files: Mapping[str, str], **options: Any) -> Built:
        folder = tmp_path / f"site{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        (folder / "content").mkdir()
        placed = {name if "/" in name or name == "bibpress.toml" else f"content/{name}": text
                  for name, text in files.items()}  # fmt: skip
        write(folder, placed)
        return Built(folder, build_folder(folder, **options))

    return make


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """The demo collection, built once from a copy of `content/`."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copytree(ROOT / "content", folder / "content")
    for name in ("bibpress.toml", "ledger.tsv"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, folder / name)
    yield Built(folder, build_folder(folder))


def needs(found: object, what: str) -> None:
    """Skip where a tool cannot be had; in CI its absence is a failure, not an excuse."""
    if not found:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{what} is missing, and CI must have it")
        pytest.skip(f"{what} is not installed")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, on a fixed day."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    return tmp_path


@pytest.fixture
def there() -> Iterator[Served]:
    """Those whom `import` and `enrich` ask, on this machine."""
    with served() as server:
        yield server


@pytest.fixture
def site(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty site in the current folder, where `import` and `enrich` wait for nobody."""
    (folder / "content").mkdir()
    monkeypatch.setattr("generator.cli.asking.time.sleep", lambda _: None)
    return folder


def run(*words: str) -> Result:
    """Call the command in this process."""
    return CliRunner().invoke(main, [*words], catch_exceptions=False)
