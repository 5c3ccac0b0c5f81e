# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks a trace: check_trace.py FILE THREADS STEPS NAME... What is on one lane must be nested or follow each
other; each of so many steps be there, or some in their order; and each name on each lane."""

import json
import sys


def check_lane(events):
    """Each event ends before those end that began before it."""
    stack = []
    for event in sorted(events, key=lambda e: (e["ts"], -e["dur"])):
        end = event["ts"] + event["dur"]
        while stack and stack[-1] <= event["ts"] + 0.002:  # of rounding to nanoseconds
            stack.pop()
        assert not stack or end <= stack[-1] + 0.002, event
        stack.append(end)


def main(path, threads, steps, *names):
    with open(path) as file:
        trace = json.load(file)
    events = [event for event in trace["traceEvents"] if event["ph"] == "X"]
    lanes = {event["tid"] for event in events}
    assert lanes == set(range(int(threads))), lanes
    for lane in lanes:
        check_lane([event for event in events if event["tid"] == lane])
    found = [event["name"] for event in events if event["cat"] == "step"]
    if steps != "some":
        assert found == [f"time step {i + 1}" for i in range(int(steps))], found
    numbers = [int(name.split()[-1]) for name in found]
    assert numbers and numbers == sorted(set(numbers)), numbers
    for lane in lanes:
        own = {event["name"] for event in events if event["tid"] == lane}
        for name in names:
            assert name in own, (lane, name, own)


main(*sys.argv[1:])
