#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""mulshr for all widths that generated code distinguishes: all pairs of narrow numbers, of wide ones
those around powers of two and random ones.

mulshr_network.py make FOLDER     writes FOLDER/net.yaml and its data
mulshr_network.py check FOLDER    compares FOLDER/out with Python's integers
"""

import pathlib
import random
import sys

import numpy

SHIFTS = [-64, -3, 0, 1, 6, 12, 16, 31, 32, 62, 63, 64, 100, 126, 127]
# Pairs of types; limits, where they say more than the type.
POWERS = [0, 1, 2, 7, 8, 11, 12, 13, 15, 16, 23, 24, 30, 31, 32, 33, 47, 48, 61, 62, 63]
PAIRS = [
    ("i7", "i7", None), ("u6", "i6", None), ("u5", "u7", None), ("i16", "i13", None), ("i24", "u13", (0, 4096)), ("i24", "i13", (-4096, 4095)),
    ("i32", "i14", (-4096, 4096)), ("i32", "i16", None), ("u31", "u31", None), ("i32", "i32", None), ("i33", "i32", None), ("i32", "i64", (-(2**31), 2**31)),
    ("i63", "u1", None), ("i64", "i64", None), ("u63", "i64", None),
]  # fmt: skip


def bounds(element):
    bits = int(element[1:])
    return (0, 2**bits - 1) if element[0] == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def interesting(element, limits, rng):
    """All numbers of a narrow type; of a wide one those where something may happen, and others."""
    low, high = limits or bounds(element)
    if high - low < 600:
        return list(range(low, high + 1))
    near = [sign * 2**k + d for k in POWERS for d in (-1, 0, 1) for sign in (1, -1)]
    near += [low, low + 1, high - 1, high] + [rng.randint(low, high) for _ in range(30)]
    return sorted({n for n in near if low <= n <= high})


def operands(index):
    rng = random.Random(index)
    first, second, limits = PAIRS[index]
    a, b = interesting(first, None, rng), interesting(second, limits, rng)
    pairs = [(x, y) for x in a for y in b]
    return tuple(numpy.array(column, dtype=numpy.int64) for column in zip(*pairs))


def expected(a, b, k):
    product = a * b
    size = abs(product) << -k if k < 0 else abs(product) >> k
    result = size if product >= 0 else -size
    return (result + 2**63) % 2**64 - 2**63


def make(folder):
    folder.mkdir(parents=True)
    lines = ["basalt: 1", "processes:"]
    for index, (first, second, limits) in enumerate(PAIRS):
        a, b = operands(index)
        numpy.save(folder / f"a{index}.npy", a)
        numpy.save(folder / f"b{index}.npy", b)
        for number, shift in enumerate(SHIFTS):
            wanted = [expected(x, y, shift) for x, y in zip(a.tolist(), b.tolist())]
            numpy.save(folder / f"wanted{index}.{number}.npy", numpy.array(wanted, dtype=numpy.int64))
        n = len(a)
        lines += [f"  P{index}:", "    vars:"]
        lines += [f"      a: '{first}[{n}] = 0'", f"      b: '{second}[{n}] = 0'", "      k: 'i8 = 0'"]
        for number in range(len(SHIFTS)):
            lines += [f"      fixed{number}: 'i64[{n}] = 0'", f"      given{number}: 'i64[{n}] = 0'"]
        if limits:
            lines.append(f"    limits: {{b: {limits[0]}..{limits[1]}}}")
        lines += ["    models:", "      - phases:", "          spk: |"]
        for number, shift in enumerate(SHIFTS):
            lines += [f"            k = {shift}", f"            fixed{number} = mulshr(a, b, {shift})"]
            lines += [f"            given{number} = mulshr(a, b, k + time_step - 1)"]
    lines += ["network:", "  instances:"]
    for index in range(len(PAIRS)):
        lines.append(f"    p{index}: {{class: P{index}, a: {{file: a{index}.npy}}, b: {{file: b{index}.npy}}}}")
    names = [f"p{i}.{kind}{n}" for i in range(len(PAIRS)) for kind in ("fixed", "given") for n in range(len(SHIFTS))]
    lines += ["run:", "  steps: 1", f"  get: [{', '.join(names)}]"]
    (folder / "net.yaml").write_text("\n".join(lines) + "\n")


def check(folder):
    count = 0
    for index, (first, second, _) in enumerate(PAIRS):
        a, b = numpy.load(folder / f"a{index}.npy"), numpy.load(folder / f"b{index}.npy")
        for number, shift in enumerate(SHIFTS):
            wanted = numpy.load(folder / f"wanted{index}.{number}.npy")
            for kind in ("fixed", "given"):
                actual = numpy.load(folder / "out" / f"p{index}.{kind}{number}.final.npy")
                wrong = numpy.flatnonzero(actual != wanted)
                if len(wrong):
                    at = wrong[0]
                    where = f"mulshr({a[at]}, {b[at]}, {shift}) of {first} and {second}"
                    sys.exit(f"{where}: {actual[at]}, expected {wanted[at]}")
                count += len(wanted)
    print(f"{count} products are right")


if __name__ == "__main__":
    {"make": make, "check": check}[sys.argv[1]](pathlib.Path(sys.argv[2]))
