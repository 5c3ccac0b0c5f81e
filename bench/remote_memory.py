# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Time per step of the remote-memory example: the cost of a step and of a remote access."""

import measure

NET = "examples/remote_memory/net.yaml"
STEPS = 100_000_000
TIMES = 3


def rows(setup):
    simulator = setup.scratch / "remote_memory"
    measure.run([setup.basalt, "compile", setup.root / NET, "-o", simulator])
    # One step takes what starting and stopping a simulator takes.
    start_up = measure.median_seconds([simulator, "--no-print", "--steps", 1], TIMES)
    total = measure.median_seconds([simulator, "--no-print", "--steps", STEPS], TIMES)
    by_hand = float(measure.run([setup.build / "bench" / "basalt-bench-by-hand", STEPS]))
    return [
        measure.Row("remote_memory", "one time step", (total - start_up) / STEPS * 1e9, "ns", 10),
        measure.Row("remote_memory", "the same by hand", by_hand, "ns"),
        measure.Row("remote_memory", "start and stop a simulator", start_up * 1e3, "ms"),
    ]
