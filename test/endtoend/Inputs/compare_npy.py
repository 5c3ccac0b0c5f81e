#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares the .npy files of two runs bit for bit, then prints them, one row a line.

Usage: compare_npy.py FOLDER FOLDER. Printed is `name (type, shape)` and the rows of each array, for
FileCheck. Fails if a file is in one folder only, if there is none, or if any bit differs.
"""

import pathlib
import sys

import numpy


def describe_difference(first, second):
    """Where two arrays whose bytes differ do so."""
    if first.dtype != second.dtype or first.shape != second.shape:
        return f"{first.dtype}{list(first.shape)} and {second.dtype}{list(second.shape)}"
    width = f"u{first.dtype.itemsize}"
    place = tuple(int(i) for i in numpy.argwhere(first.view(width) != second.view(width))[0])
    return f"{first[place]!r} and {second[place]!r} at {place}"


def main():
    folders = [pathlib.Path(argument) for argument in sys.argv[1:]]
    names = [sorted(path.name for path in folder.glob("*.npy")) for folder in folders]
    if len(folders) != 2 or not names[0] or names[0] != names[1]:
        sys.exit(f"expected two folders with the same files, found {names}")
    for name in names[0]:
        if (folders[0] / name).read_bytes() != (folders[1] / name).read_bytes():
            arrays = [numpy.load(folder / name) for folder in folders]
            sys.exit(f"{name} differs: {describe_difference(*arrays)}")
    for name in names[0]:
        array = numpy.load(folders[0] / name)
        print(f"{name[:-4]} ({array.dtype}, {list(array.shape)})")
        for row in numpy.atleast_1d(array):
            print(f"  {row.tolist()}")


if __name__ == "__main__":
    main()
