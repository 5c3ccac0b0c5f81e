#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every test that docs/mistakes.md names exists, every row names one, and every check of connections has a row."""

import json
import sys

from common import ROOT, read, report

PAGE = "docs/mistakes.md"
HEAD = "| in Lava | in Basalt | test |"


def known_tests():
    """The names that a row can give."""
    names = set()
    for file in (ROOT / "test" / "conformance" / "diagnostics").glob("*.json"):
        names |= {case["name"] for case in json.loads(file.read_text())}
    return names | connection_tests()


def connection_tests():
    return {path.stem for path in (ROOT / "test" / "resolve" / "connections").glob("*.test")}


def rows(text):
    """(line number, tests) of each row of the tables that name tests."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        inside = line.startswith("|") and (inside or line == HEAD)
        if inside and line != HEAD and not line.startswith("| ---"):
            yield number, [name.strip() for name in line.strip("| ").split("|")[-1].split(",")]


def main():
    known, named, findings = known_tests(), set(), []
    for number, tests in rows(read(PAGE)):
        named |= set(tests)
        for name in tests:
            if name not in known and not (name and (ROOT / "test" / name).exists()):
                findings.append(f"{PAGE}:{number}: error: there is no test '{name}'")
    missing = sorted(connection_tests() - named)
    return report(findings + [f"{PAGE}: error: in no row: the test '{name}'" for name in missing])


if __name__ == "__main__":
    sys.exit(main())
