#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Rules for every file of the project: its size, its licence header, what the
runtime includes, and words that no file may hold."""

import re
import sys

from common import project_files, read, report

LINES_REFUSED = 800
LINES_NOTED = 500
CODE = {".cpp", ".h", ".td", ".py", ".mlir", ".yaml", ".md", ".cmake", ".txt"}
WITH_HEADER = {".cpp", ".h", ".td", ".py", ".sh"}
COMMANDS = {"dev", "run"}  # scripts without a suffix
SPDX = "SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception"

INCLUDE = re.compile(r"^[ \t]*#[ \t]*include[ \t]*([<\"].*[>\"])", re.MULTILINE)
RUNTIME_HEADER = re.compile(r'<(?!iostream)\w+(\.h)?>|<(sys|linux)/\w+\.h>|"runtime/native/')
RUNTIME_SOURCE = re.compile(RUNTIME_HEADER.pattern + r"|<(fmt|CLI)/")

# The brackets keep this file from finding itself.
FORBIDDEN = [
    (re.compile(r"(?<![\w.])/(wor[k]|far[m]|roo[t]|hom[e]/[a-z]+)/"), "a path of one machine"),
    (
        re.compile(
            r"deb\.debian\.or[g]|registry\.npmj[s]|pypi\.or[g]|pythonhoste[d]"
            r"|proxy\.golan[g]|crates\.i[o]|repo\.mave[n]"
        ),
        "the host of a package registry",
    ),
    (re.compile(r"\b(TOD[O]|FIXM[E]|XX[X]|HAC[K])\b"), "a note to do it later; file an issue"),
]


def check_size(path, text):
    """The refused and the noted findings about the number of lines."""
    lines = text.count("\n")
    # Generated and recorded text has no author to split it.
    recorded = "Generated from" in text[:200] or "golden" in path.stem or "cases" in path.parts
    if path.suffix not in CODE or recorded:
        return [], []
    if lines > LINES_REFUSED:
        return [f"{path}:1: error: {lines} lines, expected at most {LINES_REFUSED}; split it"], []
    if lines > LINES_NOTED:
        return [], [f"{path}:1: note: {lines} lines; one subject? (noted above {LINES_NOTED})"]
    return [], []


def check_header(path, text):
    if path.suffix not in WITH_HEADER and path.name not in COMMANDS:
        return []
    if SPDX in "\n".join(text.splitlines()[:4]):
        return []
    return [f"{path}:1: error: no licence header; see any other source file"]


def check_runtime(path, text):
    """Generated code includes the runtime's headers: they must be quick to compile. Its sources are
    linked into every simulator: neither MLIR nor YAML."""
    if path.parts[:2] != ("runtime", "native") or path.suffix not in (".cpp", ".h"):
        return []
    allowed = RUNTIME_HEADER if path.suffix == ".h" else RUNTIME_SOURCE
    return [
        f"{path}:{text.count(chr(10), 0, match.start()) + 1}: error: must not include {match.group(1)}"
        for match in INCLUDE.finditer(text)
        if not allowed.match(match.group(1))
    ]


def check_words(path, text):
    return [
        f"{path}:{number}: error: {what}: '{match.group().strip()}'"
        for number, line in enumerate(text.splitlines(), 1)
        for pattern, what in FORBIDDEN
        for match in [pattern.search(line)]
        if match
    ]


def main():
    findings = []
    for path in project_files():
        text = read(path)
        if text is None or path.name == "LICENSE":
            continue
        refused, noted = check_size(path, text)
        for note in noted:
            print(note)
        findings += refused + check_header(path, text)
        findings += check_runtime(path, text) + check_words(path, text)
    return report(findings)


if __name__ == "__main__":
    sys.exit(main())
