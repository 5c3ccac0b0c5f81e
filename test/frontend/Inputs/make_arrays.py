#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes the arrays of values-npy.test to a folder, without NumPy."""

import pathlib
import struct
import sys


def write(path, descr, shape, data, fortran=False):
    path.parent.mkdir(parents=True, exist_ok=True)
    header = f"{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data)


folder = pathlib.Path(sys.argv[1])
write(folder / "weights.npy", "<i2", (2, 3), struct.pack("<6h", 1, -2, 3, 4, 5, -6))
write(folder / "spikes.npy", "|b1", (3,), b"\x01\x00\x01")
write(folder / "x.npy", "<f8", (2,), struct.pack("<2d", 0.5, -0.25))
write(folder / "library" / "y.npy", "<f4", (), struct.pack("<f", 2.5))
write(folder / "columns.npy", "<i8", (2, 3), struct.pack("<6q", 1, 2, 3, 4, 5, 6), fortran=True)
