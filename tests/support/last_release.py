"""The code of the last release, unpacked beside ours."""

from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.support.browser.server import ROOT

# A commit of 0.2.0. At a release, it moves to that.
LAST_RELEASE = "ee13b75d1ad776f9ccc73bb55ca62ec8ad87faa4"


def unpack_last_release(folder: Path) -> Path:
    """Skips the test where this copy of the repository has no history."""
    archive = subprocess.run(
        ["git", "archive", LAST_RELEASE], cwd=ROOT, capture_output=True
    )
    if archive.returncode:
        pytest.skip("this copy of the repository has no history")
    code = folder / "code"
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(code, filter="data")
    return code
