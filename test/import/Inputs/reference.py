# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a .nir file in NumPy, node by node, as slowly and plainly as possible."""

import h5py
import numpy as np


def wide(value):
    """Floats of 64 bits, whatever the file has."""
    return value.astype(np.float64) if isinstance(value, (np.ndarray, np.floating)) and value.dtype.kind == "f" else value


class Graph:
    """Nodes and edges, nested graphs opened."""

    def __init__(self, path):
        self.nodes, self.edges = {}, []
        with h5py.File(path) as file:
            self.read(file["node"], "")
        self.edges = [edge for edge in dict.fromkeys(self.edges) if edge[0] in self.nodes and edge[1] in self.nodes]

    def read(self, group, prefix):
        """Inputs and Outputs of nested graphs are nodes that hand on what comes."""
        names = {}
        for name, node in group["nodes"].items():
            type = node["type"][()].decode()
            if type == "NIRGraph":
                names[name] = self.read(node, f"{prefix}{name}.")
            else:
                values = {key: wide(data[()]) for key, data in node.items() if isinstance(data, h5py.Dataset)}
                self.nodes[prefix + name] = (type, values)
                names[name] = prefix + name
        doors = {"Input": {}, "Output": {}}
        for name, node in names.items():
            if isinstance(node, str) and self.nodes[node][0] in doors:
                doors[self.nodes[node][0]][name] = node

        def end(text, side):
            graph, _, door = text.partition(".")
            if text in names and isinstance(names[text], str):
                return names[text]
            ways = names[graph][side]
            return ways[door] if door else next(iter(ways.values()))

        for source, target in group["edges"][()]:
            self.edges.append((end(source.decode(), "Output"), end(target.decode(), "Input")))
        return doors


def pair(value, count=2):
    value = np.ravel(value)
    return [int(value[0])] * count if value.size == 1 else [int(each) for each in value]


def correlate(x, weight, stride, padding, dilation, groups):
    """`padding` is, for each axis, the zeros at both ends."""
    x = np.pad(x, [(0, 0), *padding])
    targets, sources, *kernel = weight.shape
    size = [(x.shape[1 + k] - dilation[k] * (kernel[k] - 1) - 1) // stride[k] + 1 for k in range(len(kernel))]
    result = np.zeros([targets, *size])
    for target in range(targets):
        first = target // (targets // groups) * sources
        for place in np.ndindex(*size):
            for offset in np.ndindex(*kernel):
                at = tuple(place[k] * stride[k] + offset[k] * dilation[k] for k in range(len(kernel)))
                for source in range(sources):
                    result[(target, *place)] += weight[(target, source, *offset)] * x[(first + source, *at)]
    return result


def convolve(values, x, axes):
    stride, dilation = pair(values.get("stride", 1), axes), pair(values.get("dilation", 1), axes)
    padding = values.get("padding", 0)
    if isinstance(padding, bytes):
        extra = [dilation[k] * (values["weight"].shape[2 + k] - 1) for k in range(axes)]
        padding = [(each // 2, each - each // 2) if padding == b"same" else (0, 0) for each in extra]
    else:
        padding = [(each, each) for each in pair(padding, axes)]
    bias = values["bias"].reshape([-1] + [1] * axes)
    return correlate(x, values["weight"], stride, padding, dilation, int(values.get("groups", 1))) + bias


def pool(values, x):
    kernel, stride = pair(values["kernel_size"]), pair(values["stride"])
    padding = [(each, each) for each in pair(values.get("padding", 0))]
    weight = np.ones([x.shape[0], 1, *kernel])
    return correlate(x, weight, stride, padding, [1, 1], x.shape[0])


class Simulation:
    """`late` are edges whose target sees what was sent in the step before."""

    def __init__(self, path, late=(), dt=1e-4, integrator="euler", reset="to_value", cuba_order="i_first",
                 drive="impulse", latency=0):
        self.graph, self.late, self.dt, self.integrator = Graph(path), set(late), dt, integrator
        self.reset, self.cuba_order, self.drive, self.latency = reset, cuba_order, drive, latency
        self.state, self.last, self.now = {}, {}, {}

    def factors(self, tau):
        exact, euler = 1 - np.exp(-self.dt / tau), self.dt / tau
        decay = euler if self.integrator == "euler" else exact
        return decay, exact if self.integrator == "exp" else euler

    def input_of(self, name):
        total = 0.0
        for source, target in self.graph.edges:
            if target != name:
                continue
            slow = self.latency and self.graph.nodes[source][0] in ("Affine", "Linear", "Conv1d", "Conv2d")
            value = self.last.get(source, 0.0) if (source, target) in self.late or slow else self.output_of(source)
            total = total + np.asarray(value, dtype=float)
        return total

    def output_of(self, name):
        if name not in self.now:
            type, values = self.graph.nodes[name]
            self.now[name] = self.evaluate(name, type, values)
        return self.now[name]

    def evaluate(self, name, type, values):
        if name in self.inputs:
            return self.inputs[name][self.step]
        if type in ("LI", "LIF", "CubaLI", "CubaLIF", "I", "IF"):
            return self.neuron(name, type, values)
        x = self.input_of(name)
        match type:
            case "Input" | "Output":
                return x
            case "Linear" | "Affine":
                weight = values["weight"]
                if weight.ndim == 2:
                    x = np.broadcast_to(np.ravel(x), weight.shape[1])
                return np.einsum("...oi,...i->...o", weight, x) + values.get("bias", 0.0)
            case "Scale":
                return values["scale"] * x
            case "Threshold":
                return (x > values["threshold"]) * 1.0
            case "Conv1d":
                return convolve(values, x, 1)
            case "Conv2d":
                return convolve(values, x, 2)
            case "SumPool2d":
                return pool(values, x)
            case "AvgPool2d":
                return pool(values, x) / np.prod(pair(values["kernel_size"]))
            case "Flatten":
                return np.ravel(x)
            case "Delay":
                line = self.state.setdefault(name, [])
                line.append(x)
                steps = np.round(values["delay"] / self.dt).astype(int)
                return np.array([line[-1 - d][k] if d < len(line) else 0.0 for k, d in enumerate(steps)])

    def neuron(self, name, type, values):
        x = self.input_of(name)
        state = self.state.setdefault(name, {"v": 0.0, "i": 0.0})
        if type.startswith("Cuba"):
            decay, gain = self.factors(values["tau_syn"])
            before = state["i"]
            state["i"] = before - decay * before + gain * values.get("w_in", 1.0) * x
            x = before if self.cuba_order == "v_first" else state["i"]
        if type in ("I", "IF"):
            v = state["v"] + values["r"] * x * (self.dt if self.drive == "current" else 1.0)
        else:
            decay, gain = self.factors(values["tau_mem"] if type.startswith("Cuba") else values["tau"])
            v = state["v"] + decay * (values["v_leak"] - state["v"]) + gain * values["r"] * x
        if not type.endswith("F"):
            state["v"] = v
            return v
        spikes = (state["v"] if self.reset == "subtract_late" else v) > values["v_threshold"]
        after = values.get("v_reset", 0.0) if self.reset == "to_value" else v - values["v_threshold"]
        state["v"] = np.where(spikes, after, v)
        return spikes * 1.0

    def run(self, inputs, steps):
        """Name of each node -> what it sends, a row for each step."""
        self.inputs = inputs
        rows = {name: [] for name in self.graph.nodes}
        for self.step in range(steps):
            self.now = {}
            for name in self.graph.nodes:
                rows[name].append(np.array(self.output_of(name)))
            self.last = self.now
        # What waits is one 0 in the first step.
        return {name: np.array([np.broadcast_to(row, values[-1].shape) for row in values]) for name, values in rows.items()}
