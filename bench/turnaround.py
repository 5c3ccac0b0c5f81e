# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Time from `basalt run` to its end: after an edit, again, and with other run-time options."""

import shutil
import statistics

import measure

NET = "examples/remote_memory/net.yaml"
TIMES = 5


def rows(setup):
    folder = setup.scratch / "turnaround"
    shutil.copytree((setup.root / NET).parent, folder)
    net, cache = folder / "net.yaml", folder / "cache"
    text = net.read_text()
    command = [setup.basalt, "run", net]

    measure.run(command, cache)  # the first run ever may warm the file system
    edited = []
    for edit in range(TIMES):
        # Another initial value, so that neither cache key has been seen.
        net.write_text(text.replace("i32[1] = 5", f"i32[1] = {100 + edit}"))
        assert net.read_text() != text, "the example has changed; adapt the edit"
        edited.append(measure.seconds(command, cache))
    again = measure.median_seconds(command, TIMES, cache)
    steps = measure.median_seconds([*command, "--steps", 3], TIMES, cache)
    return [
        measure.Row("turnaround", "basalt run after an edit", statistics.median(edited), "s", 1),
        measure.Row("turnaround", "basalt run again", again, "s", 0.1),
        measure.Row("turnaround", "basalt run again with --steps", steps, "s", 0.1),
    ]
