# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The network of several benchmarks: two layers of fixed-point LIF neurons, a Dense between them.

The sources spike by their bias alone, each 16th to 160th step.
"""

import measure
import numpy

# Of the targets.
DU, DV, VTH = 400, 200, 90
NET = """\
basalt: 1
network:
  instances:
    sources: {{class: LIF, shape: {n}, du: 4095, dv: 0, vth: 1000, bias_mant: {{file: bias.npy}}}}
    dense: {{class: Dense, weights: {{file: weights.npy}}}}
    targets: {{class: LIF, shape: {n}, du: {du}, dv: {dv}, vth: {vth}}}
  connections:
    - sources.s_out -> dense.s_in
    - dense.a_out -> targets.a_in
run:
  steps: 100
  select_tag: fixed_pt
  get: [targets.v, targets.u]
"""


def write(folder, n):
    """Writes net.yaml with `n` neurons a layer into a new folder; returns weights and bias."""
    folder.mkdir()
    random = numpy.random.default_rng(n)
    # Even, as Loihi's mixed weights are.
    weights = 2 * random.integers(-20, 24, (n, n), dtype=numpy.int32)
    bias = random.integers(400, 4000, n, dtype=numpy.int32)
    numpy.save(folder / "weights.npy", weights)
    numpy.save(folder / "bias.npy", bias)
    (folder / "net.yaml").write_text(NET.format(n=n, du=DU, dv=DV, vth=VTH))
    return weights, bias


def seconds_of_step(command, folder, few, many):
    """The slope between a short and a long run."""
    short = measure.median_seconds([*command, "--steps", few, "--out", folder], 3)
    long = measure.median_seconds([*command, "--steps", many, "--out", folder], 3)
    return (long - short) / (many - few)
