#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every diagnostic that Basalt can print must occur in a test.

The string literals of calls that report an error or a warning are taken from the sources, one text
a literal, and looked up in all tests. untested_diagnostics.txt lists the exceptions with a reason:
internal errors, which no input can reach. An exception that is no longer needed is a finding too.
"""

import re
import sys

from common import ROOT, project_files, read, report

SOURCES = ("compiler", "dialect", "runtime", "tools")
ALLOWED = ROOT / "test" / "meta" / "untested_diagnostics.txt"
REPORTING_CALL = re.compile(
    r"\b(emitError|emitOpError|emitWarning|createStringError|StringError"
    r"|(?:[a-z]\w*)?[eE]rror|warning|[fF]ail|failure|fatal|refuse|reject|usage)\s*(?=\()"
)
# Comments, characters, raw strings and strings: what a bracket or a quote may hide in.
TOKEN = re.compile(
    r"//[^\n]*|/\*.*?\*/|'(?:\\.|[^'\\\n])+'"
    r'|R"(?P<delim>[^()\s]*)\((?P<raw>.*?)\)(?P=delim)"'
    r'|"(?P<string>(?:\\.|[^"\\\n])*)"'
    r"|[();{}\"]|<<",
    re.DOTALL,
)
MIN_LETTERS = 6  # a shorter piece ("' and '") says nothing by itself
ESCAPES = {"n": " ", "t": " ", '"': '"', "'": "'", "\\": "\\"}


def unescape(literal):
    return re.sub(r"\\(.)", lambda match: ESCAPES.get(match.group(1), ""), literal)


def normal(text):
    """Text as compared: FileCheck and regex escapes, quotes and runs of blanks do not count."""
    return re.sub(r"\s+", " ", re.sub(r"[\\{}\[\]()\"'`*+?|^$]", "", text)).strip()


def literals_of_call(text, start):
    """The literals from `start`, the '(' of a call, to the end of its statement, with offsets.

    Adjacent literals are one; anything between two literals separates them.
    """
    depth, found, end_of_last = 0, [], None
    for token in TOKEN.finditer(text, start):
        value = token.group()
        literal = token.group("raw") if token.group("raw") is not None else token.group("string")
        if literal is not None:
            literal = literal if token.group("raw") is not None else unescape(literal)
            if end_of_last is not None and not text[end_of_last : token.start()].strip():
                found[-1] = (found[-1][0], found[-1][1] + literal)
            else:
                found.append((token.start(), literal))
            end_of_last = token.end()
        elif value == "(" or value == "{":
            depth += 1
        elif value == ")" or value == "}":
            depth -= 1
            # The end of a body: a function of this name is defined here, not called.
            if depth < 0 or (depth == 0 and value == "}"):
                break
        elif value == ";" and depth <= 0:
            break
    return found


def blank_comments(text):
    """Comments replaced by blanks of the same length, so that offsets stay."""

    def blank(match):
        value = match.group()
        return re.sub(r"[^\n]", " ", value) if value.startswith(("//", "/*")) else value

    return TOKEN.sub(blank, text)


def diagnostics(text):
    """(line, text) of each piece of a diagnostic in a C++ source."""
    text = blank_comments(text)
    found = {}
    for call in REPORTING_CALL.finditer(text):
        for offset, literal in literals_of_call(text, call.end()):
            # Values are formatted into the text at {0}, {}, %s.
            for piece in re.split(r"\{\d*\}|%[a-z]", literal):
                piece = normal(piece)
                if sum(c.isalpha() for c in piece) >= MIN_LETTERS:
                    found[offset, piece] = text.count("\n", 0, offset) + 1
    return [(line, piece) for (_, piece), line in sorted(found.items())]


def test_text():
    """All tests as one normalised text."""
    texts = []
    for path in project_files():
        in_tests = path.parts[0] == "test" and path.parts[:2] != ("test", "meta")
        if in_tests or path.parts[0] == "examples":
            text = read(path)
            if text is not None:
                # C++ unit tests break long literals.
                texts.append(normal(re.sub(r'"\s*\n\s*"', "", text)))
    return "\n".join(texts)


def allowed():
    lines = ALLOWED.read_text().splitlines()
    return {normal(line) for line in lines if line and not line.startswith("#")}


def main():
    tests, exceptions, findings, seen = test_text(), allowed(), [], set()
    for path in project_files():
        if path.parts[0] not in SOURCES or path.suffix not in (".cpp", ".h"):
            continue
        for line, piece in diagnostics(read(path)):
            tested = piece in tests
            if piece in exceptions:
                seen.add(piece)
                if tested:
                    findings.append(f"{path}:{line}: error: tested, yet listed in {ALLOWED.name}: {piece}")
            elif not tested:
                findings.append(f"{path}:{line}: error: in no test: {piece}")
    findings += [f"{ALLOWED.name}: error: no longer in the sources: {p}" for p in exceptions - seen]
    return report(findings)


if __name__ == "__main__":
    sys.exit(main())
