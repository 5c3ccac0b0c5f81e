#!/usr/bin/env python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Writes the golden table of FormatTest.cpp: values, and what NumPy prints for them. Any NumPy from 1.24
# to 2.2 gives the same table (run: /usr/bin/python3 make_format_golden.py > format_golden.txt).
#
# A line is a case: type, extents ('-' for a scalar), bytes in hexadecimal, text with \n escaped.
import sys

import numpy as np

rng = np.random.default_rng(20240607)
TYPES = {"bool": "?", "i8": "i1", "i16": "<i2", "i32": "<i4", "i64": "<i8", "f32": "<f4", "f64": "<f8"}


def emit(name, array):
    array = np.asarray(array).astype(TYPES[name])
    if name == "f32" and array.ndim and np.any(np.abs(array) == np.float32(1e-4)):
        return  # the one value whose notation NumPy 2 chose anew; FormatTest has it by hand
    shape = ",".join(map(str, array.shape)) or "-"
    text = str(array[()] if array.ndim == 0 else array)
    print(name, shape, array.tobytes().hex() or "-", text.replace("\n", "\\n"))


def random_shape():
    rank = rng.integers(0, 5)
    longest = [1, 30, 12, 5, 4][rank]
    return tuple(int(n) for n in rng.integers(1, longest + 1, rank))


def random_floats(shape):
    kind = rng.integers(0, 10)
    if kind == 0:
        return rng.integers(-20, 20, shape).astype(float)
    if kind == 1:
        return np.round(rng.uniform(-2, 2, shape), int(rng.integers(1, 5)))
    if kind == 2:
        return rng.uniform(0, 1, shape)
    if kind == 3:
        return rng.normal(0, 10.0 ** rng.integers(-8, 12), shape)
    if kind == 4:
        return 10.0 ** rng.uniform(-12, 12, shape)
    if kind == 5:
        return 10.0 ** rng.uniform(-37, 38, shape) * rng.choice([-1, 1], shape)
    if kind == 6:
        return rng.choice([0.0, -0.0, 1.0, 0.5, np.nan, np.inf, -np.inf, 1e-5, 12345678.9], shape)
    if kind == 7:
        return rng.choice([np.nan, np.inf], shape)
    if kind == 8:
        return rng.integers(0, 10**7, shape) * 10.0
    return rng.uniform(0.5, 100, shape).astype("f4").astype(float)


def main():
    for value in [0, 1, -1, 5, 127, -128]:
        for name in ["i8", "i64", "f32", "f64"]:
            emit(name, value)
    for value in [0.5, 0.1, 1e-4, 9.99e-5, 1e-5, 1.5e-7, 1e15, 1e16, 123456789012345678.0, 1.7976931348623157e308,
                  5e-324, 2.2250738585072014e-308, -0.0, np.nan, np.inf, -np.inf, 1 / 3, 1e22, 1e23, 2.0**53]:
        emit("f64", value)
        emit("f32", np.clip(value, -3e38, 3e38))
    for value in [16777216, 33554432.0, 9007199254740993.0, 3.4028235e38, 1e-45, 99999992.0]:
        emit("f32", value)
    emit("bool", True)
    emit("bool", False)
    emit("i64", 2**63 - 1)
    emit("i64", -(2**63))

    for name in TYPES:
        for shape in [(0,), (0, 3), (3, 0), (1,), (1, 1), (2, 0, 2)]:
            emit(name, np.zeros(shape))
    # Values on both sides of each rule: large, small, ratio, digits that round up, all alike.
    for values in [[99999999.0], [1e8], [99999992.0, 1], [0.00011], [0.0001, 1], [0.00009999], [1, 1000], [1, 1000.1], [0.001, 1.01],
                   [0.999999999], [0.123456785, 0.123456775], [9.999999999e-5], [1e300, 1e-300], [1e100], [5e-324], [2.5, 1e10],
                   [1e-5, 1.2345678e-5], [0.1, 0.25, 1], [-0.0], [-1.5, np.nan], [np.nan], [np.inf, 1], [-np.inf, 1], [-np.inf],
                   [1e16], [123456.789], [1e-10, -1e10], [np.nan, 1e10], [-np.inf, 1e-10]]:
        emit("f64", values)
        emit("f32", np.clip(values, -3e38, 3e38))

    for i in range(700):
        name = list(TYPES)[i % len(TYPES)]
        shape = random_shape()
        if name.startswith("f"):
            values = random_floats(shape)
            emit(name, np.clip(values, -3e38, 3e38) if name == "f32" else values)
        elif name == "bool":
            emit(name, rng.integers(0, 2, shape))
        else:
            bits = int(name[1:])
            scale = int(rng.integers(1, bits))
            emit(name, rng.integers(-(2 ** scale), 2 ** scale, shape))

    # The middle is left out of what has more than 1000 elements, on axes longer than 6.
    for shape in [(1000,), (1001,), (7, 143), (7, 144), (6, 200), (2, 501), (5, 5, 41), (3, 3, 3, 40), (200, 6), (1001, 1)]:
        emit("i8", rng.integers(-100, 100, shape))
    for shape in [(1001,), (40, 26), (3, 7, 50)]:
        emit("bool", rng.integers(0, 2, shape))
        emit("f32", rng.normal(0, 3, shape))


main()
sys.stdout.flush()
