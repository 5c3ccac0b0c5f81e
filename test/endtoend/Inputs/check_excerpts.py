#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks that the IR and C++ shown in Markdown pages is what the compiler makes.

Usage: check_excerpts.py ROOT PAGE... A fenced block after the line

    <!-- excerpt of: COMMAND -->

is a part of what COMMAND prints (run by the shell in ROOT): its lines stand there in this order,
one after the other, but for indentation; a line `...` stands for any number of lines. Prints
the number of excerpts of each page.
"""

import pathlib
import re
import subprocess
import sys

BLOCK = re.compile(r"^<!-- excerpt of: (.+?) -->\n+```\S*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def lines_of(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def find(part, lines, start):
    """The end of the first place from `start` where the lines of `part` stand, or None."""
    for i in range(start, len(lines) - len(part) + 1):
        if lines[i : i + len(part)] == part:
            return i + len(part)
    return None


def problem_of(excerpt, output):
    """The first line of the excerpt from which on it is not in the output, or None."""
    lines, position, part = lines_of(output), 0, []
    for line in [*lines_of(excerpt), "..."]:
        if line != "...":
            part.append(line)
            continue
        if part:
            position = find(part, lines, position)
            if position is None:
                return part[0]
        part = []
    return None


def main():
    root, outputs, failed = pathlib.Path(sys.argv[1]), {}, False
    for name in sys.argv[2:]:
        page = root / name
        found = BLOCK.findall(page.read_text())
        print(f"{name}: {len(found)} excerpts")
        for command, excerpt in found:
            if command not in outputs:
                outputs[command] = subprocess.run(
                    command, shell=True, cwd=root, check=True, capture_output=True, text=True
                ).stdout
            line = problem_of(excerpt, outputs[command])
            if line is not None:
                failed = True
                print(f"{page}: error: from '{line}' on, this is not what `{command}` prints")
                print(outputs[command])
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
