#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every warning has a name, a section with an example in docs/warnings.md, and a test.

The networks of the page are run by test/driver/warnings.test.
"""

import re
import sys

from common import project_files, read, report

TABLE = "compiler/support/Warnings.def"
PAGE = "docs/warnings.md"
ROW = re.compile(r'^BASALT_WARNING\(\w+,\s*"([^"]*)",\s*(true|false),', re.MULTILINE)
OFF = "Off by default"
# What hides a name: calls without one, severities made by hand.
BARE = re.compile(r"(?:\.|->)emitWarning\s*\(|\bmlir::emitWarning\s*\(|\bemitWarning\((?![^;{<]*(?:\bWarning(?:::|\s)|,\s*warning\)))")
EMITTER = "compiler/support/EmitWarning."


def warnings(table):
    """(name, whether it is on by default) of each row."""
    return [(name, on == "true") for name, on in ROW.findall(table)]


def sections(page):
    """The text of each section of the page by its title."""
    parts = re.split(r"^## (.+)\n", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def check_page(rows, page):
    found = sections(page)
    findings = []
    if list(found) != sorted(name for name, _ in rows):
        findings.append(f"{PAGE}: error: its sections are not the warnings of {TABLE}, sorted")
    for name, on in rows:
        text = found.get(name, "")
        if "```yaml\n" not in text or f"[-W{name}]" not in text:
            findings.append(f"{PAGE}: error: no example of {name}")
        if on == text.lstrip().startswith(OFF):
            findings.append(f"{PAGE}: error: '{OFF}' is how the section {name} starts if it is")
    return findings


def bare_emissions(text):
    """The lines on which a warning without a name is emitted."""
    return [text.count("\n", 0, match.start()) + 1 for match in BARE.finditer(text)]


def check_sources():
    return [
        f"{path}:{line}: error: a warning without a name; see compiler/support/EmitWarning.h"
        for path in project_files()
        if path.suffix in (".cpp", ".h") and path.parts[0] in ("compiler", "dialect", "tools")
        and not str(path).startswith(EMITTER)
        for line in bare_emissions(read(path))
    ]


def check_tests(rows):
    """A name must occur in a test beside those that list all names."""
    tests = "\n".join(
        read(path) or ""
        for path in project_files()
        if path.parts[0] == "test" and path.parts[1] not in ("meta", "conformance")
    )
    return [f"{TABLE}: error: in no test: {name}" for name, _ in rows if f"-W{name}]" not in tests]


def main():
    rows = warnings(read(TABLE))
    if not rows:
        sys.exit(f"no warnings found in {TABLE}; has its form changed?")
    findings = [] if rows == sorted(rows) else [f"{TABLE}: error: not sorted by name"]
    return report(findings + check_page(rows, read(PAGE)) + check_sources() + check_tests(rows))


if __name__ == "__main__":
    sys.exit(main())
