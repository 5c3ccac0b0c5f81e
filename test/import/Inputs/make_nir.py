# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes small .nir files, some of them wrong.

    make_nir.py CASE FILE

A case is a function `case_...` below; those that are wrong change one thing of `plain`.
"""

import sys

import h5py
import numpy as np

STRINGS = h5py.string_dtype()


def put_node(group, type, **datasets):
    group["type"] = type
    for name, value in datasets.items():
        if isinstance(value, np.ndarray) and value.ndim and value.dtype.kind == "f":
            # As the usual writer does it.
            group.create_dataset(name, data=value.astype("f4"), compression="gzip")
        else:
            group[name] = value


def put_edges(group, edges):
    if "edges" in group:
        del group["edges"]
    group.create_dataset("edges", data=np.array(edges, dtype=object).reshape(-1, 2), dtype=STRINGS)


def put_graph(group, nodes, edges):
    group["type"] = "NIRGraph"
    for name, (type, *parts) in nodes.items():
        node = group.create_group(f"nodes/{name}")
        if type == "NIRGraph":
            put_graph(node, *parts)
        else:
            put_node(node, type, **(parts[0] if parts else {}))
    put_edges(group, edges)


def write(file, nodes, edges, version="1.0.7"):
    if version:
        file["version"] = version
    put_graph(file.create_group("node"), nodes, edges)


def chain(*names):
    return list(zip(names, names[1:]))


def numbers(*shape):
    """The same on every machine: quarters from -1 to 1."""
    count = int(np.prod(shape))
    return (((np.arange(count) * 37 + 11) % 9 - 4) / 4).reshape(shape)


def full(value, *shape):
    return np.full(shape, value)


IN = ("Input", {"shape": [3]})
OUT = ("Output", {"shape": [2]})
LIF = {"tau": full(0.01, 2), "r": full(1.0, 2), "v_leak": full(0.0, 2), "v_threshold": full(0.5, 2)}
CUBA = {"tau_syn": full(0.005, 2), "tau_mem": full(0.01, 2), "r": full(1.0, 2), "v_leak": full(0.0, 2)}


def plain(file, version="1.0.7"):
    nodes = {
        "in": IN,
        "fc": ("Affine", {"weight": numbers(2, 3), "bias": numbers(2)}),
        "lif": ("LIF", LIF),
        "out": OUT,
    }
    write(file, nodes, chain("in", "fc", "lif", "out"), version)


# ---- graphs that are right


def case_plain(file):
    plain(file)


def case_old(file):
    """As before version 1: no version, no v_reset, contiguous; names that are no words."""
    nodes = {"0": ("Linear", {"weight": numbers(2, 3)}), "1.lif": ("LIF", LIF), "input": IN, "not": OUT}
    write(file, nodes, chain("input", "0", "1.lif", "not"), "")


def case_images(file):
    """Two inputs and two outputs; everything with an image."""
    conv = {"stride": [1, 1], "dilation": [1, 1], "groups": 1, "input_shape": [4, 5]}
    nodes = {
        "image": ("Input", {"shape": [2, 4, 5]}),
        "conv": ("Conv2d", conv | {"weight": numbers(4, 1, 2, 3), "bias": numbers(4), "groups": 2, "padding": "same"}),
        "if": ("IF", {"r": full(1.0, 4, 4, 5), "v_threshold": full(0.75, 4, 4, 5)}),
        "sum": ("SumPool2d", {"kernel_size": [2, 2], "stride": [2, 1], "padding": [0, 1]}),
        "avg": ("AvgPool2d", {"kernel_size": [1, 2], "stride": [1, 2], "padding": [0, 0]}),
        "flat": ("Flatten", {"start_dim": 0, "end_dim": -1, "input_type": [4, 2, 3]}),
        "fc": ("Linear", {"weight": numbers(2, 24)}),
        "line": ("Input", {"shape": [2, 8]}),
        "conv1": ("Conv1d", {"weight": numbers(2, 2, 3), "bias": full(0.0, 2), "stride": 2, "padding": "valid",
                             "dilation": 1, "groups": 1, "input_shape": 8}),
        "sides": ("Conv1d", {"weight": numbers(1, 2, 2), "bias": numbers(1), "padding": 1}),
        "above": ("Threshold", {"threshold": numbers(1, 4)}),
        "out": OUT,
        "out1": ("Output", {"shape": [1, 4]}),
    }  # fmt: skip
    edges = chain("image", "conv", "if", "sum", "avg", "flat", "fc", "out")
    write(file, nodes, edges + chain("line", "conv1", "sides", "above", "out1"))


def case_neurons(file):
    """All neurons, in one row each behind the other; a delay; several edges into one node; a skip."""
    def affine():
        return ("Affine", {"weight": 2 * numbers(2, 2), "bias": numbers(2)})

    nodes = {
        "in": IN,
        "w": ("Linear", {"weight": 4 * numbers(2, 3)}),
        "lif": ("LIF", LIF | {"v_reset": numbers(2), "tau": np.array([0.01, 0.003])}),
        "w1": affine(),
        "cuba": ("CubaLIF", CUBA | {"v_threshold": full(0.1, 2), "w_in": full(3.0, 2)}),
        "delay": ("Delay", {"delay": np.array([0.001, 0.003])}),
        "scale": ("Scale", {"scale": np.array([2.0, 0.5])}),
        "cubali": ("CubaLI", CUBA),
        "li": ("LI", {key: LIF[key] for key in ("tau", "r", "v_leak")}),
        "w2": affine(),
        "if": ("IF", {"r": full(0.5, 2), "v_threshold": np.array([0.5, 1.0])}),
        "i": ("I", {"r": np.array([1.0, 2.0])}),
        "out": OUT,
        "spikes": OUT,
    }
    edges = chain("in", "w", "lif", "w1", "cuba", "delay", "scale", "cubali", "li", "w2", "if", "i", "out")
    # Spikes of two nodes, and numbers, meet.
    write(file, nodes, edges + [("lif", "w2"), ("lif", "spikes"), ("if", "spikes"), ("i", "spikes"), ("w", "cubali")])


def case_recurrent(file):
    """A circle in a nested graph, a circle around two neurons, a neuron that feeds itself."""
    def lif():
        return ("LIF", LIF)

    inner = ({"input": ("Input", {"shape": [2]}), "lif": lif(), "w": ("Linear", {"weight": 3 * numbers(2, 2)}),
              "output": OUT},
             chain("input", "lif", "w", "lif") + [("lif", "output")])  # fmt: skip
    nodes = {
        "in": IN,
        "w": ("Linear", {"weight": 5 * numbers(2, 3)}),
        "rnn": ("NIRGraph", *inner),
        "a": lif(),
        "wab": ("Affine", {"weight": 4 * numbers(2, 2), "bias": full(1.0, 2)}),
        "b": lif(),
        "wba": ("Linear", {"weight": numbers(2, 2)}),
        "out": OUT,
    }
    edges = chain("in", "w", "rnn", "a", "wab", "b", "wba", "a") + [("b", "out"), ("b", "b")]
    write(file, nodes, edges)


def case_doors(file):
    """A nested graph with two inputs, named by edges."""
    inner = (
        {"x": ("Input", {"shape": [2]}), "y": ("Input", {"shape": [2]}), "lif": ("LIF", LIF), "z": OUT},
        [("x", "lif"), ("y", "lif"), ("lif", "z")],
    )
    nodes = {
        "in": IN,
        "w": ("Linear", {"weight": numbers(2, 3)}),
        "v": ("Linear", {"weight": 6 * numbers(2, 3)}),
        "g": ("NIRGraph", *inner),
        "out": OUT,
    }
    write(file, nodes, chain("in", "w", "g.x") + chain("in", "v", "g.y") + [("g.z", "out")])


def case_scalars(file):
    """One number for all neurons, and axes of one element that are none."""
    scalars = {"tau": 0.01, "r": 1.0, "v_leak": np.array([0.0]), "v_threshold": 0.5}
    nodes = {
        "in": ("Input", {"shape": [1, 3]}),
        "fc": ("Linear", {"weight": numbers(2, 3)}),
        "lif": ("LIF", scalars),
        "out": ("Output", {"shape": [1, 2]}),
    }
    write(file, nodes, chain("in", "fc", "lif", "out"))


def case_stacks(file):
    """Weights with more axes than two."""
    nodes = {
        "in": ("Input", {"shape": [2, 3]}),
        "fc": ("Affine", {"weight": numbers(2, 4, 3), "bias": numbers(2, 4)}),
        "if": ("IF", {"r": full(1.0, 2, 4), "v_threshold": full(0.5, 2, 4)}),
        "w": ("Linear", {"weight": numbers(2, 2, 4)}),
        "out": ("Output", {"shape": [2, 2]}),
    }
    write(file, nodes, chain("in", "fc", "if", "w", "out"))


def case_ways(file):
    """Several ways through a nested graph from node to node, and weights that nothing leads to."""
    inner = (
        {"x": ("Input", {"shape": [2]}), "y": ("Input", {"shape": [2]}), "lif": ("LIF", LIF),
         "w": ("Linear", {"weight": 2 * numbers(2, 2)}), "u": OUT, "v": OUT},
        [("x", "lif"), ("y", "lif"), ("lif", "w"), ("w", "lif"), ("lif", "u"), ("lif", "v"), ("x", "v")],
    )  # fmt: skip
    nodes = {
        "in": ("Input", {"shape": [2]}),
        "g": ("NIRGraph", *inner),
        "fc": ("Linear", {"weight": 3 * numbers(2, 2)}),
        "loose": ("Affine", {"weight": numbers(2, 2), "bias": full(1.0, 2)}),
        "lif": ("LIF", LIF),
        "out": OUT,
    }
    edges = [("in", "g.x"), ("in", "g.y"), ("g.u", "fc"), ("g.v", "fc"), ("fc", "lif"), ("loose", "lif"), ("lif", "out"),
             ("g.u", "out"), ("g.v", "out"), ("g.u", "lif")]  # fmt: skip
    write(file, nodes, edges)


def case_dt(file):
    plain(file)
    file["node/metadata/dt"] = 0.002


# ---- graphs that are wrong


def case_no_node(file):
    file["other/x"] = 1


def case_no_type(file):
    plain(file)
    del file["node/nodes/lif/type"]
    del file["node/nodes/in/type"]
    file["node/nodes/in/type"] = 5


def case_no_graph(file):
    file["node/type"] = "LIF"


def case_no_nodes(file):
    file["node/type"] = "NIRGraph"


def case_no_edges(file):
    plain(file)
    del file["node/edges"]
    file["node/nodes/stray"] = 3


def case_numbers_as_edges(file):
    plain(file)
    del file["node/edges"]
    file["node/edges"] = np.arange(6)


def case_unknown_type(file):
    plain(file)
    del file["node/nodes/lif/type"]
    file["node/nodes/lif/type"] = "LlF"


def case_empty_type(file):
    plain(file)
    del file["node/nodes/lif/type"]
    file["node/nodes/lif/type"] = ""


def case_group_as_edges(file):
    plain(file)
    del file["node/edges"]
    file.create_group("node/edges")


def case_word_as_metadata(file):
    plain(file)
    file["node/metadata"] = "none"


def case_unknown_data(file):
    plain(file)
    file["node/nodes/lif/v_treshold"] = np.ones(2)
    file["node/other"] = 1


def case_missing(file):
    plain(file)
    del file["node/nodes/lif/tau"]
    del file["node/nodes/fc/bias"]


def case_dangling(file):
    plain(file)
    put_edges(file["node"], chain("in", "fc", "lf", "out") + chain("in", "nothing"))


def case_renamed(file):
    plain(file)
    put_edges(file["node"], chain("in", "fc", "lif1", "out"))


def case_circle(file):
    plain(file)
    file["node/nodes/s/type"] = "Scale"
    file["node/nodes/s/scale"] = np.ones(3)
    file["node/nodes/t/type"] = "Scale"
    file["node/nodes/t/scale"] = np.ones(3)
    put_edges(file["node"], chain("in", "s", "t", "s") + chain("t", "fc", "lif", "out"))


def case_circle_of_graphs(file):
    inner = ({"input": ("Input", {"shape": [3]}), "output": ("Output", {"shape": [3]})}, [("input", "output")])
    write(file, {"in": IN, "g": ("NIRGraph", *inner), "out": OUT}, chain("in", "g", "g") + [("g", "out")])


def case_doors_unnamed(file):
    case_doors(file)
    inner = file["node/nodes/g/nodes"]
    del inner["z"]
    put_edges(file["node/nodes/g"], [("x", "lif"), ("y", "lif")])
    put_edges(file["node"], chain("in", "w", "g", "out"))


def case_wrong_way(file):
    plain(file)
    put_edges(file["node"], chain("in", "fc", "lif", "out", "in"))


def case_wrong_out(file):
    plain(file)
    put_edges(file["node"], chain("in", "fc", "lif", "out", "fc"))


def case_many_edges(file):
    """A nested graph that each of 1001 nodes leads to, and that leads to 1001."""
    inner = ({"input": IN, "output": OUT}, [("input", "output")])
    ends = {f"{side}{k}": ("Scale",) for side in "ab" for k in range(1001)}
    edges = [(f"a{k}", "g") for k in range(1001)] + [("g", f"b{k}") for k in range(1001)]
    write(file, {"g": ("NIRGraph", *inner), **ends}, edges)


def case_shapes(file):
    plain(file)
    del file["node/nodes/in/shape"]
    file["node/nodes/in/shape"] = [4]
    del file["node/nodes/out/shape"]
    file["node/nodes/out/shape"] = [7]


def case_neuron_shapes(file):
    plain(file)
    del file["node/nodes/lif/r"]
    file["node/nodes/lif/r"] = np.ones(3)
    del file["node/nodes/fc/bias"]
    file["node/nodes/fc/bias"] = np.ones(3)


def case_nan(file):
    plain(file)
    file["node/nodes/fc/weight"][1, 0] = np.nan


def case_times(file):
    plain(file)
    file["node/nodes/lif/tau"][1] = 0
    put_node(file["node/nodes"].create_group("d"), "Delay", delay=np.array([1.0, 100.0]))
    put_edges(file["node"], chain("in", "fc", "lif", "d", "out"))


def case_steep(file):
    plain(file)
    file["node/nodes/lif/tau"][1] = 1e-5


def case_values(file):
    plain(file)
    nodes = file["node/nodes"]
    del nodes["in/shape"], nodes["fc/bias"], nodes["lif/tau"], nodes["lif/r"]
    nodes["in/shape"] = [2.5]
    nodes["fc/bias"] = "none"
    nodes["lif/tau"] = np.zeros(0)
    nodes["lif/r"] = np.ones(2, dtype="c16")


def case_weights(file):
    plain(file)
    del file["node/nodes/fc/weight"]
    file["node/nodes/fc/weight"] = np.ones(3)


def image(file, type, **parameters):
    nodes = {"in": ("Input", {"shape": [2, 4, 5]}), "c": (type, parameters), "out": ("Output", {"shape": [1]})}
    write(file, nodes, chain("in", "c", "out"))


def case_conv_channels(file):
    image(file, "Conv2d", weight=numbers(4, 3, 2, 2), bias=numbers(4))


def case_conv_window(file):
    image(file, "Conv2d", weight=numbers(4, 2, 6, 2), bias=numbers(4))


def case_conv_words(file):
    image(file, "Conv2d", weight=numbers(3, 1, 2, 2), bias=numbers(3), groups=2, padding="some", stride=[1, 2, 3])


def case_conv_same(file):
    image(file, "Conv2d", weight=numbers(4, 2, 3, 3), bias=numbers(4), padding="same", stride=[2, 2])


def case_conv_axes(file):
    image(file, "Conv1d", weight=numbers(4, 2, 3, 3), bias=numbers(4))


def case_pool_axes(file):
    nodes = {"in": IN, "p": ("SumPool2d", {"kernel_size": 2, "stride": 2}), "out": OUT}
    write(file, nodes, chain("in", "p", "out"))


def case_flatten(file):
    image(file, "Flatten", start_dim=1, end_dim=3)


def case_flatten_type(file):
    image(file, "Flatten", start_dim=1, end_dim=2, input_type=[2.0, 1e308, 5.0])


def case_unknown_shape(file):
    nodes = {"p": ("AvgPool2d", {"kernel_size": 2, "stride": 2}), "out": OUT}
    write(file, nodes, chain("p", "out"))


def case_too_large(file):
    plain(file)
    del file["node/nodes/in/shape"]
    file["node/nodes/in/shape"] = [2**20, 2**20]


def case_loose(file):
    plain(file)
    put_edges(file["node"], chain("in", "fc") + chain("lif", "out"))


def case_bad_dt(file):
    plain(file)
    file["node/metadata/dt"] = -0.1


def case_bad_metadata(file):
    """Keys of other tools, as it were."""
    plain(file)
    metadata = file["node"].create_group("metadata")
    metadata["dt"] = "short"
    metadata["latency"] = 0.5
    metadata["integrator"] = "rk4"
    metadata["sources"] = 3
    metadata.create_dataset("feedback", data=np.array([["fc", "out"]], dtype=object), dtype=STRINGS)
    file["node/nodes/lif/metadata/feedback"] = "no"


# ---- hostile files


def case_external_link(file):
    plain(file)
    file["node/nodes/more"] = h5py.ExternalLink("/etc/passwd", "/")


def case_soft_link(file):
    plain(file)
    file["node/nodes/again"] = h5py.SoftLink("/node/nodes/lif")


def case_deep(file):
    plain(file)
    file["node/nodes/in/metadata/self"] = file["node/nodes"]


def case_huge(file):
    plain(file)
    del file["node/nodes/fc/weight"]
    file["node/nodes/fc"].create_dataset("weight", shape=(2**40, 2**40), chunks=(1, 1), dtype="f4")


def case_other_files(file):
    plain(file)
    del file["node/nodes/fc/weight"]
    file["node/nodes/fc"].create_dataset("weight", (2, 3), "f4", external=[("/etc/passwd", 0, 24)])


def case_type_of_type(file):
    plain(file)
    file["node/nodes/odd"] = np.dtype("f8")


def main():
    name, path = sys.argv[1:]
    with h5py.File(path, "w") as file:
        globals()["case_" + name.replace("-", "_")](file)


if __name__ == "__main__":
    main()
