#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every op, attribute, type and pass has a summary; every op occurs in a lit test, and every pass has
a lit file of its name. Read from the reference pages that CMake has generated."""

import argparse
import pathlib
import re
import sys

from common import project_files, read, report

# Dialect pages name what they describe at level 3, pass pages passes at level 2 or 3.
ENTRY = re.compile(r"^#{2,3} (`[\w.-]+`|\w+Attr|\w+Type)[^\n]*\n+(_[^\n]+_)?", re.MULTILINE)


def entries(page):
    """(name, has a summary) of each op, attribute, type or pass of a page."""
    return [(match.group(1).strip("`"), bool(match.group(2))) for match in ENTRY.finditer(page)]


def findings_of(name, summary, lit):
    """`lit` maps the names of lit files to their texts."""
    found = [] if summary else [f"{name}: error: no summary"]
    if name.startswith("-"):
        if not any(path.stem.startswith(name[1:]) for path in lit):
            found.append(f"{name}: error: no lit file {name[1:]}.mlir")
    elif "." in name and not any(re.search(rf"\b{name}\b(?![.\w])", text) for text in lit.values()):
        found.append(f"{name}: error: in no lit test")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, type=pathlib.Path, help="the build folder")
    args = parser.parse_args()

    lit = {
        path: read(path)
        for path in project_files()
        if path.parts[0] == "test" and path.suffix == ".mlir"
    }
    pages = sorted((args.build / "docs").glob("*/*.md"))
    if not pages:
        sys.exit("no generated pages; build the target basalt-docs")
    findings = []
    for page in pages:
        for name, summary in entries(page.read_text()):
            findings += findings_of(name, summary, lit)
    return report(findings)


if __name__ == "__main__":
    sys.exit(main())
