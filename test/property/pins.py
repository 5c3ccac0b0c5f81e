#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Gives neurons of a network places at random: some cores, or a chip. The same network gets the same.

Usage: pins.py FILE prints the network with them.
"""

import pathlib
import random
import re
import subprocess
import sys

CORES, CHIPS = 12, 2  # of which places are drawn


def place(rng):
    chip = rng.randrange(CHIPS)
    form = rng.randrange(3)
    if form == 0:
        return f"{{chip: {chip}}}"
    if form == 1:
        return f"{{chip: {chip}, core: {rng.randrange(CORES)}}}"
    return f"{{chip: {chip}, cores: {rng.sample(range(CORES), rng.randint(2, 5))}}}"


def pinned(basalt, file):
    """The text of the network in `file` with a place for most of its neurons."""
    command = [basalt, "compile", "--target=neurocore", "--emit", "neurocore", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    # Relays of sums are no instance's neurons; of several populations of one the first stands for all.
    found = re.findall(r'neurocore\.population @"?([\w.]+)"? of "(\w+)"', done.stdout)
    # Symbols that programs have, too, are numbered.
    names = [re.sub(r"_\d+$", "", name) for name, process in found if process != "relay"]
    rng = random.Random(",".join(names))
    places = [f"    {name}: {place(rng)}\n" for name in names if rng.random() < 0.8]
    text = pathlib.Path(file).read_text()
    return text + ("target:\n  place:\n" + "".join(places) if places else "")


if __name__ == "__main__":
    print(pinned("basalt", sys.argv[1]), end="")
