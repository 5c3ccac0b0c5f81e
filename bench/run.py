#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the benchmarks, prints a table and writes a report (report.md, report.svg). A benchmark is a module here with a
function `rows(setup)`, or one of the networks of networks.py or trained.py; numbers depend on the machine, so an aim that is
missed is shown, not an error."""

import argparse
import dataclasses
import json
import pathlib
import sys
import tempfile

import instances
import lif_dense
import networks
import neurocore
import placement
import remote_memory
import report
import trained
import turnaround

BENCHMARKS = {
    "remote_memory": remote_memory,
    "turnaround": turnaround,
    "instances": instances,
    "lif_dense": lif_dense,
    "neurocore": neurocore,
    "placement": placement,
    "networks": networks,
    "trained": trained,
}


@dataclasses.dataclass
class Setup:
    """What a benchmark works with; it may write below `scratch` alone."""

    root: pathlib.Path
    build: pathlib.Path
    basalt: pathlib.Path
    scratch: pathlib.Path
    peers: bool  # whether other simulators run beside ours
    large: bool = False  # whether networks of 50 million synapses run, too
    nets: pathlib.Path = None  # recorded cases of trained networks, if there are any


def table(rows):
    """The rows as aligned text."""
    lines = [report.HEAD] + [report.cells(row) for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(report.HEAD))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column in (2, 3, 5, 6, 7) else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths))
        ).rstrip()
        for line in lines
    )


def main():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--build", required=True, type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="also write the rows")
    parser.add_argument("--report", type=pathlib.Path, metavar="FOLDER", help="of the report (default: bench in the build folder)")
    parser.add_argument("--no-peers", action="store_true", help="run no other simulators")
    parser.add_argument("--large", action="store_true", help="of `placement`: also networks of 50 million synapses")
    parser.add_argument("--nets", type=pathlib.Path, metavar="DIR", help="recorded cases of trained networks, for `trained`")
    groups = {"": BENCHMARKS, "networks": networks.NETWORKS, "trained": trained.CASES}
    all_names = [name for names in groups.values() for name in names]
    parser.add_argument("names", nargs="*", help=f"of {', '.join(all_names)}; default: all")
    args = parser.parse_args()
    unknown = [name for name in args.names if name not in all_names]
    if unknown:
        parser.error(f"unknown benchmark '{unknown[0]}', expected {', '.join(all_names)}")

    build = args.build.resolve()
    rows = []
    for name in args.names or BENCHMARKS:
        print(f"bench: {name}", file=sys.stderr)
        with tempfile.TemporaryDirectory() as scratch:
            root = pathlib.Path(__file__).resolve().parent.parent
            setup = Setup(root, build, build / "bin" / "basalt", pathlib.Path(scratch), not args.no_peers, args.large, args.nets)
            group = next(group for group, names in groups.items() if name in names)
            rows += BENCHMARKS[group].rows(setup, [name]) if group else BENCHMARKS[name].rows(setup)
    print(table(rows))
    report.write(args.report or build / "bench", rows)
    if args.json:
        args.json.write_text(json.dumps([dataclasses.asdict(row) for row in rows], indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
