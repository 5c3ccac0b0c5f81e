# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs graphs of make_nir.py in several ways, which must agree in every bit, and compares with reference.py.

    run_cases.py FOLDER [WAY...]

WAY is native, interpreted or imported: from the YAML that `basalt import` writes.
"""

import dataclasses
import pathlib
import re
import subprocess
import sys
from collections.abc import Callable

import h5py
import numpy as np
import make_nir
import reference

STEPS = 40
DT = 0.001
# Graph, the edges that wait, options in the words of reference.py.
CASES = [
    ("plain", [], {}),
    ("old", [], {}),
    ("images", [], {}),
    ("neurons", [], {}),
    ("neurons", [], {"integrator": "exp", "reset": "subtract", "drive": "current"}),
    ("neurons", [], {"integrator": "exp_unnormalised", "cuba_order": "v_first"}),
    ("neurons", [], {"latency": 1}),
    ("neurons", [], {"reset": "subtract_late"}),
    ("recurrent", [("rnn.lif", "rnn.w"), ("b", "wba"), ("b", "b")], {}),
    ("recurrent", [("b", "b")], {"latency": 1, "reset": "subtract"}),
    ("doors", [], {}),
    ("scalars", [], {}),
    ("stacks", [], {}),
    ("ways", [("g.lif", "g.w")], {}),
    ("ways", [], {"latency": 1}),
]


def instance(node):
    name = re.sub(r"\W", "_", node)
    name = "n" + name if name[0].isdigit() else name
    return name + "_" if name in ("not", "if") else name


def run(*command):
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"exit code {result.returncode} of {' '.join(map(str, command))}\n{result.stderr}")


def make_inputs(folder, graph):
    """Name of each input -> its array, in files, too: 0 and 1 in turn, then other numbers."""
    inputs, options = {}, []
    for name, (type, values) in graph.nodes.items():
        if type == "Input" and "." not in name:
            count = STEPS * int(np.prod(values["shape"]))
            numbers = (np.arange(count) * 7919 % 23 % 3 == 0) * (1 + (np.arange(count) > count // 2))
            inputs[name] = numbers.reshape(STEPS, *values["shape"])
            np.save(folder / f"{name}.npy", inputs[name])
            options.append(f"--input={name}={folder}/{name}.npy")
    return inputs, options


def execute(way, file, options, probes, folder):
    out = folder / way
    watched = ["--steps", str(STEPS), "--out", out, *[f"--probe={probe}.y" for probe in probes]]
    if way == "imported":
        run("basalt", "import", file, "-o", folder / "net.yaml", *options)
        run("basalt", "run", folder / "net.yaml", *watched)
    else:
        run("basalt", "run", file, *options, *watched, *(["--interpret"] if way == "interpreted" else []))
    return {probe: np.load(out / f"{probe}.y.npy") for probe in probes}


def compare(name, expected, found):
    for node, wanted in expected.items():
        actual = found[instance(node)].astype(float).reshape(wanted.shape)
        if not np.allclose(actual, wanted, rtol=1e-9, atol=1e-12):
            step = np.argwhere(~np.isclose(actual, wanted, rtol=1e-9, atol=1e-12))[0]
            yield f"{name}: {node} differs in step {step[0]}: {actual[tuple(step)]}, expected {wanted[tuple(step)]}"


@dataclasses.dataclass
class Case:
    """A graph, the edges that wait, options in the words of reference.py, and what writes it into a file."""

    name: str
    late: list
    settings: dict
    write: Callable


def check(case, folder, ways):
    """Problems, and the number of spikes."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{case.name}.nir"
    with h5py.File(file, "w") as output:
        case.write(output)
    simulation = reference.Simulation(file, case.late, DT, **case.settings)
    graph = simulation.graph
    inputs, options = make_inputs(folder, graph)
    options += [f"--nir-{key.replace('_', '-')}={value}" for key, value in ({"dt": DT} | case.settings).items()]
    rows = simulation.run(inputs, STEPS)
    expected = {node: rows[node] for node, (type, _) in graph.nodes.items()
                if not ("." in node and type in ("Input", "Output"))}  # fmt: skip
    results = [execute(way, file, options, [instance(node) for node in expected], folder) for way in ways]
    problems = list(compare(f"{folder.name} {case.name}", expected, results[0]))
    for way, result in zip(ways[1:], results[1:]):
        for node, array in result.items():
            if array.tobytes() != results[0][node].tobytes():
                problems.append(f"{folder.name} {case.name}: {node} is not the same {way}")
    spikes = sum(int(rows[node].sum()) for node, (type, _) in graph.nodes.items() if type.endswith("IF"))
    return problems, spikes


def check_all(cases, root, ways, what):
    """Cases by number, each in a folder of its own."""
    problems, spikes = [], 0
    for number, case in cases.items():
        found, sent = check(case, root / str(number), ways)
        problems += found
        spikes += sent
    print("\n".join(problems))
    print(f"{len(cases)} {what}, {spikes} spikes, {len(problems)} problems")


def main():
    cases = [Case(name, late, settings, getattr(make_nir, "case_" + name)) for name, late, settings in CASES]
    check_all(dict(enumerate(cases)), pathlib.Path(sys.argv[1]), sys.argv[2:], "runs")


if __name__ == "__main__":
    main()
