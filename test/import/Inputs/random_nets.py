# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random .net files of lava-dl, run as run_nets.py runs those of make_net.py: images, flatten layers, dense and recurrent
ones, delays, resonators; spikes or sigma-delta messages.

    random_nets.py FOLDER FIRST COUNT [WAY...]
"""

import pathlib
import sys

import make_net
import numpy as np
import run_nets

# Decays whose way through floats and back, as Lava goes it, loses nothing.
RESONATORS = ({"sinDecay": 2501, "cosDecay": 2981}, {"sinDecay": 1635, "cosDecay": 3395})


class Maker:
    """Layers one after the other, each with what it expects."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.sigma_delta = self.pick(True, False, False)

    def pick(self, *choices):
        return choices[self.random.integers(len(choices))]

    def integer(self, low, high):
        return int(self.random.integers(low, high + 1))

    def weights(self, *shape):
        """Even and odd ones, some without negative ones, some with fractions; none so large that they are clipped."""
        low, high = self.pick((-100, 120), (-100, 120), (0, 250), (-256, 254), (-3, 5))
        weights = self.random.integers(low, high, shape).astype("f4")
        if not weights.any():
            weights.flat[0] = 1
        return weights + self.pick(0, 0, 0, 0.5) if low == -3 else weights

    def neuron(self):
        if self.sigma_delta:
            return make_net.SDNN | {"vThMant": self.integer(0, 6)}
        decays = {"iDecay": self.pick(0, 4096, self.integer(1, 4095)), "vDecay": self.pick(0, 4096, self.integer(1, 4095))}
        return {"type": self.pick("CUBA", "LOIHI"), "vThMant": self.integer(1, 200)} | decays

    def bias(self, count):
        return {"bias": self.random.integers(-20, 30, count).astype("f4")} if self.pick(True, False) else {}

    def image(self, file):
        """An input layer and convolutions; how many layers."""
        shape = [self.integer(1, 3), self.integer(3, 7), self.integer(3, 7)]
        self.rows = tuple(shape)
        make_net.put_layer(file, 0, "input", self.neuron(), shape=shape, weight=[64.0], bias=[0.0])
        for number in range(1, self.integer(2, 3)):
            channels, *size = shape
            kernel = [self.integer(1, min(3, each)) for each in size]
            dilation = [self.integer(1, 2) if each > 2 * (k - 1) else 1 for k, each in zip(kernel, size)]
            stride, padding = [self.integer(1, 2), self.integer(1, 2)], [self.integer(0, 2), self.integer(0, 2)]
            groups = self.pick(1, channels)
            targets = groups * self.integer(1, 3)
            size = [(n + 2 * p - d * (k - 1) - 1) // s + 1 for n, k, d, s, p in zip(size, kernel, dilation, stride, padding)]
            shape = [targets, *size]
            weight = self.weights(targets, channels // groups, *kernel)
            make_net.conv(file, number, weight[..., None] if self.pick(True, False) else weight, shape, self.neuron(),
                          stride=stride, padding=padding, dilation=dilation, groups=groups, **self.bias(targets))  # fmt: skip
            last = number
        make_net.put_layer(file, last + 1, "flatten", shape=self.pick([1, 1, int(np.prod(shape))], [int(np.prod(shape)), 1, 1]))
        return last + 2, int(np.prod(shape))

    def dense(self, file, number, sources):
        targets = self.integer(1, 6)
        more, type = self.bias(targets), "dense"
        match self.pick("plain", "plain", "recurrent", "delays", "resonators", "none"):
            case "recurrent" if not self.sigma_delta:
                type, more["weight_rec"] = "dense_rec", self.random.integers(-100, 100, (targets, targets)).astype("f4")
            case "delays" if not self.sigma_delta:
                more["delay"] = self.pick(self.integer(0, 6), self.random.integers(0, 6, targets), self.random.integers(0, 6, sources))
            case "resonators" if not self.sigma_delta:
                neuron = self.pick(*RESONATORS) | {"type": self.pick("RF_PHASE", "RF_IZHIKEVICH"), "vThMant": self.integer(5, 60)}
                make_net.complex_weights(file, number, targets, sources, neuron)
                return targets
            case "none" if not self.sigma_delta:
                make_net.put_layer(file, number, "dense", None, shape=[targets], weight=self.weights(targets, sources))
                return targets
        make_net.dense(file, number, targets, sources, self.neuron(), type, weight=self.weights(targets, sources), **more)
        return targets

    def make(self, file):
        if self.sigma_delta or self.pick(True, False):
            number, sources = self.image(file)
        else:
            number, sources = 0, self.integer(1, 8)
            self.rows = (sources,)
        for number in range(number, number + self.integer(1, 4)):
            sources = self.dense(file, number, sources)
        if self.sigma_delta and self.pick(True, False):
            neuron = make_net.SDNN | {"sigma_output": True}
            make_net.dense(file, number + 1, 3, sources, neuron, weight=self.weights(3, sources))


def case(seed):
    maker = Maker(seed)
    settings = maker.pick({}, {}, {"reset_interval": maker.integer(2, 20)} if not maker.sigma_delta else {"spike_exp": maker.integer(0, 6)})
    return run_nets.Case(str(seed), maker.make, lambda: maker.rows, settings)


def main():
    first, count = int(sys.argv[2]), int(sys.argv[3])
    cases = {seed: case(seed) for seed in range(first, first + count)}
    run_nets.check_all(cases, pathlib.Path(sys.argv[1]), sys.argv[4:], "files")


if __name__ == "__main__":
    main()
