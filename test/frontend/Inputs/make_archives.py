#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes files with several arrays to a folder, good and bad ones, and damaged copies of the good ones.

    make_archives.py FOLDER [--damaged N]
"""

import pathlib
import random
import struct
import sys

import h5py
import numpy

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
weights = numpy.array([[1, -2, 3], [4, 5, -6]])

#--- NumPy's archives
numpy.savez(folder / "plain.npz", weights=weights, spikes=numpy.array([True, False, True]), x=numpy.array([0.5, -0.25]))
numpy.savez_compressed(folder / "packed.npz", weights=weights.astype("int16"), x=numpy.zeros((100, 100)))
numpy.savez(folder / "one.npz", weights.T)
numpy.savez(folder / "none.npz")
numpy.savez(folder / "many.npz", **{f"array{i:02}": weights for i in range(20)})
numpy.savez(folder / "strings.npz", names=numpy.array(["a", "b"]))

whole = (folder / "plain.npz").read_bytes()
(folder / "half.npz").write_bytes(whole[: len(whole) // 2])
place = whole.index(weights.tobytes())
(folder / "flipped.npz").write_bytes(whole[:place] + b"\x09" + whole[place + 1 :])
# The directory says that the first member has 2^40 bytes, or more than it has.
directory = whole.index(b"PK\x01\x02")
for name, size in [("huge", 0xFFFFFFF0), ("longer", 1000)]:
    (folder / f"{name}.npz").write_bytes(
        whole[: directory + 24] + struct.pack("<I", size) + whole[directory + 28 :]
    )

#--- HDF5
with h5py.File(folder / "plain.h5", "w") as file:
    file["weights"] = weights
    file["spikes"] = numpy.array([True, False, True])
    file["deep/er/x"] = numpy.array([0.5, -0.25], dtype=">f4")
    file["half"] = numpy.array([0.5, 2], dtype="f2")
    file.create_dataset("packed", data=weights.astype("u2") % 7, chunks=(1, 3), compression="gzip", shuffle=True)
    file["scalar"] = 7
    file["link"] = h5py.SoftLink("/deep/er/x")
with h5py.File(folder / "one.h5", "w") as file:
    file["group/only"] = weights
with h5py.File(folder / "odd.h5", "w") as file:
    file["strings"] = ["a", "b"]
    file["fixed"] = numpy.array([b"a", b"b"])
    file["records"] = numpy.zeros(2, dtype=[("a", "i4"), ("b", "f8")])
    file.create_dataset("vlen", (2,), dtype=h5py.vlen_dtype(numpy.dtype("f8")))
    file.create_dataset("colours", (2,), dtype=h5py.enum_dtype({"RED": 0, "BLUE": 1}, basetype="i1"))
    file.create_dataset("references", (2,), dtype=h5py.ref_dtype)
    file.create_dataset("arrays", (2,), dtype=numpy.dtype(("f8", (3,))))
    file["complex"] = numpy.array([1 + 2j])
    file["wide"] = numpy.zeros(2, dtype="longdouble")
    file["empty"] = h5py.Empty("f8")
    file["large"] = numpy.array([2**63], dtype="u8")
    file.create_dataset("huge", (2**20, 2**20), chunks=(64, 64), dtype="f8")
    file["there"] = h5py.ExternalLink("plain.h5", "/weights")
    file.create_dataset("elsewhere", (2,), dtype="f8", external=[("raw.bin", 0, 16)])
    layout = h5py.VirtualLayout((2, 3), dtype="i8")
    layout[:] = h5py.VirtualSource("plain.h5", "weights", shape=(2, 3))
    file.create_virtual_dataset("virtual", layout)
    file.create_dataset("lzf", data=weights, chunks=(1, 3), compression="lzf")
with h5py.File(folder / "flipped.h5", "w") as file:
    file.create_dataset("weights", data=weights, chunks=(2, 3), fletcher32=True)
whole = (folder / "flipped.h5").read_bytes()
place = whole.index(weights.tobytes())
(folder / "flipped.h5").write_bytes(whole[:place] + b"\x09" + whole[place + 1 :])
(folder / "raw.bin").write_bytes(bytes(16))

whole = (folder / "plain.h5").read_bytes()
(folder / "half.h5").write_bytes(whole[: len(whole) // 2])
(folder / "text.h5").write_text("This is not an HDF5 file.\n")

#--- Damage
if "--damaged" in sys.argv:
    source = random.Random(1)
    for i in range(int(sys.argv[sys.argv.index("--damaged") + 1])):
        for name in ["plain.h5", "plain.npz", "packed.npz"]:
            data = bytearray((folder / name).read_bytes())
            for _ in range(source.choice([1, 2, 8, 64])):
                data[source.randrange(len(data))] = source.choice([0, 1, 0x7F, 0xFF, source.randrange(256)])
            (folder / f"damaged{i}-{name}").write_bytes(data)
