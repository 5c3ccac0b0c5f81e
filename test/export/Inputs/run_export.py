# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Exports networks, runs what comes of it without a word of how, and compares every bit with the network.

    run_export.py FOLDER graphs        cases of make_nir.py, and the YAML that is made of them
    run_export.py FOLDER hand FILE...  networks of this folder
"""

import pathlib
import re
import shutil
import subprocess
import sys

import h5py
import numpy as np

HERE = pathlib.Path(__file__).parent
sys.path.append(str(HERE.parent.parent / "import" / "Inputs"))

import make_nir  # noqa: E402  (needs the path above)
import run_cases  # noqa: E402
import reference  # noqa: E402

STEPS = run_cases.STEPS
STATE = {"LIF": "v", "CubaLIF": "v", "IF": "v", "LI": "v", "CubaLI": "i", "I": "v"}


def run(*command):
    run_cases.run(*map(str, command))


def results(file, options, probes, out):
    run("basalt", "run", file, "--interpret", *options, "--steps", STEPS, "--out", out, *[f"--probe={p}" for p in probes])
    return {probe: np.load(out / f"{probe}.npy") for probe in probes}


def differences(name, expected, found, renamed=lambda probe: probe):
    for probe, wanted in expected.items():
        actual = found[renamed(probe)]
        if actual.tobytes() != wanted.tobytes() or actual.dtype != wanted.dtype:
            yield f"{name}: {probe} is not the same"


def graphs(root):
    for number, (name, late, settings) in enumerate(run_cases.CASES):
        folder = root / str(number)
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{name}.nir"
        with h5py.File(file, "w") as output:
            getattr(make_nir, "case_" + name)(output)
        graph = reference.Simulation(file, late, run_cases.DT, **settings).graph
        inputs, options = run_cases.make_inputs(folder, graph)
        choices = [f"--nir-{key.replace('_', '-')}={value}" for key, value in ({"dt": run_cases.DT} | settings).items()]
        nodes = {run_cases.instance(node): type for node, (type, _) in graph.nodes.items()
                 if not ("." in node and type in ("Input", "Output"))}  # fmt: skip
        probes = [f"{node}.y" for node in nodes]
        probes += [f"{node}.{STATE[type]}" for node, type in nodes.items() if type in STATE]
        expected = results(file, options + choices, probes, folder / "original")
        run("basalt", "export", file, *choices, "-o", folder / "export.nir")
        options = [option.replace("--input=", "--input=", 1) for option in options]
        options = [re.sub("=([^=]+)=", lambda word: f"={run_cases.instance(word[1])}=", option) for option in options]
        yield from differences(f"{number} {name}", expected, results(folder / "export.nir", options, probes, folder / "again"))
        # By way of YAML, and once more.
        run("basalt", "import", file, *choices, "-o", folder / "net.yaml")
        run("basalt", "export", folder / "net.yaml", "-o", folder / "yaml.nir")
        if (folder / "yaml.nir").read_bytes() != (folder / "export.nir").read_bytes():
            yield f"{number} {name}: the file made of its YAML is another"
        run("basalt", "export", folder / "export.nir", "-o", folder / "twice.nir")
        again = results(folder / "twice.nir", options, probes, folder / "third")
        yield from differences(f"{number} {name}, exported twice", expected, again)


# Of a network of this folder: inputs of the file, and names of the network where they are others there.
HAND = {
    "hand.yaml": (["in=rows.npy", "image=image.npy"], {"cell.lif.y": "cell_lif.y"}),
    "lava.yaml": (["source=rows3.npy"], {"lif.s_out": "lif.y", "loop.a_out": "sink.y"}),
}


def hand(root, name):
    root.mkdir(parents=True, exist_ok=True)
    rows = (np.arange(STEPS * 6) * 7919 % 23 % 5).reshape(STEPS, 2, 3) / 4
    np.save(root / "rows.npy", rows)
    np.save(root / "image.npy", rows[:, None])
    np.save(root / "rows3.npy", rows[:, 0])
    np.save(root / "columns.npy", rows[:, 0].T)
    shutil.copy(HERE / name, root / name)
    inputs, names = HAND[name]
    probes = re.findall(r"[\w.]+", re.search(r"probes: \[(.*)\]", (root / name).read_text())[1])
    out = root / name.replace(".yaml", "")
    expected = results(root / name, [], probes, out / "original")
    run("basalt", "export", root / name, "-o", root / "out.nir")
    inputs = ["--input=" + option.replace("=", f"={root}/") for option in inputs]
    found = results(root / "out.nir", inputs, [names.get(probe, probe) for probe in probes], out / "again")
    yield from differences(name, expected, found, lambda probe: names.get(probe, probe))


def main():
    root, kind, *files = sys.argv[1:]
    root = pathlib.Path(root).absolute()
    problems = list(graphs(root) if kind == "graphs" else (text for name in files for text in hand(root, name)))
    print("\n".join(problems))
    print(f"{len(problems)} problems")


if __name__ == "__main__":
    main()
