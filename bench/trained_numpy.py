# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Trained networks in NumPy, as one would write them: for the benchmark `trained` to compare with.

A network is a list of layers with `step(x, t)`, each the input of the next. Convolutions are matrix products with windows of
the image; products go through floats of 64 bits, which are exact for these integers, and faster than NumPy's products of
integers. Images of lava-dl have the axes x, y, channel, those of NIR channel, y, x.
"""

import h5py
import numpy

LIMIT = 2**23


def toward_zero(x):
    """x / 4096 toward zero, of integers."""
    return numpy.sign(x) * (numpy.abs(x) >> 12)


class Cuba:
    """Lava's LIF in fixed point; with `interval`, u and v are cleared each so many steps."""

    def __init__(self, shape, u_decay, v_decay, threshold, bias, interval, offset):
        self.u, self.v = numpy.zeros(shape, numpy.int64), numpy.zeros(shape, numpy.int64)
        self.u_factor, self.v_factor = 4096 - u_decay, 4096 - v_decay
        self.threshold, self.bias = threshold << 6, numpy.int64(bias) << 6
        self.interval, self.offset = interval, offset

    def step(self, a, t):
        if self.interval and t % self.interval == self.offset % self.interval:
            self.u[:] = 0
            self.v[:] = 0
        u = toward_zero(self.u * self.u_factor) + (a << 6)
        self.u = numpy.where(u > LIMIT, u - 2 * LIMIT, numpy.where(u <= -LIMIT, u + 2 * LIMIT, u))
        self.v = numpy.clip(toward_zero(self.v * self.v_factor) + self.u + self.bias, 1 - LIMIT, LIMIT - 1)
        spikes = self.v > self.threshold
        self.v[spikes] = 0
        return spikes


class SigmaDelta:
    """Lava's Delta, and with `sums` its SigmaDelta; messages have the exponent 6."""

    def __init__(self, shape, threshold, bias, sums):
        self.act, self.residue, self.sigma = (numpy.zeros(shape, numpy.int64) for _ in range(3))
        self.threshold, self.bias, self.sums = threshold << 12, numpy.int64(bias) << 12, sums

    def step(self, a, t):
        if self.sums:
            self.sigma += a
            act = numpy.maximum(self.sigma + self.bias, 0)
        else:
            act = a << 12
        delta = act - self.act + self.residue
        sent = numpy.where(numpy.abs(delta) >= self.threshold, delta, 0)
        self.residue, self.act = delta - sent, act
        return sent >> 6


class Sigma:
    def __init__(self, shape):
        self.sigma = numpy.zeros(shape, numpy.int64)

    def step(self, a, t):
        self.sigma += a
        return self.sigma


class Delayed:
    """A synapse of Lava: what it computes arrives in the next step."""

    def __init__(self, compute, shape):
        self.compute, self.sent = compute, numpy.zeros(shape, numpy.int64)

    def step(self, x, t):
        now, self.sent = self.sent, self.compute(x).astype(numpy.int64)
        return now


class Flatten:
    """From x, y, channel to one axis, row by row of channel, y, x."""

    def step(self, x, t):
        return x.T.reshape(-1)


def windows(image, size, stride, padding):
    """All windows of an image (height, width, channel): height, width, and then channel and window."""
    padded = numpy.pad(image, [(p, p) for p in padding] + [(0, 0)])
    view = numpy.lib.stride_tricks.sliding_window_view(padded, size, axis=(0, 1))
    return view[:: stride[0], :: stride[1]]


def convolution(weight, stride, padding):
    """Cross-correlation of an image (height, width, channel) with kernels (target, channel, height, width)."""
    matrix = weight.reshape(len(weight), -1).T.astype(numpy.float64)

    def compute(image):
        parts = windows(image.astype(numpy.float64), weight.shape[2:], stride, padding)
        return (parts.reshape(-1, len(matrix)) @ matrix).reshape(*parts.shape[:2], -1)

    return compute


# ---- files of lava-dl ------------------------------------------------------------------------------


def net_shape(layer):
    """The neurons of a layer, as x, y, channel."""
    return tuple(int(extent) for extent in layer["shape"][()].ravel()[::-1])


def net_synapse(layer, shape):
    weight = numpy.trunc(layer["weight"][()])
    if word(layer["type"]) == "conv":
        # x comes first here, y in the file
        weight = weight.transpose(0, 1, 3, 2)
        stride, padding = (tuple(int(n) for n in layer[name][()][::-1]) for name in ("stride", "padding"))
        return Delayed(convolution(weight, stride, padding), shape)
    matrix = weight.reshape(shape[0], -1).astype(numpy.float64)
    if (matrix > 0).any() and (matrix < 0).any():
        # of both signs: eight bits, of which the last is there up to 127 only
        matrix = numpy.where(abs(matrix) > 127, 2 * numpy.trunc(matrix / 2), matrix).clip(-256, 254)
    return Delayed(lambda x: matrix @ x.astype(numpy.float64), shape)


def net_neurons(layer, shape, number, reset_interval, bias):
    neuron = layer["neuron"]
    kind = word(neuron["type"])
    if "bias" in layer and bias is None:
        bias = layer["bias"][()].astype(numpy.int64)
    bias = 0 if bias is None else bias
    threshold = int(neuron["vThMant"][()])
    if kind != "SDNN":
        decays = (int(neuron[name][()]) for name in ("iDecay", "vDecay"))
        return Cuba(shape, *decays, threshold, bias, reset_interval, number + 1)
    if "sigma_output" in neuron:
        return Sigma(shape)
    return SigmaDelta(shape, threshold, bias, sums=word(layer["type"]) != "input")


def word(data):
    return numpy.ravel(data[()])[0].decode()


def net(path, reset_interval=0, input_bias=None):
    """The layers of a file of lava-dl with CUBA or SDNN neurons, without groups and dilation."""
    result, number = [], 0
    with h5py.File(path) as file:
        layers = [file["layer"][name] for name in sorted(file["layer"], key=int)]
        for layer in layers:
            kind = word(layer["type"])
            if kind == "flatten":
                result.append(Flatten())
                continue
            dense = kind == "dense"
            shape = (int(layer["outFeatures"][()]),) if dense else net_shape(layer)
            if kind == "input" and input_bias is not None:
                shape = input_bias.shape
            if kind != "input":
                result.append(net_synapse(layer, shape))
            given = input_bias if kind == "input" else None
            result.append(net_neurons(layer, shape, number, reset_interval, given))
            number += 1
    return result


# ---- files of NIR ----------------------------------------------------------------------------------


class Function:
    def __init__(self, function):
        self.function = function

    def step(self, x, t):
        return self.function(x)


class IntegrateAndFire:
    """NIR's IF; a spike takes the threshold away."""

    def __init__(self, r, threshold):
        self.r, self.threshold, self.v = r, threshold, numpy.zeros(r.shape)

    def step(self, x, t):
        self.v += self.r * x
        spikes = self.v > self.threshold
        self.v -= numpy.where(spikes, self.threshold, 0)
        return spikes


def nir_convolution(node):
    compute = convolution(node["weight"][()], node["stride"][()], node["padding"][()])
    bias = node["bias"][()].astype(numpy.float64)[:, None, None]
    return Function(lambda x: compute(x.transpose(1, 2, 0)).transpose(2, 0, 1) + bias)


def nir_pool(node):
    size, stride, padding = (node[name][()] for name in ("kernel_size", "stride", "padding"))
    return Function(lambda x: windows(x.transpose(1, 2, 0), size, stride, padding).sum(axis=(3, 4)).transpose(2, 0, 1))


def nir_affine(node):
    weight, bias = node["weight"][()].astype(numpy.float64), node["bias"][()].astype(numpy.float64)
    return Function(lambda x: weight @ x + bias)


NIR_NODES = {
    "Conv2d": nir_convolution,
    "SumPool2d": nir_pool,
    "Affine": nir_affine,
    "Flatten": lambda node: Function(numpy.ravel),
    "IF": lambda node: IntegrateAndFire(*(node[name][()].astype(numpy.float64) for name in ("r", "v_threshold"))),
}


def nir(path):
    """The layers of a graph of NIR that is a chain of numbered nodes."""
    with h5py.File(path) as file:
        nodes = file["node/nodes"]
        chain = [nodes[name] for name in sorted((name for name in nodes if name.isdigit()), key=int)]
        return [NIR_NODES[word(node["type"])](node) for node in chain]


NEURONS = (Cuba, SigmaDelta, Sigma, IntegrateAndFire)


def run(layers, inputs, watch=None):
    """Runs a step for each row of `inputs`; `watch` gets what each layer of neurons sends, a list for each step."""
    for t, x in enumerate(inputs, 1):
        sent = []
        for layer in layers:
            x = layer.step(x, t)
            if watch is not None and isinstance(layer, NEURONS):
                sent.append(numpy.copy(x))
        if watch is not None:
            watch.append(sent)
