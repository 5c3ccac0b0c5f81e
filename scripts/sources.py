# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which files are ours: what git tracks, and what is new and not ignored."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
CPP_SUFFIXES = {".cpp", ".h"}


def project_files():
    """All files of the project as paths relative to its root, sorted."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode()
    paths = {pathlib.Path(name) for name in listed.split("\0") if name}
    # A file that was deleted but not yet committed is still in git's index.
    return sorted(path for path in paths if (ROOT / path).is_file())


def cpp_files():
    """Our C++ sources and headers."""
    return [path for path in project_files() if path.suffix in CPP_SUFFIXES]
