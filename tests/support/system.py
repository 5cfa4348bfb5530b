"""Programs that tests need beside Python: installed where this is allowed, named where it is not."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest


def program(*names: str, package: str) -> str:
    """The path of the first of these programs; Debian's package of them is installed if need be and possible."""
    for attempt in range(2):
        for name in names:
            if found := shutil.which(name):
                return found
        if attempt == 0 and os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get"):
            install = ["install", "--yes", "--no-install-recommends", package]
            if not _apt_get(*install):
                _apt_get("update")
                _apt_get(*install)
    pytest.skip(f"{names[0]} is not installed: sudo apt-get install {package}")


def _apt_get(*words: str) -> bool:
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return not subprocess.run(["apt-get", *words], env=quiet, capture_output=True, check=False).returncode
