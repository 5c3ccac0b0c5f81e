# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the example in the doc of each process and record of the library.

    examples.py FOLDER

Each must have one that uses it, runs without a warning and records something that is not 0; beside it the doc
must have an equation, units and a reference. The examples go to FOLDER. Prints how many there are, and
what is wrong.
"""

import concurrent.futures
import pathlib
import re
import subprocess
import sys

import numpy
from every_process import library


def missing_in(each):
    """The parts that a doc does not have."""
    found = [] if re.search(r"^    \S", each.doc, re.MULTILINE) else ["an equation"]
    found += [part for part in ("Units", "Reference") if f"\n{part}: " not in each.doc]
    if not re.search(rf"(class|extends|\w+): {each.name}\b", each.example):
        found.append("an example that uses it")
    return found


def run(folder, each):
    """What is wrong with an example, or nothing."""
    path = folder / f"{each.name}.yaml"
    path.write_text(f"basalt: 1\n{each.example}\n")
    out = folder / each.name
    for command in (["check", "-Werror"], ["run", "--interpret", "--out", out]):
        result = subprocess.run(["basalt", *command, path], capture_output=True, text=True, check=False)
        if result.returncode or result.stderr:
            return result.stderr or f"exits with {result.returncode}"
    if not any(numpy.load(array).any() for array in out.glob("*.npy")):
        return "nothing but 0 is recorded"
    return ""


def problems_of(folder, each):
    missing = missing_in(each)
    found = [f"without {part}" for part in missing] or [run(folder, each)]
    return [f"{each.name}: {problem}" for problem in found if problem]


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    documented = [each for family in library.families() for each in family.processes + family.records]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda each: problems_of(folder, each), documented))
    problems = sum(found, [])
    print("\n".join(problems))
    print(f"{len(documented)} examples, {len(problems)} problems")


if __name__ == "__main__":
    main()
