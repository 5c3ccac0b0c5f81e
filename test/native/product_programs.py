# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Products of random matrices, kernels and synapses: step.programs, and what NumPy says.

`product_programs.py write SEED DIR` writes DIR/program.mlir and a .npy file for each operand; `product_programs.py check SEED DIR
SIMULATOR` runs the simulator on the files and compares each result, bit for bit. Operands lie in memory of the narrowest types.
"""

import os
import subprocess
import sys

import numpy

NUMPY = {"f32": numpy.float32, "f64": numpy.float64, "i64": numpy.int64}


def tensor(shape, element):
    return f"tensor<{''.join(str(extent) + 'x' for extent in shape)}{element}>"


class Case:
    """One operation: its operands as states, and its result."""

    def __init__(self, text, name, element, rng):
        self.text, self.name, self.element, self.rng = text, name, element, rng
        self.operands = []

    def add(self, array, element, wide=None):
        """A new operand that is stored as `element`, and widened to `wide` in front of the operation. Returns its value."""
        name = f"p.{self.name}{len(self.operands)}"
        value = f"%{self.name}{len(self.operands)}"
        self.operands.append((name, array, element))
        self.text.append(f"      {value} = step.get @{name} : {tensor(array.shape, element)}")
        if not wide or wide == element:
            return value
        op = "arith.extf" if element == "f32" else "arith.extsi" if wide != "f64" else "arith.sitofp"
        self.text.append(f"      {value}w = {op} {value} : {tensor(array.shape, element)} to {tensor(array.shape, wide)}")
        return value + "w"

    def weights(self, shape):
        """Weights that may be narrow, and their value."""
        if self.element == "i64":
            array = self.rng.integers(-100, 100, shape)
            return array, self.add(array, self.rng.choice(["i8", "i12"]), "i64")
        array = self.rng.normal(size=shape).astype(NUMPY[self.element])
        if shape and array.size:
            array.flat[0] = numpy.inf  # of a source that is zero, see `factors`
        return array, self.add(array, self.element)

    def factors(self, shape, density):
        """The sources, of which the first is zero, and their value."""
        spikes = self.rng.random(shape) < density
        array = spikes * self.rng.integers(-3, 4, shape)
        if array.size:
            array.flat[0] = 0
        if spikes.size > 1 and self.rng.random() < 0.5:
            return self.truths(array != 0)
        if self.element == "i64":
            return array, self.add(array, "i8", "i64")
        array = (array * 0.37).astype(NUMPY[self.element])
        return array, self.add(array, self.element)

    def truths(self, array):
        """Sources that are 0 or 1, and their value."""
        value = self.add(array, "i1")
        whole = tensor(array.shape, "i64")
        self.text.append(f"      {value}w = arith.extui {value} : {tensor(array.shape, 'i1')} to {whole}")
        if self.element != "i64":
            self.text.append(f"      {value}wf = arith.sitofp {value}w : {whole} to {tensor(array.shape, self.element)}")
        value += "w" if self.element == "i64" else "wf"
        return array.astype(NUMPY[self.element]), value

    def synapses(self, rows, columns, count):
        """Random places of entries: sources, targets, and the two values that tell them."""
        sources = numpy.sort(self.rng.integers(0, max(columns, 1), count))
        targets = self.rng.integers(0, max(rows, 1), count)
        offsets = numpy.searchsorted(sources, numpy.arange(columns + 1))
        places = self.add(offsets, self.rng.choice(["i16", "i24", "i64"])), self.add(targets, self.rng.choice(["i8", "i32"]))
        return sources, targets, offsets, places

    def onto(self, shape, given):
        """What sums begin with, zeros unless it is `given`; and how that is written, with its type."""
        if not given:
            return numpy.zeros(shape, NUMPY[self.element]), "", ""
        if self.element == "i64":
            array = self.rng.integers(-1000, 1000, shape)
            value = self.add(array, self.rng.choice(["i12", "i64"]), "i64")
        else:
            array = self.rng.normal(size=shape).astype(NUMPY[self.element])
            value = self.add(array, self.element)
        return array.copy(), f" onto {value}", f" onto {tensor(shape, self.element)}"

    def finish(self, op, expected, types):
        self.expected = expected
        result, whole = f"%{self.name}r", tensor(expected.shape, self.element)
        self.text.append(f"      {result} = {op} : {types} to {whole}")
        self.stored = self.element
        if self.element == "i64" and self.rng.random() < 0.5:
            self.stored = self.rng.choice(["i8", "i24", "i32"])
            self.text.append(f"      {result}c = arith.trunci {result} : {whole} to {tensor(expected.shape, self.stored)}")
            half = 1 << int(self.stored[1:]) - 1
            result, self.expected = result + "c", (expected + half) % (2 * half) - half
        self.text.append(f"      step.set @p.{self.name}r, {result} : {tensor(expected.shape, self.stored)}")

    def type_of(self, index, element=None):
        _, array, stored = self.operands[index]
        return tensor(array.shape, element or stored)


def add_product(into, place, weight, factor):
    if factor != 0:
        into[place] += weight * factor


def matvec(case, rows, columns, density=0.5):
    weights, w = case.weights((rows, columns))
    factors, s = case.factors(columns, density)
    expected = numpy.zeros(rows, NUMPY[case.element])
    for j in range(columns):
        for i in range(rows):
            add_product(expected, i, weights[i, j], factors[j])
    case.finish(f"num.matvec {w}, {s}", expected, f"{case.type_of(0, case.element)}, {case.type_of(1, case.element)}")


def deliver(case, rows, columns, slots, onto=False):
    weights, w = case.weights((rows, columns))
    delays = case.rng.integers(-1, slots + 1, (rows, columns))
    d = case.add(delays, "i8", "i64")
    factors, s = case.factors(columns, 0.5)
    expected, x, x_type = case.onto((rows, slots), onto)
    for j in range(columns):
        for i in range(rows):
            if 0 <= delays[i, j] < slots:
                add_product(expected, (i, delays[i, j]), weights[i, j], factors[j])
    types = f"{case.type_of(0, case.element)} after {case.type_of(1, 'i64')}, {case.type_of(2, case.element)}{x_type}"
    case.finish(f"num.deliver {w} after {d}, {s}{x}", expected, types)


def conv2d(case, extent, kernel, channels, out, stride, padding, dilation, groups):
    weights, w = case.weights((out, *kernel, channels // groups))
    image, x = case.factors((*extent, channels), 0.4)
    padded = numpy.pad(image, ((padding[0],) * 2, (padding[1],) * 2, (0, 0)))
    size = [(padded.shape[a] - dilation[a] * (kernel[a] - 1) - 1) // stride[a] + 1 for a in (0, 1)]
    expected = numpy.zeros((*size, out), NUMPY[case.element])
    per_group = channels // groups
    for place in numpy.ndindex(*expected.shape):
        group = place[2] // (out // groups)
        for tap in numpy.ndindex(*kernel, per_group):
            at = [place[a] * stride[a] + tap[a] * dilation[a] for a in (0, 1)]
            add_product(expected, place, weights[(place[2], *tap)], padded[at[0], at[1], group * per_group + tap[2]])
    case.finish(
        f"num.conv2d {x}, {w} stride {list(stride)} padding {list(padding)} dilation {list(dilation)} groups {groups}", expected,
        f"{case.type_of(1, case.element)}, {case.type_of(0, case.element)}")


def sparse_matvec(case, rows, columns, count):
    weights, w = case.weights((count,))
    sources, targets, _, (o, t) = case.synapses(rows, columns, count)
    factors, s = case.factors(columns, 0.6)
    expected = numpy.zeros(rows, NUMPY[case.element])
    for weight, j, i in zip(weights, sources, targets):
        add_product(expected, i, weight, factors[j])
    types = f"{case.type_of(0, case.element)} at({case.type_of(1)}, {case.type_of(2)}), {case.type_of(3, case.element)}"
    case.finish(f"num.sparse_matvec {w} at({o}, {t}), {s}", expected, types)


def sparse_deliver(case, rows, columns, count, slots, onto=False):
    weights, w = case.weights((count,))
    delays = case.rng.integers(-1, slots + 1, count)
    d = case.add(delays, "i8", "i64")
    sources, targets, _, (o, t) = case.synapses(rows, columns, count)
    factors, s = case.factors(columns, 0.6)
    expected, x, x_type = case.onto((rows, slots), onto)
    for weight, delay, j, i in zip(weights, delays, sources, targets):
        if 0 <= delay < slots:
            add_product(expected, (i, delay), weight, factors[j])
    types = (f"{case.type_of(0, case.element)} after {case.type_of(1, 'i64')} at({case.type_of(2)}, {case.type_of(3)}), "
             f"{case.type_of(4, case.element)}{x_type}")
    case.finish(f"num.sparse_deliver {w} after {d} at({o}, {t}), {s}{x}", expected, types)


def at_synapses(case, rows, columns, count):
    """Of an outer sum, which nobody needs as a matrix."""
    text, name, element = case.text, case.name, case.element
    column, c = case.factors((rows, 1), 0.8)
    row, r = case.factors((1, columns), 0.8)
    sources, targets, _, (o, t) = case.synapses(rows, columns, count)
    whole = tensor((rows, columns), element)
    for value, index in ((c, 0), (r, 1)):
        text.append(f"      {value}b = num.broadcast {value} : {case.type_of(index, element)} to {whole}")
    add = "arith.addi" if element == "i64" else "arith.addf"
    text.append(f"      %{name}m = {add} {c}b, {r}b : {whole}")
    expected = (column + row)[targets, sources].astype(NUMPY[element])
    case.finish(f"num.at_synapses %{name}m at({o}, {t})", expected, f"{whole} at({case.type_of(2)}, {case.type_of(3)})")


def to_dense(case, rows, columns, count):
    weights, w = case.weights((count,))
    sources, targets, _, (o, t) = case.synapses(rows, columns, count)
    expected = numpy.zeros((rows, columns), NUMPY[case.element])
    for weight, j, i in zip(weights, sources, targets):
        expected[i, j] += weight
    case.finish(f"num.to_dense {w} at({o}, {t})", expected, f"{case.type_of(0, case.element)} at({case.type_of(1)}, {case.type_of(2)})")


def cases(seed):
    """All cases, and the text of the task."""
    rng = numpy.random.default_rng(seed)
    text, made = [], []

    def make(function, *arguments, elements=("i64", "f32", "f64")):
        for element in elements:
            made.append(Case(text, f"c{len(made)}_", element, rng))
            function(made[-1], *arguments)

    for shape in ((5, 7), (1, 4), (4, 1), (1, 1), (3, 0)):
        make(matvec, *shape)
    make(matvec, 33, 40, 1.0)
    for shape in ((4, 6, 3), (1, 5, 1), (3, 1, 2)):
        make(deliver, *shape)
        make(deliver, *shape, True)
    make(conv2d, (6, 5), (3, 2), 2, 3, (1, 1), (0, 0), (1, 1), 1)
    make(conv2d, (7, 6), (3, 3), 4, 6, (2, 3), (1, 2), (2, 1), 2)
    make(conv2d, (6, 8), (3, 2), 3, 4, (1, 1), (2, 0), (2, 3), 1)
    make(conv2d, (9, 7), (2, 3), 2, 4, (3, 5), (0, 4), (1, 1), 2)
    make(conv2d, (4, 1), (1, 1), 3, 5, (1, 1), (0, 0), (1, 1), 1)
    make(conv2d, (5, 5), (5, 5), 1, 1, (1, 1), (0, 0), (1, 1), 1)
    for shape in ((6, 5, 20), (1, 3, 4), (4, 1, 1), (3, 4, 0), (1, 1, 2)):
        make(sparse_matvec, *shape)
        make(sparse_deliver, *shape, 3)
        make(sparse_deliver, *shape, 3, True)
        make(at_synapses, *shape)
        make(to_dense, *shape)
    make(sparse_deliver, 1, 3, 5, 1, True)
    return made, text


def write(seed, folder):
    made, text = cases(seed)
    os.makedirs(folder, exist_ok=True)
    states = []
    for case in made:
        for name, array, element in case.operands:
            numpy.save(f"{folder}/{name}.npy", array)
            states.append((name, array, element))
        states.append((f"p.{case.name}r", case.expected, case.stored))
    with open(f"{folder}/program.mlir", "w", encoding="utf-8") as out:
        print("step.program @products {", file=out)
        for name, array, element in states:
            zeros = "dense<false> : " if element == "i1" else "dense<> : " if not array.size else "dense<0.0> : " if element[0] == "f" else "dense<0> : "
            declared = element if element[0] == "f" or element == "i1" else "s" + element
            print(f"  step.state @{name} : {tensor(array.shape, declared)} = {zeros}{tensor(array.shape, element)}", file=out)
        print('  step.phase spk {\n    step.task "p" of "P" {', *text, "      step.yield\n    }\n  }\n}", sep="\n", file=out)


def check(seed, folder, simulator):
    made, _ = cases(seed)
    command = [simulator, "--steps", "1", "--out", f"{folder}/out"]
    for case in made:
        for name, array, _ in case.operands:
            if array.size:
                command += ["--set", f"{name}=@{folder}/{name}.npy"]
        command += ["--get", f"p.{case.name}r"]
    subprocess.run(command, check=True)
    for case in made:
        actual = numpy.load(f"{folder}/out/p.{case.name}r.final.npy")
        if not numpy.array_equal(actual, case.expected):
            sys.exit(f"{case.name}{case.element}: found\n{actual}\nexpected\n{case.expected}\nin\n" + "\n".join(case.text))


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(int(sys.argv[2]), sys.argv[3])
    else:
        check(int(sys.argv[2]), sys.argv[3], sys.argv[4])
