# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Two layers of fixed-point LIF neurons with a Dense between them, beside NumPy computing the same.

NumPy takes the columns of the sources that spiked and adds them up, which is what Lava does. Both
must end with the same voltages. The time of a step is the slope between a short and a long run.
"""

import time

import lif_network
import measure
import numpy
from lif_network import DU, DV, VTH

SIZES = (100, 1000, 4000)


def decay(x, d):
    product = x * (4096 - d)
    return numpy.sign(product) * (numpy.abs(product) >> 12)


class Layer:
    """LIF in fixed point, by the equations of the library."""

    def __init__(self, n, du, dv, vth, bias):
        self.u, self.v = numpy.zeros(n, numpy.int64), numpy.zeros(n, numpy.int64)
        self.du, self.dv, self.vth, self.bias = du, dv, vth << 6, bias

    def step(self, a):
        u = decay(self.u, self.du + 1) + (a << 6)
        u = numpy.where(u > 2**23, u - 2**24, numpy.where(u <= -(2**23), u + 2**24, u))
        v = numpy.clip(decay(self.v, self.dv) + u + self.bias, -(2**23 - 1), 2**23 - 1)
        s = v > self.vth
        self.u, self.v = u, numpy.where(s, 0, v)
        return s


def reference(weights, bias, steps):
    """The layer of targets after the last step, all spikes of the sources, and seconds."""
    n = len(bias)
    sources, targets = Layer(n, 4095, 0, 1000, bias), Layer(n, DU, DV, VTH, 0)
    arriving = numpy.zeros(n, numpy.int64)
    spikes = 0
    start = time.perf_counter()
    for _ in range(steps):
        s = sources.step(0)
        targets.step(arriving)
        arriving = weights[:, s].sum(axis=1, dtype=numpy.int64)
        spikes += int(s.sum())
    return targets, spikes, time.perf_counter() - start


def rows(setup):
    result = []
    for n in SIZES:
        folder = setup.scratch / f"lif_dense_{n}"
        weights, bias = lif_network.write(folder, n)
        program = folder / "net"
        measure.run([setup.basalt, "compile", folder / "net.yaml", "--emit", "exe", "-o", program])

        few = 50
        ours = lif_network.seconds_of_step([program], folder, few, few + max(400, 4_000_000 // n))

        steps = max(100, 200_000 // n)
        targets, spikes, spent = reference(weights, bias.astype(numpy.int64), steps)
        measure.run([program, "--steps", steps, "--out", folder])
        for name, expected in (("u", targets.u), ("v", targets.v)):
            found = numpy.load(folder / f"targets.{name}.final.npy")
            assert (found == expected).all(), f"{n} neurons: NumPy has another {name}"

        what = f"{n} neurons a layer"
        per_step = spikes * n / steps
        result += [
            measure.Row("lif_dense", f"{what}, a step", 1e6 * ours, "us"),
            measure.Row("lif_dense", f"{what}, a step of NumPy", 1e6 * spent / steps, "us"),
            measure.Row("lif_dense", f"{what}, time over NumPy's", ours * steps / spent, "", 0.1),
            measure.Row("lif_dense", f"{what}, synaptic operations", per_step / ours / 1e9, "G/s"),
        ]
    return result
