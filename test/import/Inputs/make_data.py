# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes the same input, of 6 steps and 3 elements, in every form, and some that are wrong, to the working folder."""

import h5py
import numpy as np

DATA = np.array([[0, 1, 0], [0, 0, 0], [2, 0, 1], [0, 0, 0], [0, 0, 0], [1, 1, 0]])
EVENTS = [(step, index, DATA[step, index]) for step, index in np.argwhere(DATA)]


def nir_data(name, node, observables):
    """`observables`: name -> (type, datasets, attributes)."""
    with h5py.File(name, "w") as file:
        file.attrs["__type__"] = "NIRGraphData"
        group = file.create_group(f"nodes/{node}")
        group.attrs["__type__"] = "NIRNodeData"
        for key, (kind, datasets, attributes) in observables.items():
            observable = group.create_group(f"observables/{key}")
            observable.attrs["__type__"] = kind
            for each, value in datasets.items():
                observable[each] = value
            for each, value in attributes.items():
                observable.attrs[each] = value


def text(name, *lines):
    with open(name, "w", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for line in lines))


def events(index, time, **more):
    return "ValuedEventData", {"idx": np.array([index]), "time": np.array([time]), **more}, {"t_max": 0.006}


def main():
    np.save("array.npy", DATA.astype("u1"))
    np.save("floats.npy", DATA.astype("f4"))
    np.save("spikes.npy", DATA > 0)
    text("table.csv", "a, b, c", "# rows", *[", ".join(map(str, row)) for row in DATA])
    text("blanks.txt", *["  ".join(f"{value:.1f}" for value in row) for row in DATA])
    text("steps.csv", "step,index,value", *[f"{step},{index},{value}" for step, index, value in EVENTS])
    # Twice one, and a time in the middle of its step.
    single = [f"{step * 1e-3 + 4e-4},{index}" for step, index, value in EVENTS for _ in range(value)]
    text("times.csv", "time;index", *[line.replace(",", ";") for line in single])
    index = [index for _, index, _ in EVENTS] + [-1]
    time = [step * 1e-3 for step, _, _ in EVENTS] + [np.inf]
    value = np.array([[value for _, _, value in EVENTS] + [0]])
    nir_data("events.h5", "in", {"spikes": events(index, time, value=value)})
    grid = ("TimeGriddedData", {"data": np.array([DATA, DATA + 1])}, {"dt": 1e-3})
    nir_data("grid.h5", "other", {"spikes": grid})

    np.save("shape.npy", DATA[:, :2])
    np.save("empty.npy", DATA[:0])
    np.save("nan.npy", np.where(DATA == 2, np.nan, DATA))
    text("columns.csv", "1 2 3", "1 2")
    text("word.csv", "1 2 3", "1 x 3")
    text("index.csv", "step,index", "0,-1")
    text("far.csv", "step,index", "0,3")
    text("late.csv", "time,index", "1e12,0")
    text("long.csv", "step,index", "2000000000,0")
    text("none.csv", "step,index")
    with h5py.File("other.h5", "w") as file:
        file["x"] = 1
    for wrong in ("names", "two"):
        nir_data(f"{wrong}.h5", "in", {"spikes": grid, **({"v": grid} if wrong == "two" else {})})
    with h5py.File("names.h5", "a") as file:
        file.move("nodes/in", "nodes/a")
        file.copy("nodes/a", "nodes/b")
    nir_data("dt.h5", "in", {"spikes": ("TimeGriddedData", {"data": DATA[None]}, {"dt": 0.5})})
    nir_data("kind.h5", "in", {"spikes": ("Strange", {"data": DATA}, {})})
    nir_data("missing.h5", "in", {"spikes": ("TimeGriddedData", {}, {})})
    nir_data("samples.h5", "in", {"spikes": ("TimeGriddedData", {"data": np.zeros((0, 6, 3))}, {})})
    nir_data("fraction.h5", "in", {"spikes": events([1, 1.5], [0.001, 0.002])})
    nir_data("large.h5", "in", {"spikes": events([1, 1e300], [0.001, 0.002])})
    nir_data("unequal.h5", "in", {"spikes": events([0, 1], [0.1, 0.2, 0.3])})


main()
