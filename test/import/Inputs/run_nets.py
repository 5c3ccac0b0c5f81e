# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs files of make_net.py in several ways and compares what every layer sends with reference_net.py.

    run_nets.py FOLDER [WAY...]

WAY is native, interpreted or imported: from the YAML that `basalt import` writes.
"""

import pathlib
import subprocess
import sys

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


def check(name, write, shape, settings, folder, ways):
    """The number of problems, which are printed, and how many messages each layer sends. `write` fills a file, whose rows then
    have the shape that `shape` returns."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.net"
    with h5py.File(file, "w") as output:
        write(output)
    count = STEPS * int(np.prod(shape()))
    rows = ((np.arange(count) * 7919 % 23 % 3 == 0) * (1 + np.arange(count) % 5)).reshape(STEPS, *shape())
    np.save(folder / "rows.npy", to_lava(rows))
    expected = reference_net.run(file, rows, STEPS, **settings)
    options = [f"--input={folder}/rows.npy"]
    options += [f"--net-{key.replace('_', '-')}={value}" for key, value in settings.items()]
    problems = 0
    for way in ways:
        for layer, found in enumerate(execute(way, file, options, len(expected), folder)):
            wanted = to_lava(expected[layer])
            if not np.array_equal(found, wanted):
                step = np.argwhere(found != wanted)[0]
                print(f"{folder.name} {name}, {way}: layer {layer} differs at {step}: "
                      f"{found[tuple(step)]}, expected {wanted[tuple(step)]}")  # fmt: skip
                problems += 1
    return problems, [int((layer != 0).sum()) for layer in expected]


def main():
    root, ways = pathlib.Path(sys.argv[1]), sys.argv[2:]
    problems, messages = 0, []
    for number, (name, shape, settings) in enumerate(CASES):
        write = getattr(make_net, "case_" + name)
        found, sent = check(name, write, lambda shape=shape: shape, settings, root / str(number), ways)
        problems += found
        messages += sent
    silent = messages.count(0)
    print(f"{len(CASES)} runs, {sum(messages)} messages, {silent} silent layers, {problems} problems")


if __name__ == "__main__":
    main()
