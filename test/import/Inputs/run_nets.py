# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs files of make_net.py in several ways and compares what every layer sends with reference_net.py.

    run_nets.py FOLDER [WAY...]

WAY is native, interpreted or imported: from the YAML that `basalt import` writes.
"""

import dataclasses
import pathlib
import subprocess
import sys
from collections.abc import Callable

import h5py
import make_net
import numpy as np
import reference_net

STEPS = 40
# File, shape of a row (channels first), options in the words of reference_net.py.
CASES = [
    ("mlp", (6,), {}),
    ("mlp", (6,), {"reset_interval": 7}),
    ("images", (2, 5, 6), {"reset_interval": 16}),
    ("recurrent", (3,), {}),
    ("delays", (3,), {}),
    ("resonators", (3,), {}),
    ("sigma_delta", (1, 3, 4), {}),
    ("sigma_delta", (1, 3, 4), {"spike_exp": 2}),
    ("adaptive", (3,), {}),
    ("adaptive", (3,), {"reset_interval": 9}),
    ("pools", (2, 4, 6), {}),
]


def run(*command):
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"exit code {result.returncode} of {' '.join(map(str, command))}\n{result.stderr}")


def execute(way, file, options, layers, folder):
    out = folder / way
    watched = ["--out", out, *[f"--probe=layer{layer}.s_out" for layer in range(layers)]]
    if way == "imported":
        run("basalt", "import", file, "-o", folder / "net.yaml", *options)
        run("basalt", "run", folder / "net.yaml", *watched)
    else:
        run("basalt", "run", file, *options, *watched, *(["--interpret"] if way == "interpreted" else []))
    return [np.load(out / f"layer{layer}.s_out.npy") for layer in range(layers)]


def to_lava(rows):
    """Images as x, y, channel."""
    return rows.transpose(0, 3, 2, 1) if rows.ndim == 4 else rows


@dataclasses.dataclass
class Case:
    """A file: what writes it, what then returns the shape of a row, options in the words of reference_net.py."""

    name: str
    write: Callable
    shape: Callable
    settings: dict


def check(case, folder, ways):
    """The number of problems, which are printed, and how many messages each layer sends."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{case.name}.net"
    with h5py.File(file, "w") as output:
        case.write(output)
    shape = case.shape()
    count = STEPS * int(np.prod(shape))
    rows = ((np.arange(count) * 7919 % 23 % 3 == 0) * (1 + np.arange(count) % 5)).reshape(STEPS, *shape)
    np.save(folder / "rows.npy", to_lava(rows))
    expected = reference_net.run(file, rows, STEPS, **case.settings)
    options = [f"--input={folder}/rows.npy"]
    options += [f"--net-{key.replace('_', '-')}={value}" for key, value in case.settings.items()]
    problems = 0
    for way in ways:
        for layer, found in enumerate(execute(way, file, options, len(expected), folder)):
            wanted = to_lava(expected[layer])
            if not np.array_equal(found, wanted):
                step = np.argwhere(found != wanted)[0]
                print(f"{folder.name} {case.name}, {way}: layer {layer} differs at {step}: "
                      f"{found[tuple(step)]}, expected {wanted[tuple(step)]}")  # fmt: skip
                problems += 1
    return problems, [int((layer != 0).sum()) for layer in expected]


def check_all(cases, root, ways, what):
    """Cases by number, each in a folder of its own."""
    problems, messages = 0, []
    for number, case in cases.items():
        found, sent = check(case, root / str(number), ways)
        problems += found
        messages += sent
    print(f"{len(cases)} {what}, {sum(messages)} messages, {messages.count(0)} silent layers, {problems} problems")


def main():
    cases = [Case(name, getattr(make_net, "case_" + name), lambda shape=shape: shape, settings) for name, shape, settings in CASES]
    check_all(dict(enumerate(cases)), pathlib.Path(sys.argv[1]), sys.argv[2:], "runs")


if __name__ == "__main__":
    main()
