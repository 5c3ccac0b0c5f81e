#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs libFuzzer on what reads untrusted input, starting from the project's own files.

Whatever crashes, hangs, leaks or breaks a promise is kept, and printed with how to repeat it.
"""

import argparse
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import Callable

import seeds

# Of one input. Instrumented code takes about ten times as long, and three times the memory; and it is
# the time of the clock, which goes on while a machine has other things to do.
MOST_SECONDS = 60
MOST_MEGABYTES = 2560
LARGEST_ALLOCATION = 2200  # an array may have 2 GiB


@dataclass
class Target:
    what: str
    binary: str
    seeds: Callable[[pathlib.Path, pathlib.Path], None]
    most_bytes: int = 6000
    with_words: bool = False


TARGETS = {
    "yaml": Target("the front end, byte by byte", "basalt-yaml-fuzzer", seeds.programs, with_words=True),
    "program": Target("resolve and schedule, block by block", "basalt-program-fuzzer", seeds.programs, with_words=True),
    "behaviour": Target("the parser of behaviours", "basalt-behaviour-fuzzer", seeds.behaviours, 1000, with_words=True),
    "arrays": Target(".npy and .npz files", "basalt-array-fuzzer", seeds.arrays, 4000),
    "hdf5": Target("HDF5 files", "basalt-array-fuzzer", seeds.hdf5, 12000),
    "import": Target("trained networks", "basalt-import-fuzzer", seeds.networks, seeds.LARGEST_FILE, with_words=True),
    "editor": Target("what the language server does with a text", "basalt-editor-fuzzer", seeds.programs, with_words=True),
    "image": Target("neurocore images", "basalt-image-fuzzer", seeds.images, 100000),
}


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./dev fuzz --target", description=__doc__.split("\n\n")[0])
    parser.add_argument("--bin", required=True, type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--target", action="append", required=True, choices=[*TARGETS, "all"], help="; ".join(f"{name}: {t.what}" for name, t in TARGETS.items()))
    parser.add_argument("--seconds", type=float, default=60, help="of processor time for each target (default: 60)")
    parser.add_argument("--seed", type=int, default=0, help="of libFuzzer; 0: another one each time")
    parser.add_argument("--corpus", type=pathlib.Path, help="folder that keeps inputs which reach something new, by target (default: a temporary one)")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("fuzz"), help="folder for what is found (default: fuzz)")
    parser.add_argument("--input", type=pathlib.Path, help="run this one input, and nothing else")
    return parser.parse_args()


def environment():
    # libMLIR is not instrumented, so containers and arenas that it fills look wrong from our side.
    asan = "detect_container_overflow=0:allow_user_poisoning=0:allocator_may_return_null=1"
    return {**os.environ, "ASAN_OPTIONS": asan, "UBSAN_OPTIONS": "print_stacktrace=1"}


def limits(target):
    return [
        f"-timeout={MOST_SECONDS}",
        f"-rss_limit_mb={MOST_MEGABYTES}",
        f"-malloc_limit_mb={LARGEST_ALLOCATION}",
        f"-max_len={target.most_bytes}",
    ]


def statistic(text, name):
    found = re.findall(rf"stat::{name}:\s*(\d+)", text)
    return int(found[-1]) if found else 0


class Run:
    """One target, for a time."""

    def __init__(self, name, args, folder):
        self.name, self.target, self.args = name, TARGETS[name], args
        self.corpus = (args.corpus or folder) / name
        self.seeds = folder / f"{name}-seeds"
        self.findings = args.out / name
        self.rounds = self.inputs = self.slowest = self.largest = 0
        for path in (self.corpus, self.seeds, self.findings):
            path.mkdir(parents=True, exist_ok=True)
        self.target.seeds(self.seeds, args.bin)
        self.known = set(self.findings.iterdir())

    def command(self, seconds):
        command = [self.args.bin / self.target.binary, self.corpus, self.seeds, *limits(self.target)]
        command += [f"-max_total_time={max(1, int(seconds))}", "-print_final_stats=1", "-verbosity=0"]
        # Another one in each round, or all of them would do the same.
        seed = self.args.seed and self.args.seed + self.rounds
        command += [f"-seed={seed}", f"-artifact_prefix={self.findings}/"]
        if self.target.with_words:
            words = self.seeds.parent / f"{self.name}.dict"
            seeds.write_dictionary(self.seeds, words)
            command.append(f"-dict={words}")
        return command

    def round(self, seconds):
        done = subprocess.run(self.command(seconds), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace", check=False)
        self.rounds += 1
        self.inputs += statistic(done.stdout, "number_of_executed_units")
        self.slowest = max(self.slowest, statistic(done.stdout, "slowest_unit_time_sec"))
        self.largest = max(self.largest, statistic(done.stdout, "peak_rss_mb"))
        return done

    def is_stall(self, path):
        """Whether an input took too long because the machine did: alone it needs less of the processor."""
        if not path.name.startswith("timeout"):
            return False
        command = [self.args.bin / self.target.binary, "-timeout=0", path]
        most = (MOST_SECONDS, MOST_SECONDS)
        done = subprocess.run(command, env=environment(), capture_output=True, check=False, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, most))
        return done.returncode == 0

    def drop_stalls(self):
        """Whether there was nothing but stalls."""
        found = self.found()
        for path in found:
            if self.is_stall(path):
                path.unlink()
        return bool(found) and not self.found()

    def found(self):
        # Slow inputs are noted by libFuzzer, but only what takes too long is an error.
        new = set(self.findings.iterdir()) - self.known
        return sorted(path for path in new if not path.name.startswith("slow-unit"))

    def execute(self):
        """Whether nothing was found."""
        left = self.args.seconds
        while left >= 1 or self.inputs == 0:
            before = processor_seconds()
            done = self.round(left)
            left -= max(processor_seconds() - before, 0.1)
            stalled = self.drop_stalls()
            if (done.returncode != 0 and not stalled) or self.found():
                print(done.stdout)
                break
            if self.inputs == 0:
                sys.exit(f"{self.name}: error: no input was run:\n{done.stdout}")
        print(f"{self.name}: {self.inputs} inputs, the slowest took {self.slowest} s, {self.largest} MB at most, {len(list(self.corpus.iterdir()))} reached something new", flush=True)
        for path in self.found():
            print(f"{self.name}: error: found {path}; to repeat: ./dev fuzz --target {self.name} --input {path}")
        return (done.returncode == 0 or stalled) and not self.found()


def processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run_input(name, args):
    target = TARGETS[name]
    start = time.monotonic()
    done = subprocess.run([args.bin / target.binary, *limits(target), args.input], env=environment(), check=False)
    print(f"{name}: {time.monotonic() - start:.1f} s")
    return done.returncode == 0


def main():
    args = parse_arguments()
    names = list(TARGETS) if "all" in args.target else args.target
    if args.input:
        return 0 if all([run_input(name, args) for name in names]) else 1
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TMPDIR"] = folder
        return 0 if all([Run(name, args, pathlib.Path(folder)).execute() for name in names]) else 1


if __name__ == "__main__":
    sys.exit(main())
