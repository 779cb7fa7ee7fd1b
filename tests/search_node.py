"""Asks Lunr.js, in Node, what it would say; see tests/search/node.js."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.conftest import needs

ROOT = Path(__file__).resolve().parent.parent


def node(task: str, **details: Any) -> Any:
    """What a task of tests/search/node.js answers; without Node the test is skipped."""
    needs(shutil.which("node"), "node")
    needs((ROOT / "static" / "vendor" / "lunr.min.js").exists(), "static/vendor/lunr.min.js")
    done = subprocess.run(
        ["node", str(ROOT / "tests" / "search" / "node.js")],
        input=json.dumps({"task": task, **details}),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
