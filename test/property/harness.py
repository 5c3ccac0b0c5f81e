# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a network in several ways and says how they disagree."""

import pathlib
import re
import subprocess
import tempfile

import numpy

from pins import pinned

TIMEOUT = 60
SANITIZER = pathlib.Path(__file__).resolve().parent.parent / "sanitize" / "clang++-undefined"
# What can be compared: the options of `basalt run`.
WAYS = {
    "interpreter": ["--interpret"],
    "step": ["--interpret=step"],
    "optimized": ["--interpret=optimized"],
    "clang": ["--no-cache", "--cxx", "clang++-22"],
    "gcc": ["--no-cache", "--cxx", "g++"],
    "sanitize": ["--no-cache", "--cxx", str(SANITIZER)],
    "debug": ["--no-cache", "--debug"],
    # Whatever threads can share, cut at any element.
    "threads": ["--no-cache", "--test-all-regions", "--threads", "3"],
}
# As images of neurocores, for networks that a chip can hold: the options of `basalt compile`.
IMAGES = {
    "emulator": [],
    "cores": ["--neurons-per-core", "3"],
    "core-each": ["--neurons-per-core", "1"],
    "first-fit": ["--neurons-per-core", "5", "--place", "first-fit"],
    # Little more than one chip can do without, so that several of the ways to count axons are tried.
    "chips": ["--chip", str(pathlib.Path(__file__).resolve().parent / "Inputs" / "chips-of-two.yaml"), "--neurons-per-core", "4"],
    "shuffled": ["--neurons-per-core", "3", "--place", "shuffle", "--place-seed", "7"],
    # With places that pins.py draws.
    "pinned": ["--neurons-per-core", "20"],
    "pinned-shuffled": ["--neurons-per-core", "20", "--place", "shuffle", "--place-seed", "3"],
    # On chips whose neurons are fixed compartments.
    "fixed": ["--chip", "loihi1-like"],
    "fixed-cores": ["--chip", "loihi1-like", "--neurons-per-core", "2"],
    "fixed-shuffled": ["--chip", "loihi1-like", "--neurons-per-core", "3", "--place", "shuffle", "--place-seed", "9"],
    "fixed-pinned": ["--chip", "loihi1-like", "--neurons-per-core", "20"],
}
# What a chip has its limits for: not a failure of an image.
LIMITS = [
    "which no chip can do", "needs 64 bits", "does not fit", "has no format", "more than", "room", "is no compartment of", "loihi1-like", "a_buff' to",
]  # fmt: skip


def spelled(way, file):
    """The commands of a way, for people."""
    if way not in IMAGES:
        return [f"basalt run {' '.join(WAYS[way])} --out {way} {file}"]
    options = " ".join(["--target=neurocore", *IMAGES[way]])
    pins = [f"test/property/pins.py {file} > pinned.yaml"] if "pinned" in way else []
    file = "pinned.yaml" if pins else file
    return [*pins, f"basalt compile {options} {file} -o net.nci", f"basalt emulate net.nci --out {way}"]


class Outcome:
    """What a run shows: exit code, text, arrays by name."""

    def __init__(self, code, out, err, arrays):
        self.code, self.out, self.err, self.arrays = code, out, err, arrays

    def error(self):
        """The first error, without its place."""
        lines = [line for line in self.err.splitlines() if "error:" in line]
        return re.sub(r"^.*?error: ", "", lines[0]) if lines else self.err.strip()[-200:]


class Harness:
    def __init__(self, basalt, ways, perturb=None):
        self.basalt, self.ways, self.perturb = basalt, ways, perturb
        self.runs, self.refused = 0, []

    def commands(self, way, file, out):
        if way not in IMAGES:
            return [["run", str(file), "--out", str(out), *WAYS[way]]]
        image = f"{out}.nci"
        if "pinned" in way:
            text = pinned(self.basalt, file)
            file = file.with_suffix(".pinned.yaml")
            file.write_text(text)
        return [
            ["compile", str(file), "--target=neurocore", *IMAGES[way], "-o", image],
            ["emulate", image, "--out", str(out), "--threads", "2"],
        ]

    def run(self, way, file, out):
        self.runs += 1
        try:
            for command in self.commands(way, file, out):
                result = subprocess.run([self.basalt, *command], capture_output=True, text=True, timeout=TIMEOUT, check=False)
                if result.returncode != 0:
                    break
        except subprocess.TimeoutExpired:
            return Outcome(-1, "", f"error: not done after {TIMEOUT} s", {})
        files = sorted(pathlib.Path(out).glob("*.npy")) if result.returncode == 0 else []
        arrays = {path.name[:-4]: numpy.load(path) for path in files}
        return Outcome(result.returncode, result.stdout, result.stderr, arrays)

    def disturb(self, text, outcome):
        """For tests: the last way is wrong about networks whose text has the given word."""
        if self.perturb and self.perturb in text and outcome.arrays:
            name = sorted(outcome.arrays)[0]
            outcome.arrays[name] = outcome.arrays[name] + 1

    def problem(self, text, ways=None):
        """(kind, text) of what is wrong with a network; None if nothing is.

        The kind stays the same while a network is made smaller.
        """
        ways = ways or self.ways
        with tempfile.TemporaryDirectory() as scratch:
            file = pathlib.Path(scratch) / "net.yaml"
            file.write_text(text)
            first = self.run(ways[0], file, f"{scratch}/{ways[0]}")
            if first.code not in (0, 1) or "\nerror: cannot" in first.err:
                return f"{ways[0]}: exit code {first.code}", first.error()
            for way in ways[1:]:
                outcome = self.run(way, file, f"{scratch}/{way}")
                if way == ways[-1]:
                    self.disturb(text, outcome)
                if way in IMAGES and not first.code and outcome.code == 1 and any(limit in outcome.error() for limit in LIMITS):
                    self.refused.append(outcome.error())
                    continue
                found = compared(ways[0], first, way, outcome)
                if found:
                    return found
        # All agree that it cannot be compiled, or that it fails: the generator is not to write such.
        return (f"refused: {first.error()}", first.err) if first.code else None


def compared(name, first, way, outcome):
    """How the second outcome differs from the first."""
    if (outcome.code, outcome.code and outcome.error()) != (first.code, first.code and first.error()):
        return f"{way}: exit code {outcome.code}, {name} {first.code}", outcome.error() or first.error()
    if first.arrays.keys() != outcome.arrays.keys():
        return f"{way}: other files", str(first.arrays.keys() ^ outcome.arrays.keys())
    for key, expected in first.arrays.items():
        found = difference(outcome.arrays[key], expected)
        if found:
            return f"{way}: differs", f"{key}: {found}"
    if first.out != outcome.out:
        lines = zip(first.out.splitlines() + [""], outcome.out.splitlines() + [""])
        a, b = next(pair for pair in lines if pair[0] != pair[1])
        return f"{way}: prints something else", f"'{b}', {name} '{a}'"
    return None


def difference(actual, expected):
    """The first place where two arrays differ; every NaN is the same."""
    if actual.dtype != expected.dtype or actual.shape != expected.shape:
        return f"{actual.dtype} {actual.shape}, expected {expected.dtype} {expected.shape}"
    actual, expected = numpy.atleast_1d(actual), numpy.atleast_1d(expected)
    wrong = actual.view(f"u{actual.dtype.itemsize}") != expected.view(f"u{expected.dtype.itemsize}")
    if actual.dtype.kind == "f":
        wrong &= ~(numpy.isnan(actual) & numpy.isnan(expected))
    if not wrong.any():
        return None
    place = tuple(int(i) for i in numpy.argwhere(wrong)[0])
    return f"at {list(place)}: {actual[place].item()!r}, expected {expected[place].item()!r}"
