#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs random networks in several ways, which must agree in every bit, and in what they print.

A network for which they do not is made smaller, and written down together with how to repeat it.
Usage: ./dev fuzz [--seconds N] [--seed S]; with --count, so many networks and no more (the tests).
"""

import argparse
import functools
import pathlib
import sys
import time

import chips
import generate
from harness import IMAGES, WAYS, Harness, spelled
from layout import to_yaml
from reduce import Reducer


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./dev fuzz", description=__doc__.split("\n\n")[0])
    parser.add_argument("--basalt", default="basalt", help="the compiler (default: on PATH)")
    parser.add_argument("--seconds", type=float, default=300, help="for how long (default: 300)")
    parser.add_argument("--seed", type=int, default=1, help="of the first network; the next has the next (default: 1)")
    parser.add_argument("--count", type=int, help="how many networks, in place of a time")
    parser.add_argument("--processes", type=int, default=5, help="in a network (default: 5)")
    parser.add_argument("--way", action="append", choices=[*WAYS, *IMAGES], help="a way to run them; the first is the reference. With emulator, cores, core-each, first-fit, shuffled, pinned or pinned-shuffled the networks are such that a chip can hold them, and with fixed or others that begin so, one whose neurons have no programs")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("fuzz"), help="folder for what fails (default: fuzz)")
    parser.add_argument("--reduce-seconds", type=float, default=300, help="for how long a network is made smaller; 0: not")
    parser.add_argument("--show", action="store_true", help="print the network of the seed, and run nothing")
    parser.add_argument("--perturb", metavar="WORD", help="make the last way wrong where this word stands (to test reduction)")
    return parser.parse_args()


def report(seed, network, found, harness, args):
    """Makes a network that fails smaller and writes it."""
    kind, text = found
    args.out.mkdir(parents=True, exist_ok=True)
    original, reduced = args.out / f"seed{seed}.yaml", args.out / f"seed{seed}.reduced.yaml"
    original.write_text(to_yaml(network))
    print(f"seed {seed}: {kind}\n  {text.strip()}\n  the network: {original}", flush=True)
    if not args.reduce_seconds:
        return
    # The reference, and the way that failed.
    ways = [way for way in harness.ways if way == harness.ways[0] or kind.startswith(f"{way}:")]

    def holds(candidate):
        problem = harness.problem(candidate, ways)
        return problem is not None and problem[0] == kind

    Reducer(network, holds, args.reduce_seconds).run()
    smaller = to_yaml(network)
    final = harness.problem(smaller, ways) or found
    head = [f"# {final[0]}", *(f"#   {line}" for line in final[1].strip().splitlines()), "# To repeat:"]
    head += [f"#   {command}" for way in ways for command in spelled(way, reduced.name)]
    reduced.write_text("\n".join(head) + "\n" + smaller)
    print(f"  made smaller: {reduced}, {len(smaller.splitlines())} lines\n  {final[1].strip()}", flush=True)


def main():
    args = parse_arguments()
    ways = args.way or ["interpreter", "clang", "gcc"]
    if ways[0] in IMAGES:
        ways = ["interpreter", *ways]
    make = generate.generate
    if any(way in IMAGES for way in ways):
        make = functools.partial(chips.generate, fixed=any(way.startswith("fixed") for way in ways))
    if args.show:
        print(to_yaml(make(args.seed, args.processes)), end="")
        return 0
    harness = Harness(args.basalt, ways, args.perturb)
    start, seed, failures = time.monotonic(), args.seed, 0
    while seed < args.seed + args.count if args.count is not None else time.monotonic() < start + args.seconds:
        network = make(seed, args.processes)
        found = harness.problem(to_yaml(network))
        if found:
            failures += 1
            report(seed, network, found, harness, args)
        seed += 1
    print(f"{seed - args.seed} networks, {failures} of them failed")
    for text in sorted(set(harness.refused)):
        print(f"no chip holds: {harness.refused.count(text)} x {text}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
