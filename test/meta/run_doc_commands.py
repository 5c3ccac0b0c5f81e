#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the commands of our Markdown pages, so that what they tell a reader to type works.

Each ```sh block is one script, run by `bash -euo pipefail` at the root of a scratch copy of the
project, with the built tools on PATH; `./dev run` stands for `basalt run`, since the build under
test need not be the one of ./dev. When a ```text block follows (prose in between does not matter,
another ```sh block does), the output must be exactly that text; otherwise only success counts.
A block after a line `<!-- not run: reason -->` is skipped.
"""

import argparse
import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from common import ROOT, project_files

FENCE = re.compile(r"^(?P<indent> *)```(?P<info>\S*)\s*$")
NOT_RUN = re.compile(r"^\s*<!-- not run: \S.*-->\s*$")
TIMEOUT = 120


class Block:
    """One sh block: where it starts, its script, and the output that the page shows."""

    def __init__(self, line, script):
        self.line, self.script, self.expected = line, script, None


def blocks(text):
    """The sh blocks of a page that are to be run."""
    found, fence, lines, skip = [], None, [], False
    can_expect = False
    for number, line in enumerate(text.splitlines(), 1):
        match = FENCE.match(line)
        if fence is None:
            if match:
                fence, start, indent, lines = match["info"], number, len(match["indent"]), []
            elif NOT_RUN.match(line):
                skip = True
            elif line.strip():
                skip = False
            continue
        if not (match and not match["info"]):
            lines.append(line[indent:])
            continue
        body = "".join(f"{each}\n" for each in lines)
        if fence == "sh":
            can_expect = not skip
            if not skip:
                found.append(Block(start, body))
        elif fence == "text" and can_expect:
            found[-1].expected = body
            can_expect = False
        fence, skip = None, False
    return found


def make_scratch(folder):
    """A copy of the examples beside links to the rest: commands may write without a trace."""
    for path in sorted({ROOT / path.parts[0] for path in project_files()}):
        if path.name == "examples":
            shutil.copytree(path, folder / path.name)
        else:
            (folder / path.name).symlink_to(path)


def run(block, build, scratch):
    """An explanation of what is wrong, or None."""
    environment = dict(os.environ)
    environment["PATH"] = f"{build / 'bin'}{os.pathsep}{environment['PATH']}"
    environment["XDG_CACHE_HOME"] = str(build / "test" / "home" / ".cache")
    script = block.script.replace("./dev run", "basalt run")
    try:
        result = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=scratch,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=TIMEOUT,
        )
    except subprocess.TimeoutExpired:
        return f"still running after {TIMEOUT} s"
    if result.returncode != 0:
        return f"exit code {result.returncode}\n{result.stdout}"
    if block.expected is not None and block.expected != result.stdout:
        shown = difflib.unified_diff(
            block.expected.splitlines(), result.stdout.splitlines(), "page", "output", lineterm=""
        )
        return "the output differs from the page\n" + "\n".join(shown)
    return None


def check_page(page, build):
    """(number of blocks that ran, number that failed) of a page."""
    todo, failed = blocks(page.read_text()), 0
    for block in todo:
        with tempfile.TemporaryDirectory() as scratch:
            make_scratch(pathlib.Path(scratch))
            problem = run(block, build, scratch)
        if problem:
            failed += 1
            print(f"{page}:{block.line}: error: {problem}")
    return len(todo), failed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, type=pathlib.Path, help="the build folder")
    parser.add_argument("pages", nargs="*", type=pathlib.Path, help="default: all of the project")
    args = parser.parse_args()

    pages = args.pages or [ROOT / path for path in project_files() if path.suffix == ".md"]
    results = [check_page(page.resolve(), args.build.resolve()) for page in pages]
    ran, failed = sum(r[0] for r in results), sum(r[1] for r in results)
    print(f"{ran} blocks of {len(pages)} pages, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
