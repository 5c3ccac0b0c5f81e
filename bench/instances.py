# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Time to check a network of many instances, and to make C++ of it."""

import measure

INSTANCES = 1000
TIMES = 3


def network(count):
    """Layers of LIF and Dense, one after the other, and an accessor here and there."""
    lines = ["basalt: 1", "network:", "  instances:", "    lif0: {class: LIF, shape: [2], bias_mant: 5}"]
    connections = []
    for i in range(count // 2):
        lines.append(f"    dense{i}: {{class: Dense, weights: [[{i % 50}, 1], [2, 3]]}}")
        connections.append(f"    - lif{i}.s_out -> dense{i}.s_in")
        if i + 1 < count // 2:
            lines.append(f"    lif{i + 1}: {{class: LIF, shape: [2], vth: {10 + i % 7}}}")
            connections.append(f"    - dense{i}.a_out -> lif{i + 1}.a_in")
    run = ["run:", "  steps: 10", "  select_tag: fixed_pt", "  probes: [lif0.v]"]
    return "\n".join([*lines, "  connections:", *connections, *run]) + "\n"


def rows(setup):
    folder = setup.scratch / "instances"
    folder.mkdir()
    net = folder / "net.yaml"
    net.write_text(network(INSTANCES))
    check = measure.median_seconds([setup.basalt, "check", net], TIMES, folder / "cache")
    make = [setup.basalt, "compile", "--emit=cpp", "-o", folder / "net.cpp", net]
    compiled = measure.median_seconds(make, TIMES, folder / "cache")
    return [
        measure.Row("instances", f"basalt check, {INSTANCES} instances", check, "s", 2),
        measure.Row("instances", f"basalt compile to C++, {INSTANCES} instances", compiled, "s", 2),
    ]
