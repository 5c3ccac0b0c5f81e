# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes the small .nir file of import.md: `make_example_nir.py FILE`. Exporters write such files by themselves."""

import sys

import h5py
import numpy as np

NODES = {
    "input": {"type": "Input", "shape": [2]},
    "fc": {"type": "Affine", "weight": [[2.0, 0.5], [0.5, 3.0], [-1.0, 2.5]], "bias": [0.2, 0.0, 0.4]},
    "lif": {
        "type": "LIF",
        "tau": np.full(3, 0.005),
        "r": np.ones(3),
        "v_leak": np.zeros(3),
        "v_threshold": np.full(3, 0.5),
        "v_reset": np.zeros(3),
    },
    "output": {"type": "Output", "shape": [3]},
}
EDGES = [("input", "fc"), ("fc", "lif"), ("lif", "output")]

with h5py.File(sys.argv[1], "w") as file:
    file["version"] = "1.0.7"
    file["node/type"] = "NIRGraph"
    file["node"].create_dataset("edges", data=np.array(EDGES, dtype=object), dtype=h5py.string_dtype())
    for name, values in NODES.items():
        for key, value in values.items():
            file[f"node/nodes/{name}/{key}"] = value
