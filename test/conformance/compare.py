# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Where two arrays differ, in the words of a run: step, element, both values."""

import numpy

RTOL, ATOL = 1e-9, 1e-12


def same_numbers(actual, expected):
    """Element by element: integers exactly, floats nearly."""
    if expected.dtype.kind == "f":
        return numpy.isclose(actual, expected, rtol=RTOL, atol=ATOL, equal_nan=True)
    return actual == expected


def same_bits(actual, expected):
    bits = f"u{actual.dtype.itemsize}"
    return actual.view(bits) == expected.view(bits)


def place(index, by_step):
    index = tuple(int(i) for i in index)
    step = f"step {index[0] + 1}, " if by_step else ""
    return f"{step}element {list(index[1:] if by_step else index)}"


def shown(value):
    """A value so that two that differ look different."""
    return repr(value.item()) + (f" ({value.item().hex()})" if value.dtype.kind == "f" else "")


def difference(actual, expected, against, by_step, bits=False):
    """The first place where `actual` differs from `expected`, as text, or None.

    With `bits`, types and all bits must be the same; else only the numbers. `by_step`: the first axis
    is time.
    """
    if actual.shape != expected.shape:
        return f"shape {actual.shape}, {against} {expected.shape}"
    if bits and actual.dtype != expected.dtype:
        return f"type {actual.dtype}, {against} {expected.dtype}"
    same = same_bits if bits else same_numbers
    wrong = numpy.argwhere(~same(numpy.atleast_1d(actual), numpy.atleast_1d(expected)))
    if not len(wrong):
        return None
    first = tuple(wrong[0]) if actual.ndim else ()
    values = f"{shown(actual[first])}, {against} {shown(expected[first])}"
    more = f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""
    return f"{place(first, by_step)}: {values}{more}"
