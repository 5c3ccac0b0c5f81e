# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a .net file of lava-dl with integers in NumPy, as Lava's fixed-point models do; arrays have the file's axes."""

import h5py
import numpy as np
import reference

LIMIT = 2**23 - 1


def decay(x, factor):
    """A product in units of 1 / 4096, rounded toward zero."""
    product = x * factor
    return np.sign(product) * (np.abs(product) >> 12)


def on_chip(matrices):
    """Of both signs and beyond seven bits, weights lose their lowest bit."""
    least, most = min(matrix.min() for matrix in matrices), max(matrix.max() for matrix in matrices)
    return [matrix & ~1 if least < 0 < most and (least < -128 or most > 127) else matrix for matrix in matrices]


class Lif:
    def __init__(self, values, bias, reset):
        self.current, self.voltage = 4096 - values["iDecay"], 4096 - values["vDecay"]
        self.threshold, self.bias, self.reset = values["vThMant"] << 6, bias, reset
        self.u = self.v = np.int64(0)

    def step(self, t, a):
        if self.reset and t % self.reset[0] == self.reset[1] % self.reset[0]:
            self.u, self.v = self.u * 0, self.v * 0
        u = decay(self.u, self.current) + (a << 6)
        self.u = np.where(u > 2**23, u - 2**24, np.where(u <= -(2**23), u + 2**24, u))
        v = decay(self.v, self.voltage) + self.u + (self.bias << 6)
        v = np.clip(v, -LIMIT, LIMIT)
        spikes = v > self.threshold
        self.v = np.where(spikes, 0, v)
        return spikes.astype(np.int64)


class Sdnn:
    def __init__(self, values, bias, is_input, exponent):
        self.threshold, self.bias = values["vThMant"] << exponent + 6, bias << exponent + 6
        self.is_input, self.is_output, self.exponent = is_input, "sigma_output" in values, exponent
        self.sigma = self.act = self.residue = np.int64(0)

    def step(self, t, a):
        self.sigma = self.sigma + a
        if self.is_output:
            return self.sigma
        x = a << self.exponent + 6 if self.is_input else np.maximum(self.sigma + self.bias, 0)
        change = x - self.act + self.residue
        sent = np.where(np.abs(change) >= self.threshold, change, 0)
        self.act, self.residue = x, change - sent
        return sent >> 6


class Resonator:
    def __init__(self, values):
        self.sin, self.cos, self.threshold = values["sinDecay"], values["cosDecay"], values["vThMant"] << 6
        self.phase = values["type"] == b"RF_PHASE"
        self.re = self.im = np.int64(0)

    def turn(self, a, x, b, y, into):
        return np.clip(decay(x, a) + decay(y, b) + (into << 6), -LIMIT, LIMIT)

    def step(self, t, a):
        re = self.turn(self.cos, self.re, -self.sin, self.im, a[0])
        im = self.turn(self.sin, self.re, self.cos, self.im, a[1])
        spikes = (re >= self.threshold) & (im >= 0) & (self.im < 0) if self.phase else im >= self.threshold
        self.re = re if self.phase else np.where(spikes, 0, re)
        self.im = im if self.phase else np.where(spikes, self.threshold - 1, im)
        return spikes.astype(np.int64)


class Adaptive:
    """Of slayer: the threshold and a refractory state grow with spikes, and decay. State stays within 24 bits here."""

    def __init__(self, values, bias, reset):
        self.values, self.type = values, values["type"]
        self.lif = Lif(values, bias, reset) if self.type == b"ALIF" else None
        self.rest, self.growth = values["vThMant"] << 6, values["vThStep"] << 6
        self.threshold, self.refractory = self.rest, np.int64(0)
        self.re = self.im = np.int64(0)

    def turn(self, a):
        sin, cos = self.values["sinDecay"], self.values["cosDecay"]
        re = decay(cos * self.re - sin * self.im, 1) + (a[0] << 6)
        return re, decay(sin * self.re + cos * self.im, 1) + (a[1] << 6)

    def step(self, t, a):
        self.refractory = decay(self.refractory, 4096 - self.values["refDecay"])
        self.threshold = decay(self.threshold - self.rest, 4096 - self.values["thDecay"]) + self.rest
        level = self.threshold + self.refractory
        if self.lif:
            reset = self.lif.reset
            if reset and t % reset[0] == reset[1] % reset[0]:
                self.refractory, self.threshold = self.refractory * 0, self.threshold * 0 + self.rest
                level = self.threshold + self.refractory
            self.lif.threshold = LIMIT  # never: nothing resets the voltage
            self.lif.step(t, a)
            spikes = self.lif.v >= level
        else:
            before, (self.re, self.im) = self.im, self.turn(a)
            phase = (self.re >= level) & (self.im >= 0) & (before < 0)
            spikes = phase if self.type == b"ADRF_PHASE" else self.im >= level
        self.refractory = self.refractory + np.where(spikes, 2 * self.threshold, 0)
        self.threshold = self.threshold + np.where(spikes, self.growth, 0)
        return spikes.astype(np.int64)


def transposed(message, weight, stride, padding, dilation, groups):
    """As PyTorch's conv_transpose2d; weight is (sources, targets of a group, height, width)."""
    sources, targets, kh, kw = weight.shape
    shape = [(n - 1) * s + d * (k - 1) + 1 for n, s, d, k in zip(message.shape[1:], stride, dilation, (kh, kw))]
    result = np.zeros((targets * groups, *shape), np.int64)
    for source in range(sources):
        first = source // (sources // groups) * targets
        for y, x, k, l in np.ndindex(*message.shape[1:], kh, kw):
            place = y * stride[0] + k * dilation[0], x * stride[1] + l * dilation[1]
            result[(slice(first, first + targets), *place)] += weight[source, :, k, l] * message[source, y, x]
    (top, left), (height, width) = padding, shape
    return result[:, top : height - top, left : width - left]


class Layer:
    """What a layer sends; a synapse takes a step."""

    def __init__(self, group, number, graded, reset_interval, exponent):
        values = {key: data[()] for key, data in group.items() if isinstance(data, h5py.Dataset)}
        self.type, self.values = np.ravel(values["type"])[0].decode(), values
        neuron = {key: data[()] for key, data in group["neuron"].items()} if "neuron" in group else {}
        neuron = {key: value if isinstance(value, bytes) else int(value) for key, value in neuron.items()}
        self.graded_input = graded
        self.is_input = self.type == "input"
        kind = neuron.get("type", b"")
        self.graded = kind == b"SDNN"
        bias = np.int64(0) if self.is_input or "bias" not in values else values["bias"].astype(np.int64)
        if self.type in ("conv", "convT"):
            bias = bias.reshape(-1, 1, 1)
        reset = (reset_interval, number + 1) if reset_interval else None
        if kind == b"SDNN":
            self.neuron = Sdnn(neuron, bias, self.is_input, exponent)
        elif kind == b"ALIF" or kind.startswith(b"AD"):
            self.neuron = Adaptive(neuron, bias, reset)
        elif kind.startswith(b"RF"):
            self.neuron = Resonator(neuron)
        else:
            self.neuron = Lif(neuron or {"iDecay": 0, "vDecay": 4096, "vThMant": 1 << 17}, bias, reset)
        integers = {key: np.trunc(values[key]).astype(np.int64) for key in ("weight", "weight_rec") if key in values}
        if self.type.startswith("dense") and integers:
            integers = dict(zip(integers, on_chip(list(integers.values()))))
        self.matrices = integers
        self.weights = [np.array(group[name]) for name in ("weight/real", "weight/imag") if name in group]
        self.last, self.line = None, []

    def arriving(self, message):
        """What the messages of earlier steps, oldest first, bring now."""
        weight = self.matrices.get("weight", np.int64(0))
        if self.type in ("pool", "unpool"):
            size = np.array(weight.shape[2:4])
            if self.type == "unpool":
                return message.repeat(size[0], 1).repeat(size[1], 2) * weight.flat[0]
            message = np.pad(message, [(0, 0), *((0, n % k) for n, k in zip(message.shape[1:], size))])
            channels, height, width = message.shape
            blocks = message.reshape(channels, height // size[0], size[0], width // size[1], size[1])
            return blocks.sum((2, 4)) * weight.flat[0]
        if self.type == "convT":
            pairs = [reference.pair(self.values.get(key, usual))
                     for key, usual in (("stride", 1), ("padding", 0), ("dilation", 1))]  # fmt: skip
            return transposed(message, weight.reshape(weight.shape[:4]), *pairs, int(self.values["groups"]))
        if self.type == "conv":
            padding = [(each, each) for each in reference.pair(self.values["padding"])]
            return reference.correlate(message, weight.reshape(weight.shape[:4]), reference.pair(self.values["stride"]),
                                       padding, reference.pair(self.values["dilation"]),
                                       int(self.values["groups"])).astype(np.int64)  # fmt: skip
        return self.matrix(weight) @ message

    @staticmethod
    def matrix(weight):
        """Of one target it may be a flat list."""
        return np.atleast_2d(weight)

    def step(self, t, message):
        """`message` is of this step; synapses see those before it."""
        if self.is_input:
            return self.neuron.step(t, message)
        self.line.append(message if self.graded_input else (message != 0).astype(np.int64))
        if len(self.line) == 1:
            self.line.insert(0, self.line[0] * 0)
        if self.weights:
            a = [np.trunc(weight).astype(np.int64) @ self.line[-2] for weight in self.weights]
        elif "delay" in self.values:
            a = self.delayed()
        else:
            a = self.arriving(self.line[-2])
        if "weight_rec" in self.values and self.last is not None:
            a = a + self.matrices["weight_rec"] @ self.last
        self.last = self.neuron.step(t, a)
        return self.last

    def delayed(self):
        weight = self.matrix(self.matrices["weight"])
        delays = np.minimum(np.ravel(self.values["delay"]).astype(int), 62)
        if len(delays) == weight.shape[0]:
            delays = delays[:, None]
        delays = np.broadcast_to(delays, weight.shape)
        total = np.zeros(weight.shape[0], np.int64)
        for delay in np.unique(delays):
            if delay + 2 <= len(self.line):
                total += np.where(delays == delay, weight, 0) @ self.line[-2 - delay]
        return total


def run(path, rows, steps, reset_interval=None, spike_exp=6):
    """What each layer sends, a row for each step. `rows` has the file's axes, channels first."""
    layers, graded = [], False
    with h5py.File(path) as file:
        for number in range(len(file["layer"])):
            group = file[f"layer/{number}"]
            if np.ravel(group["type"][()])[0] == b"flatten":
                layers.append(None)
                continue
            built = sum(layer is not None for layer in layers)
            layers.append(Layer(group, built, graded, reset_interval, spike_exp))
            graded = layers[-1].graded
    result = [[] for layer in layers if layer]
    for t in range(1, steps + 1):
        message, built = rows[(t - 1) % len(rows)], 0
        for layer in layers:
            if not layer:
                message = np.ravel(message)
                continue
            message = layer.step(t, message)
            result[built].append(message)
            built += 1
    return [np.array(each) for each in result]
