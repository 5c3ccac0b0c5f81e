# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random graphs of all nodes of NIR, as run_cases.py runs those of make_nir.py: branches, skips, sums, images, nested graphs
and at most one edge back, with random parameters and options.

    random_cases.py FOLDER FIRST COUNT [WAY...]
"""

import pathlib
import sys

import h5py
import make_nir
import numpy as np
import reference
import run_cases

STATEFUL = ("LI", "LIF", "CubaLI", "CubaLIF", "I", "IF", "Delay")


class Maker:
    """Nodes in the order in which they are computed, each with the shape of what it sends."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.nodes, self.edges, self.shapes = {}, [], {}

    def pick(self, *choices):
        return choices[self.random.integers(len(choices))]

    def numbers(self, low, high, *shape):
        """Binary fractions, so that sums do not depend on their order."""
        return np.round(self.random.uniform(low, high, shape) * 64) / 64

    def add(self, type, sources, node_shape, **values):
        separator = self.pick("", "_") if type in ("Input", "Output") else self.pick("", "_", ".")
        name = f"{type.lower()}{separator}{len(self.nodes)}"
        self.nodes[name] = (type, values)
        self.shapes[name] = tuple(int(each) for each in node_shape)
        self.edges += [(source, name) for source in sources]
        return name

    # ---- what follows a node

    def neuron(self, source):
        shape = self.shapes[source]
        type = self.pick("LI", "LIF", "LIF", "CubaLI", "CubaLIF", "CubaLIF", "I", "IF", "IF")
        values = {"r": self.numbers(0.5, 2, *shape)}
        if type not in ("I", "IF"):
            values["v_leak"] = self.numbers(-0.25, 0.25, *shape) * self.pick(0, 1)
        if type in ("LI", "LIF"):
            values["tau"] = self.numbers(0.1, 1, *shape) / 16
        if type.startswith("Cuba"):
            values |= {key: self.numbers(0.1, 1, *shape) / 16 for key in ("tau_syn", "tau_mem")}
            if self.pick(True, False):
                values["w_in"] = self.numbers(1, 4, *shape)
        if type.endswith("F"):
            values["v_threshold"] = self.numbers(0.125, 0.75, *shape)
            if self.pick(True, False):
                values["v_reset"] = self.numbers(-0.25, 0.0625, *shape)
        return self.add(type, [source], shape, **values)

    def weights(self, source):
        if len(self.shapes[source]) > 1:
            source = self.flatten(source)
        count, sources = int(self.random.integers(1, 6)), self.shapes[source][0]
        values = {"weight": self.numbers(-1, 1.5, count, sources)}
        if self.pick(True, False):
            return self.add("Linear", [source], [count], **values)
        return self.add("Affine", [source], [count], **values, bias=self.numbers(-0.5, 0.5, count))

    def flatten(self, source):
        shape = self.shapes[source]
        return self.add("Flatten", [source], [np.prod(shape)], start_dim=0, end_dim=-1, input_type=list(shape))

    def elements(self, source):
        shape = self.shapes[source]
        match self.pick("Scale", "Threshold", "Delay"):
            case "Scale":
                return self.add("Scale", [source], shape, scale=self.numbers(-1, 2, *shape))
            case "Threshold":
                return self.add("Threshold", [source], shape, threshold=self.numbers(-0.5, 0.5, *shape))
            case _ if len(shape) == 1:
                steps = self.random.integers(0, 5, shape)
                return self.add("Delay", [source], shape, delay=steps * run_cases.DT)
        return source

    def convolve(self, source, axes):
        channels, *size = self.shapes[source]
        groups = self.pick(1, channels)
        kernel = [int(self.random.integers(1, min(3, each) + 1)) for each in size]
        dilation = [int(self.random.integers(1, 3)) if k > 1 and each > 2 * (k - 1) else 1 for k, each in zip(kernel, size)]
        stride = [int(each) for each in self.random.integers(1, 3, axes)]
        padding = self.pick("same", "valid", [int(each) for each in self.random.integers(0, 3, axes)])
        if padding == "same":
            stride = [1] * axes
        targets = groups * int(self.random.integers(1, 3))
        ends = {"same": [d * (k - 1) for d, k in zip(dilation, kernel)], "valid": [0] * axes}
        ends = ends[padding] if isinstance(padding, str) else [2 * each for each in padding]
        result = [(n + e - d * (k - 1) - 1) // s + 1 for n, e, d, k, s in zip(size, ends, dilation, kernel, stride)]

        def each(value):
            return value if axes == 2 or isinstance(value, str) else value[0]

        values = {
            "weight": self.numbers(-1, 1.5, targets, channels // groups, *kernel),
            "bias": self.numbers(-0.25, 0.25, targets),
            "stride": each(stride), "dilation": each(dilation), "padding": each(padding), "groups": groups,
        }  # fmt: skip
        if self.pick(True, False):
            values["input_shape"] = each(size)
        return self.add(f"Conv{axes}d", [source], [targets, *result], **values)

    def pool(self, source):
        channels, *size = self.shapes[source]
        kernel = [int(self.random.integers(1, min(3, each) + 1)) for each in size]
        stride = [int(each) for each in self.random.integers(1, 3, 2)]
        padding = [int(self.random.integers(0, k // 2 + 1)) for k in kernel]
        result = [(n + 2 * p - k) // s + 1 for n, p, k, s in zip(size, padding, kernel, stride)]
        type = self.pick("SumPool2d", "AvgPool2d")
        if type == "AvgPool2d" and np.prod(kernel) % 3 == 0:
            type = "SumPool2d"  # thirds are no binary fractions
        return self.add(type, [source], [channels, *result], kernel_size=kernel, stride=stride, padding=padding)

    def inner(self, source):
        """A graph in the graph: weights and a neuron."""
        if len(self.shapes[source]) > 1:
            return self.neuron(source)
        count = self.shapes[source][0]
        nodes = {
            "input": ("Input", {"shape": [count]}),
            "w": ("Linear", {"weight": self.numbers(-1, 1.5, count, count)}),
            "if": ("IF", {"r": np.ones(count), "v_threshold": self.numbers(0.25, 1, count)}),
            "output": ("Output", {"shape": [count]}),
        }
        name = f"inner{len(self.nodes)}"
        self.nodes[name] = ("NIRGraph", nodes, make_nir.chain("input", "w", "if", "output"))
        self.shapes[name] = self.shapes[source]
        self.edges.append((source, name))
        return name

    def follow(self, source):
        """One more node behind `source`."""
        choices = [self.neuron, self.neuron, self.weights, self.elements, self.inner]
        axes = len(self.shapes[source]) - 1
        if axes:
            choices += [lambda x: self.convolve(x, axes)] * 2 + [self.flatten]
        if axes == 2:
            choices.append(self.pool)
        return self.pick(*choices)(source)

    def meet(self):
        """An edge from a node to the successor of another one: sums of two."""
        for source, target in self.edges:
            order = list(self.nodes)
            others = [name for name in order[: order.index(target)]
                      if name != source and self.shapes[name] == self.shapes[source] and (name, target) not in self.edges]  # fmt: skip
            if others and self.nodes[target][0] != "Output" and self.pick(True, False):
                self.edges.append((others[self.random.integers(len(others))], target))
                return

    def back(self):
        """An edge back over nodes without state: self-recurrence or weights between; the edge that waits."""
        following = dict.fromkeys(source for source, _ in self.edges)
        for source in list(following):
            if self.nodes[source][0] in STATEFUL and len(self.shapes[source]) == 1 and self.pick(True, False):
                count = self.shapes[source][0]
                weights = self.add("Linear", [source], [count], weight=self.numbers(-1, 0.5, count, count))
                self.edges.append((weights, source))
                return [(source, weights)]
        return []

    def make(self):
        """Returns the edges that wait."""
        ends = []
        for number in range(self.pick(1, 1, 2)):
            shape = self.pick([3], [2, 6], [2, 4, 5])
            end = self.add("Input", [], shape, shape=shape)
            for _ in range(int(self.random.integers(2, 5))):
                if self.pick(True, True, False):
                    end = self.follow(end)
                else:
                    ends.append(self.follow(end))
            ends.append(end)
        self.meet()
        late = self.back()
        for end in ends:
            if self.nodes[end][0] == "Input":
                end = self.follow(end)
            self.add("Output", [end], self.shapes[end], shape=list(self.shapes[end]))
        # The order of edges means nothing.
        self.random.shuffle(self.edges)
        return late


def settings_of(maker):
    return {
        "integrator": maker.pick("euler", "exp", "exp_unnormalised"),
        "reset": maker.pick("to_value", "subtract"),
        "cuba_order": maker.pick("i_first", "v_first"),
        "drive": maker.pick("impulse", "current"),
    }


def case(seed):
    maker = Maker(seed)
    late = maker.make()
    return run_cases.Case(str(seed), late, settings_of(maker), lambda file: make_nir.write(file, maker.nodes, maker.edges))


def main():
    first, count = int(sys.argv[2]), int(sys.argv[3])
    cases = {seed: case(seed) for seed in range(first, first + count)}
    run_cases.check_all(cases, pathlib.Path(sys.argv[1]), sys.argv[4:], "graphs")


if __name__ == "__main__":
    main()
