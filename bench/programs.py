# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Running a program and measuring what it takes: time on the wall and on processors, memory."""

import dataclasses
import os
import subprocess
import sys
import threading
import time


@dataclasses.dataclass
class Taken:
    """What a run took. Time on processors is what it would take of a machine that others leave alone."""

    wall: float  # s
    cpu: float  # s
    memory: int  # bytes, at most
    output: str


def peak_of(pid):
    """The most memory that a process has had, in bytes; 0 if it is not there any more."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def run(command, folder=None, environment=None):
    """Runs a command that must succeed.

    Memory is looked at from time to time, since what the system says of a child in the end counts pages of this program.
    """
    start = time.perf_counter()
    with subprocess.Popen(
        [str(word) for word in command],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        done, peak = threading.Event(), [0]

        def watch():
            while not done.wait(0.02):
                peak[0] = max(peak[0], peak_of(child.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        output, errors = [], []
        reader = threading.Thread(target=lambda: errors.append(child.stderr.read()))
        reader.start()
        output.append(child.stdout.read())
        reader.join()
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        done.set()
        watcher.join()
    if child.returncode:
        sys.exit(f"bench: {' '.join(map(str, command))}: exit code {child.returncode}\n{errors[0]}")
    return Taken(wall, usage.ru_utime + usage.ru_stime, peak[0], output[0])
