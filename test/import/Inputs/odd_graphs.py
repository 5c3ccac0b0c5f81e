# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Graphs of an odd structure, for every type of node: prints what becomes of them.

    odd_graphs.py nodes|graphs FOLDER

Nodes of one outcome stand in one line. Graphs without an error are run, too: a run that fails is an outcome of its own.
"""

import os
import subprocess
import sys

import h5py
from make_nir import CUBA, IN, LIF, OUT, chain, full, numbers, write

SCALARS = {name: float(value[0]) for name, value in LIF.items()}
# Type, parameters, shape of its input and output. `...?` has no shape of its own.
NODES = {
    "Affine": ("Affine", {"weight": numbers(2, 2), "bias": numbers(2)}, [2], [2]),
    "Linear": ("Linear", {"weight": numbers(2, 2)}, [2], [2]),
    "Stack": ("Linear", {"weight": numbers(2, 2, 2)}, [2, 2], [2, 2]),
    "Conv1d": ("Conv1d", {"weight": numbers(2, 2, 1), "bias": numbers(2), "input_shape": 4}, [2, 4], [2, 4]),
    "Conv1d?": ("Conv1d", {"weight": numbers(2, 2, 1), "bias": numbers(2)}, [2, 4], [2, 4]),
    "Conv2d": ("Conv2d", {"weight": numbers(2, 2, 1, 1), "bias": numbers(2), "input_shape": [2, 2]}, [2, 2, 2], [2, 2, 2]),
    "Conv2d?": ("Conv2d", {"weight": numbers(2, 2, 1, 1), "bias": numbers(2)}, [2, 2, 2], [2, 2, 2]),
    "SumPool2d?": ("SumPool2d", {"kernel_size": 1, "stride": 1, "padding": 0}, [2, 2, 2], [2, 2, 2]),
    "AvgPool2d?": ("AvgPool2d", {"kernel_size": 1, "stride": 1, "padding": 0}, [2, 2, 2], [2, 2, 2]),
    "Flatten": ("Flatten", {"start_dim": 0, "end_dim": -1, "input_type": [2]}, [2], [2]),
    "Flatten?": ("Flatten", {"start_dim": 0, "end_dim": -1}, [2], [2]),
    "Scale": ("Scale", {"scale": numbers(2)}, [2], [2]),
    "Scale?": ("Scale", {"scale": 2.0}, [2], [2]),
    "Threshold": ("Threshold", {"threshold": numbers(2)}, [2], [2]),
    "Delay": ("Delay", {"delay": full(0.001, 2)}, [2], [2]),
    "Delay?": ("Delay", {"delay": 0.001}, [2], [2]),
    "I": ("I", {"r": full(1.0, 2)}, [2], [2]),
    "IF": ("IF", {"r": full(1.0, 2), "v_threshold": full(0.5, 2)}, [2], [2]),
    "LI": ("LI", {name: LIF[name] for name in ("tau", "r", "v_leak")}, [2], [2]),
    "LIF": ("LIF", LIF, [2], [2]),
    "LIF?": ("LIF", SCALARS, [2], [2]),
    "CubaLI": ("CubaLI", CUBA, [2], [2]),
    "CubaLIF": ("CubaLIF", CUBA | {"v_threshold": full(0.1, 2)}, [2], [2]),
}  # fmt: skip
# Of `in`, the node `x`, and `out`.
STRUCTURES = {
    "nothing leads to it": [("x", "out")],
    "it leads nowhere": [("in", "x")],
    "beside the graph": [("in", "out")],
    "it feeds itself": [("in", "x"), ("x", "x"), ("x", "out")],
    "edges twice": [("in", "x"), ("in", "x"), ("x", "out"), ("x", "out")],
}

I = ("Input", {"shape": [2]})


def lif():
    return ("LIF", LIF)


def outer(nodes, edges, more, **others):
    """A graph `g` between `in` and `out`."""
    return ({"in": I, "g": ("NIRGraph", nodes, edges), "out": OUT} | others, more)


INNER = ({"input": I, "lif": lif(), "output": OUT}, chain("input", "lif", "output"))
THROUGH = ({"input": I, "output": OUT}, [("input", "output")])
GRAPHS = {
    "no nodes": ({}, []),
    "an Input alone": ({"in": I}, []),
    "an Output alone": ({"out": OUT}, []),
    "a neuron alone": ({"x": lif()}, []),
    "Input to Output": ({"in": I, "out": OUT}, [("in", "out")]),
    "Input to Output of another shape": ({"in": IN, "out": OUT}, [("in", "out")]),
    "no edges": ({"in": I, "x": lif(), "out": OUT}, []),
    "an Input feeds itself": ({"in": I, "out": OUT}, [("in", "in"), ("in", "out")]),
    "an Output feeds itself": ({"in": I, "out": OUT}, [("in", "out"), ("out", "out")]),
    "Input to Input": ({"in": I, "in2": I, "out": OUT}, chain("in", "in2", "out")),
    "Output to Output": ({"in": I, "out": OUT, "out2": OUT}, chain("in", "out", "out2")),
    "an Output more": ({"in": I, "x": lif(), "out": OUT, "out2": OUT}, chain("in", "x", "out")),
    "an Input more": ({"in": I, "in2": I, "x": lif(), "out": OUT}, chain("in", "x", "out")),
    "a circle aside": ({"in": I, "out": OUT, "a": lif(), "b": lif()}, chain("in", "out") + chain("a", "b", "a")),
    "a circle of weights": ({"in": I, "a": NODES["Linear"][:2], "b": NODES["Linear"][:2], "out": OUT},
                            chain("in", "a", "b", "a", "out")),
    "no shape along a row": ({"p": NODES["SumPool2d?"][:2], "s": NODES["Scale?"][:2], "out": OUT}, chain("p", "s", "out")),
    "no shape in a circle": ({"a": NODES["LIF?"][:2], "b": NODES["Scale?"][:2], "out": OUT}, chain("a", "b", "a", "out")),
    "two shapes into one": ({"in": ("Input", {"shape": [2, 3]}), "b": ("Input", {"shape": [3, 2]}),
                             "x": NODES["Flatten?"][:2], "out": ("Output", {"shape": [6]})},
                            [("in", "x"), ("b", "x"), ("x", "out")]),
    "edges of no nodes": ({"in": I, "x": lif(), "out": OUT}, [("in", "y"), ("y", "z"), ("x", "out")]),
    "an edge of no name": ({"in": I, "x": lif(), "y": lif(), "out": OUT}, [("in", ""), ("x", "out")]),
    "a nested graph without Output": outer({"input": I, "lif": lif()}, chain("input", "lif"), chain("in", "g", "out")),
    "the same, but led nowhere": outer({"input": I, "lif": lif()}, chain("input", "lif"), [("in", "g"), ("in", "out")]),
    "a nested graph without Input": outer({"lif": lif(), "output": OUT}, chain("lif", "output"), chain("in", "g", "out")),
    "the same, but nothing leads to it": outer({"lif": lif(), "output": OUT}, chain("lif", "output"), [("g", "out")]),
    "a nested graph without edges": outer(INNER[0], [], chain("in", "g", "out")),
    "a nested graph without nodes": outer({}, [], [("in", "out")]),
    "a nested graph beside": outer(*INNER, [("in", "out")]),
    "a nested graph that nothing leads to": outer(*INNER, [("g", "out")]),
    "a nested graph that leads nowhere": outer(*INNER, [("in", "g")]),
    "a nested graph that feeds itself": outer(*INNER, chain("in", "g", "g", "out")),
    "Input to Output, nested": outer(*THROUGH, chain("in", "g", "out")),
    "Input to Output, nested, feeds itself": outer(*THROUGH, chain("in", "g", "g", "out")),
    "a nested Input feeds itself": outer(THROUGH[0], [("input", "output"), ("input", "input")], chain("in", "g", "out")),
    "an edge to a nested Input from beside it": outer(INNER[0], [*INNER[1], ("lif", "input")], chain("in", "g", "out")),
    "an edge from a nested Output to beside it": outer(INNER[0], [*INNER[1], ("output", "lif")], chain("in", "g", "out")),
    "an edge to what is within": outer(*INNER, [("in", "g.lif"), ("g", "out")]),
    "edges by the wrong doors": outer(*INNER, [("in", "g.output"), ("g.input", "out")]),
    "an edge to a graph and to its door": outer(*INNER, [*chain("in", "g", "out"), ("in", "g.input")]),
    "two ways out of a nested graph": outer({"input": I, "lif": lif(), "a": OUT, "b": OUT},
                                            [*chain("input", "lif", "a"), ("lif", "b")],
                                            [("in", "g"), ("g.a", "out"), ("g.b", "out")]),
}  # fmt: skip


def outcome(nodes, edges):
    """Errors and warnings of a graph, and what a run of it says if there are no errors."""
    with h5py.File("odd.nir", "w") as file:
        write(file, nodes, edges)
        file["node"].require_group("nodes")
    command = ["basalt", "run", "--interpret", "--steps", "3", "--out", "out", "odd.nir"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    lines = [line for line in result.stderr.splitlines() if "remark: NIR leaves open" not in line]
    return (f"  exit code {result.returncode}", *[line.replace("odd.nir: ", "  ") for line in lines])


def main():
    what, folder = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    os.chdir(folder)
    if what == "graphs":
        for name, (nodes, edges) in GRAPHS.items():
            print("\n".join([f"{name}:", *outcome(nodes, edges)]))
        return
    for structure, edges in STRUCTURES.items():
        outcomes = {}
        for name, (type, values, given, made) in NODES.items():
            nodes = {"in": ("Input", {"shape": given}), "x": (type, values), "out": ("Output", {"shape": made})}
            outcomes.setdefault(outcome(nodes, edges), []).append(name)
        for lines, names in outcomes.items():
            print("\n".join([f"{structure}: {' '.join(names)}", *lines]))


if __name__ == "__main__":
    main()
