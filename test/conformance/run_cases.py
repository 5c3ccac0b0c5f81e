#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs recorded networks and compares what they do with the recording.

Each folder of a folder of cases has a case.json (what the network is, which Vars and ports were
recorded) and .npy files; README.md describes the format. A case becomes a YAML file whose
processes are those of the standard library and of processes.yaml, runs in the reference interpreter,
in that of scheduled programs, and natively as made by each C++ compiler, and must show what was
recorded: integers exactly, floats with rtol 1e-9 and atol 1e-12; all ways of running it bit for bit
alike.

Usage: ./dev conformance [DIR] [PATTERN...]. lit runs each case as a test of its own (lit_format.py).
"""

import argparse
import concurrent.futures
import fnmatch
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import numpy

import chip_path
import compare
import diagnostic_cases
from case_file import CaseError, CaseFile
from network_yaml import NetworkYaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "llvm"))
import llvm_path

HERE = pathlib.Path(__file__).resolve().parent
CASES = HERE / "cases"
SANITIZER = HERE.parent / "sanitize" / "clang++-undefined"
TIMEOUT = 300


def unsupported():
    """Class name -> reason."""
    file = HERE / "unsupported.txt"
    lines = file.read_text().splitlines() if file.exists() else []
    pairs = [line.split(":", 1) for line in lines if line and not line.startswith("#")]
    return {name.strip(): reason.strip() for name, reason in pairs}


class Case(CaseFile, NetworkYaml):
    """A case as a network. The constructor raises CaseError if case.json is not what it should be."""

    def __init__(self, folder):
        super().__init__(folder)
        self.name = folder.name

    def reasons_to_skip(self):
        table = unsupported()
        classes = {instance["class"] for instance in self.json["instances"].values()}
        return sorted(f"{name}: {table[name]}" for name in classes & table.keys())

    def options(self):
        """What the file says in `run:`, as options of a program."""
        plan = []
        for stage in self.stages():
            key, value = stage.removeprefix("    - ").split(": ", 1)
            if key == "set":
                name, value = value[1:-1].split(": ", 1)
                file = re.fullmatch(r'\{"file": "(.*)"\}', value)
                value = f"set {name}={'@' + file[1] if file else value}"
            plan.append(value)
        options = ["--stages", "; ".join(plan)]
        options += [f"--probe={name}" for name in self.json["probes"]]
        return options + [f"--get={name}" for name in self.json.get("final", {})]

    def outputs(self):
        """(what, file that a run writes, recorded file, whether it has a row for each step)."""
        for name, file in self.json["probes"].items():
            yield name, f"{name}.npy", self.folder / file, True
        for name, file in self.json.get("final", {}).items():
            yield f"{name} in the end", f"{name}.final.npy", self.folder / file, False

    def differences(self, result):
        """Where the files in the folder `result` differ from the recording."""
        for what, file, recorded, by_step in self.outputs():
            actual, expected = numpy.load(result / file), numpy.load(recorded)
            found = compare.difference(actual, expected, "recorded", by_step)
            if found:
                yield f"{what}: {found}"

    def disagreements(self, result, first):
        """Where two runs differ in any bit."""
        for what, file, _, by_step in self.outputs():
            actual, expected = numpy.load(result / file), numpy.load(first / file)
            found = compare.difference(actual, expected, "interpreted", by_step, bits=True)
            if found:
                yield f"{what}: {found}"


def engines(compilers, threads):
    """The ways of running a network: name -> options of `basalt run`. The first one is the reference.

    With the compiler `threads`, if there is one, three threads share whatever they can, cut at any element.
    """
    ways = {"interpreted": ["--interpret", "--verify-each"], "step": ["--interpret=optimized"]}
    ways |= chip_path.WAYS
    for compiler in compilers:
        ways[pathlib.Path(compiler).name] = ["--cxx", str(compiler)]
    if threads:
        ways["threads"] = ["--cxx", str(threads), "--test-all-regions", "--threads", "3"]
    return ways


def installed_compilers():
    return [name for name in ("clang++-22", "g++") if shutil.which(name)]


def run(command, env=None):
    """The problems of a run: what it says if it fails."""
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=False, env=env)
    except subprocess.TimeoutExpired:
        return [f"not done after {TIMEOUT} s"]
    except OSError as error:
        return [f"cannot run '{command[0]}': {error.strerror}"]
    if result.returncode != 0:
        return [f"exit code {result.returncode} of {' '.join(map(str, command))}", result.stderr.rstrip()]
    return []


LLVM = ["through the LLVM dialect"]


def run_way(case, basalt, net, out, options):
    """The problems of one way of running a case."""
    if isinstance(options, chip_path.Chip):
        return chip_path.run(case, basalt, net, out, options)
    if options is not LLVM:
        return run([basalt, "run", net, "--out", out, *options])
    out.mkdir()
    try:
        return run([llvm_path.build(basalt, net, out), "--out", out, *case.options()])
    except RuntimeError as error:
        return [str(error)]


def check(case, basalt, scratch, ways):
    """Name of each way -> its problems, as texts."""
    net = scratch / f"{case.name}.yaml"
    net.write_text(case.yaml())
    problems, first = {}, None
    for way, options in ways.items():
        out = scratch / way
        try:
            problems[way] = run_way(case, basalt, net, out, options) or list(case.differences(out))
        except (llvm_path.Unsupported, chip_path.NoChip):
            continue  # not a way for this case
        if problems[way]:
            continue
        # Only of runs that have passed can one say that some bit differs.
        if first is None:
            first = out
        problems[way] = list(case.disagreements(out, first))
    return problems


class Result:
    """What became of a case: a verdict for each way of running it, and the reasons."""

    def __init__(self, name):
        self.name, self.problems, self.skipped, self.broken, self.seconds = name, {}, [], None, 0.0

    @property
    def verdict(self):
        if self.skipped:
            return "unsupported"
        return "failed" if self.broken or any(self.problems.values()) else "passed"

    def cell(self, way):
        if self.broken or self.skipped:
            return "-"
        if way not in self.problems:
            return "-"
        return "FAILED" if self.problems[way] else "ok"

    def lines(self):
        """The reasons, one a line."""
        texts = [self.broken] if self.broken else list(self.skipped)
        texts += [f"{way}: {text}" for way, found in self.problems.items() for text in found]
        return "\n".join(texts).splitlines()


def examine(folder, basalt, ways, keep=None):
    """Runs the case in `folder`; never raises for what is wrong with the case."""
    result, start = Result(folder.name), time.monotonic()
    try:
        case = Case(folder)
        result.skipped = case.reasons_to_skip()
        if not result.skipped:
            with tempfile.TemporaryDirectory() as scratch:
                place = keep / folder.name if keep else pathlib.Path(scratch)
                place.mkdir(parents=True, exist_ok=True)
                result.problems = check(case, basalt, place, ways)
    except CaseError as error:
        result.broken = str(error)
    result.seconds = time.monotonic() - start
    return result


def case_folders(root):
    """The cases below `root`: it is one, or its folders or those of its `cases/` are."""
    if (root / "case.json").exists():
        return [root]
    for place in (root, root / "cases"):
        found = sorted(folder for folder in place.iterdir() if folder.is_dir()) if place.is_dir() else []
        # A folder without case.json among those that have one is a broken case.
        if any((folder / "case.json").exists() for folder in found):
            return found
    return []


def print_table(results, ways):
    """Prints a row for each result as soon as it is there; returns how many there were of each verdict."""
    counts = {"passed": 0, "failed": 0, "unsupported": 0}
    widths = [max(len(way), 6) for way in ways]
    heads = "  ".join(way.ljust(width) for way, width in zip(ways, widths))
    print(f"{'case':34}  {'':11}  {heads}  seconds")
    for result in results:
        counts[result.verdict] += 1
        cells = "  ".join(result.cell(way).ljust(width) for way, width in zip(ways, widths))
        print(f"{result.name:34}  {result.verdict:11}  {cells}  {result.seconds:7.1f}")
        for line in result.lines():
            print(f"    {line}")
        sys.stdout.flush()
    print(", ".join(f"{count} {verdict}" for verdict, count in counts.items()))
    return counts


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./dev conformance", description=__doc__.split("\n\n")[0])
    parser.add_argument("--basalt", default="basalt", help="the compiler (default: on PATH)")
    parser.add_argument("--cxx", action="append", help="a C++ compiler to use in place of all that are installed")
    parser.add_argument(
        "--sanitize", action="store_true", help="make programs that stop at undefined behaviour of C++, and only those"
    )
    parser.add_argument(
        "--llvm", action="store_true", help="also run programs of integers through MLIR's conversions to LLVM"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many cases at once")
    parser.add_argument("--keep", type=pathlib.Path, metavar="FOLDER", help="write networks and results here")
    parser.add_argument(
        "--diagnostics",
        type=pathlib.Path,
        metavar="FILE",
        help="in place of recorded cases, networks with mistakes and what should be said of them",
    )
    parser.add_argument("what", nargs="*", help="a folder of cases, then names of cases, with * and ?")
    args = parser.parse_args()
    if not shutil.which(args.basalt):
        parser.error(f"cannot run '{args.basalt}'")
    if args.diagnostics:
        return args
    root, patterns = CASES, args.what
    if patterns and (os.sep in patterns[0] or pathlib.Path(patterns[0]).is_dir()):
        root, patterns = pathlib.Path(patterns[0]), patterns[1:]
    args.folders = [
        folder
        for folder in case_folders(root)
        if not patterns or any(fnmatch.fnmatch(folder.name, pattern) for pattern in patterns)
    ]
    if not args.folders:
        wanted = f" that is called {' or '.join(patterns)}" if patterns else ""
        parser.error(f"there is no case{wanted} in '{root}'")
    return args


def main():
    args = parse_arguments()
    if args.diagnostics:
        return diagnostic_cases.main(args)
    compilers = [SANITIZER] if args.sanitize else args.cxx or installed_compilers()
    ways = engines(compilers, next(iter(compilers), None))
    if args.llvm:
        ways["llvm"] = LLVM
    with concurrent.futures.ThreadPoolExecutor(max(args.jobs, 1)) as pool:
        results = pool.map(lambda folder: examine(folder, args.basalt, ways, args.keep), args.folders)
        counts = print_table(results, ways)
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
