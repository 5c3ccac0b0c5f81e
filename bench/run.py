#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the benchmarks and prints a table. A benchmark is a module here with a function
`rows(setup)`; numbers depend on the machine, so an aim that is missed is shown, not an error."""

import argparse
import dataclasses
import json
import pathlib
import sys
import tempfile

import instances
import lif_dense
import neurocore
import remote_memory
import turnaround

BENCHMARKS = {
    "remote_memory": remote_memory,
    "turnaround": turnaround,
    "instances": instances,
    "lif_dense": lif_dense,
    "neurocore": neurocore,
}


@dataclasses.dataclass
class Setup:
    """What a benchmark works with; it may write below `scratch` alone."""

    root: pathlib.Path
    build: pathlib.Path
    basalt: pathlib.Path
    scratch: pathlib.Path


def table(rows):
    """The rows as aligned text."""
    lines = [("benchmark", "what", "value", "", "aim", "")]
    for row in rows:
        aim = "" if row.aim is None else f"< {row.aim:g}"
        verdict = "" if row.aim is None or row.value < row.aim else "missed"
        lines.append((row.benchmark, row.what, f"{row.value:.3g}", row.unit, aim, verdict))
    widths = [max(len(line[column]) for line in lines) for column in range(6)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column in (2, 4) else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths))
        ).rstrip()
        for line in lines
    )


def main():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--build", required=True, type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="also write the rows")
    parser.add_argument("names", nargs="*", help=f"of {', '.join(BENCHMARKS)}; default: all")
    args = parser.parse_args()
    unknown = [name for name in args.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"unknown benchmark '{unknown[0]}', expected {', '.join(BENCHMARKS)}")

    build = args.build.resolve()
    rows = []
    for name in args.names or BENCHMARKS:
        print(f"bench: {name}", file=sys.stderr)
        with tempfile.TemporaryDirectory() as scratch:
            root = pathlib.Path(__file__).resolve().parent.parent
            setup = Setup(root, build, build / "bin" / "basalt", pathlib.Path(scratch))
            rows += BENCHMARKS[name].rows(setup)
    print(table(rows))
    if args.json:
        args.json.write_text(json.dumps([dataclasses.asdict(row) for row in rows], indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
