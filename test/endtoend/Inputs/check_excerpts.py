#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks that the IR and C++ shown in Markdown pages is what the compiler makes.

Usage: check_excerpts.py [--update] ROOT PAGE... A fenced block after the line

    <!-- excerpt of: COMMAND -->

is a part of what COMMAND prints (run by the shell in ROOT): its lines stand there in this order,
one after the other, but for indentation; a line `...` stands for any number of lines. Prints the
number of excerpts of each page. With --update, what differs is replaced by what the command prints
from the first to the last line of each part, if those are still there.
"""

import pathlib
import re
import subprocess
import sys
import textwrap

BLOCK = re.compile(
    r"(?P<head>^<!-- excerpt of: (?P<command>.+?) -->\n+```\S*\n)(?P<text>.*?)(?P<tail>^```$)",
    re.MULTILINE | re.DOTALL,
)
outputs = {}


def output_of(command, root):
    """The lines that a command prints, those that are blank left out."""
    if command not in outputs:
        result = subprocess.run(
            command, shell=True, cwd=root, check=True, stdout=subprocess.PIPE, text=True
        )
        outputs[command] = [line for line in result.stdout.splitlines() if line.strip()]
    return outputs[command]


def parts_of(text):
    """The lines between the `...`s of an excerpt, without indentation."""
    parts = [[]]
    for line in map(str.strip, text.splitlines()):
        if line == "...":
            parts.append([])
        elif line:
            parts[-1].append(line)
    return [part for part in parts if part]


def problem_of(text, output):
    """The first line of the part of an excerpt that is not in the output, or None."""
    lines, position = [line.strip() for line in output], 0
    for part in parts_of(text):
        ends = [
            i + len(part)
            for i in range(position, len(lines) - len(part) + 1)
            if lines[i : i + len(part)] == part
        ]
        if not ends:
            return part[0]
        position = ends[0]
    return None


def updated(text, output):
    """The excerpt as the output has it now, or None if its ends cannot be found."""
    lines, position, result = [line.strip() for line in output], 0, []
    for part in parts_of(text):
        try:
            first = lines.index(part[0], position)
            position = lines.index(part[-1], first) + 1
        except ValueError:
            return None
        if result:
            indent = len(output[first]) - len(lines[first])
            result.append(" " * indent + "...")
        result += output[first:position]
    return textwrap.dedent("\n".join(result)) + "\n"


def check_page(page, root, update):
    """The page's text, in the end, and what is wrong with it."""
    problems = []

    def check(match):
        output = output_of(match["command"], root)
        line = problem_of(match["text"], output)
        if line is None:
            return match.group()
        new = updated(match["text"], output) if update else None
        if new is None:
            problems.append(f"from '{line}' on, this is not what `{match['command']}` prints")
            return match.group()
        return match["head"] + new + match["tail"]

    return BLOCK.sub(check, page.read_text()), problems


def main():
    arguments = sys.argv[1:]
    update = arguments[0] == "--update"
    root, *names = arguments[update:]
    failed = False
    for name in names:
        page = pathlib.Path(root) / name
        text, problems = check_page(page, root, update)
        if text != page.read_text():
            page.write_text(text)
        print(f"{name}: {len(BLOCK.findall(text))} excerpts")
        for problem in problems:
            failed = True
            print(f"{page}: error: {problem}", file=sys.stderr)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
