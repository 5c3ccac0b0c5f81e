# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Looks at the assembly of a generated program: are its loops over neurons vector code?

    vector_code.py FILE.s

Of each innermost loop outside the run-time library that computes with floats it prints how many packed and scalar instructions
that takes; then what generated code calls. For x86-64; on other processors it prints what is expected.
"""

import collections
import pathlib
import platform
import re
import sys

ARITHMETIC = re.compile(r"v?(add|sub|mul|div|sqrt|min|max|cmp|cvt\w*2)(?P<width>[ps])[sd]\b")
JUMP = re.compile(r"\s+j[a-z]+\s+(\.?\w+)")
CALL = re.compile(r"\s+(?:call|callq)\s+(\S+)")


def functions(text):
    """Name and lines of each."""
    name, lines = "", []
    for line in text.splitlines():
        start = re.match(r"([A-Za-z_][\w$.]*):", line)
        if start:
            name, lines = start.group(1), []
        elif name and ".cfi_endproc" in line:
            yield name, lines
            name = ""
        elif name:
            lines.append(line)


def innermost_loops(lines):
    labels = {m.group(1): i for i, line in enumerate(lines) if (m := re.match(r"(\.\w+):", line))}
    loops = []
    for end, line in enumerate(lines):
        jump = JUMP.match(line)
        start = labels.get(jump.group(1)) if jump else None
        if start is not None and start < end:
            loops.append((start, end))
    inside = [a for a in loops if not any(b != a and a[0] <= b[0] and b[1] <= a[1] for b in loops)]
    return [lines[start:end] for start, end in inside]


def main():
    if platform.machine() != "x86_64":
        print("other processor")
        return
    text = pathlib.Path(sys.argv[1]).read_text()
    calls = set()
    for name, lines in functions(text):
        if not re.match(r"_ZZ?N(K?)12_GLOBAL__N_1|_ZNUl", name):
            continue  # of the run-time library
        calls |= {call.group(1).split("@")[0] for line in lines if (call := CALL.match(line))}
        for loop in innermost_loops(lines):
            found = [m.group("width") for line in loop if (m := re.match(r"\s+" + ARITHMETIC.pattern, line))]
            counts = collections.Counter(found)
            if counts:
                print(f"loop: {'packed' if counts['p'] else 'no packed'}, {counts['s']} scalar")
    print("calls:", " ".join(sorted(calls)))


if __name__ == "__main__":
    main()
