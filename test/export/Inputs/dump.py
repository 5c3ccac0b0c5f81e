# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints all datasets of an HDF5 file in the order of their paths: shape, type, elements. Edges are sorted."""

import sys

import h5py
import numpy as np


def describe(path, data):
    if not isinstance(data, h5py.Dataset):
        return
    packed = ", packed" if data.compression == "gzip" and data.chunks == data.shape else ""
    if h5py.check_string_dtype(data.dtype):
        assert h5py.check_string_dtype(data.dtype) == ("utf-8", None)
        words = np.atleast_1d(data.asstr()[()]).reshape(-1, data.shape[-1] if data.ndim == 2 else 1)
        rows = [" ".join(row) for row in words]
        print(f"/{path} {data.shape} str{packed}: {'; '.join(sorted(rows) if data.ndim == 2 else rows)}")
        return
    print(f"/{path} {data.shape} {data.dtype}{packed}: {' '.join(map(str, np.ravel(data[()]).tolist()))}")


with h5py.File(sys.argv[1]) as file:
    file.visititems(describe)
