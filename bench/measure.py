# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the benchmarks share: running commands, timing them, one row of the result table."""

import dataclasses
import os
import statistics
import subprocess
import sys
import time


@dataclasses.dataclass
class Row:
    """One result. `aim` is what the project has set itself, `peer` what another program takes in the same run,
    `limit` what the machine could do; None when there is no such number."""

    benchmark: str
    what: str
    value: float
    unit: str
    aim: float = None
    peer: float = None
    limit: float = None


def run(command, cache=None):
    """The standard output of a command that must succeed; `cache` is its XDG_CACHE_HOME."""
    environment = dict(os.environ)
    if cache:
        environment["XDG_CACHE_HOME"] = str(cache)
    command = [str(word) for word in command]
    result = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if result.returncode != 0:
        sys.exit(f"bench: {' '.join(command)}: exit code {result.returncode}\n{result.stderr}")
    return result.stdout


def seconds(command, cache=None):
    """Wall-clock time of one run."""
    start = time.perf_counter()
    run(command, cache)
    return time.perf_counter() - start


def median_seconds(command, times, cache=None):
    return statistics.median(seconds(command, cache) for _ in range(times))
