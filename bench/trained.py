# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Trained networks from files, beside NumPy (trained_numpy.py), which must send the same messages in all layers.

One thread each. The time of a step is the slope between a short and a long run, in time on a processor, which others on the
machine do not change much. The files are recorded cases (`--nets DIR`, as for `./dev conformance --nets`); without them there
is nothing to measure.
"""

import dataclasses
import itertools
import statistics
import time
import typing

import measure
import numpy
import programs
import trained_numpy

AIM = 20  # times as fast as NumPy


@dataclasses.dataclass
class Case:
    """A network, its input, and the same in NumPy."""

    file: str  # below the folder of cases
    options: list
    layers: typing.Callable  # of the folder: the layers in NumPy
    inputs: typing.Callable  # of the folder: rows, to be repeated
    watched: list  # ports of the layers of neurons, in their order
    steps: int  # of the long run
    settings: list = dataclasses.field(default_factory=list)  # of the run
    given: bool = True  # whether the rows are the input of the network; otherwise it has none


def layer_ports(count):
    return [f"layer{number}.s_out" for number in range(count)]


def recorded(nets, name):
    """The recorded input of a case of lava-dl, time first."""
    return numpy.moveaxis(numpy.load(nets / "netx" / name / "input.npy"), -1, 0).astype(numpy.int32)


def two_frames(nets):
    """An image for 12 steps and its mirror image for 12: what changes is as much as when a run begins."""
    (frame,) = recorded(nets, "pilotnet_sdnn")
    return numpy.concatenate([numpy.tile(image, (12, 1, 1, 1)) for image in (frame, frame[::-1])])


def lif_bias(nets):
    return nets / "netx" / "pilotnet_lif" / "input.npy"


CASES = {
    "pilotnet_lif": Case(
        "nets/pilotnet_lif.net", ["--net-reset-interval=16"],
        lambda nets: trained_numpy.net(nets / "nets" / "pilotnet_lif.net", 16, numpy.load(lif_bias(nets))),
        lambda nets: numpy.zeros((16, *numpy.load(lif_bias(nets)).shape), numpy.int32), layer_ports(10), 640,
        [lambda nets: f"--set=layer0.bias_mant=@{lif_bias(nets)}"], given=False,
    ),
    "pilotnet_sdnn": Case(
        "nets/pilotnet_sdnn.net", [],
        lambda nets: trained_numpy.net(nets / "nets" / "pilotnet_sdnn.net"), two_frames, layer_ports(9), 2400,
    ),
    "pilotnet_sdnn_moving": Case(
        "nets/pilotnet_sdnn.net", [],
        lambda nets: trained_numpy.net(nets / "nets" / "pilotnet_sdnn.net"),
        lambda nets: recorded(nets, "pilotnet_sdnn_moving"), layer_ports(9), 2400,
    ),
    "oxford_poisson": Case(
        "nets/oxford.net", [],
        lambda nets: trained_numpy.net(nets / "nets" / "oxford.net"),
        lambda nets: recorded(nets, "oxford_poisson"), layer_ports(2), 400_000,
    ),
    "cnn_sinabs": Case(
        "nir/cnn_sinabs.nir", ["--nir-dt=0.0001", "--nir-reset=subtract"],
        lambda nets: trained_numpy.nir(nets / "nir" / "cnn_sinabs.nir"),
        # no network of NIR repeats its input
        lambda nets: numpy.tile(numpy.load(nets / "nir_cases" / "cnn_sinabs" / "input_input.npy"), (100, 1, 1, 1)),
        [f"n{node}.y" for node in (1, 3, 6, 10, 12)], 6000,
    ),
}  # fmt: skip


def repeated(rows, steps):
    return itertools.islice(itertools.cycle(rows), steps)


def numpy_seconds(layers, rows, least=1.0):
    """The time of a step: of as many whole repetitions of the input, 60 steps at most each, as take a second."""
    rows, steps, start = rows[:400], 0, time.process_time()
    while time.process_time() - start < least:
        trained_numpy.run(layers, rows)
        steps += len(rows)
    return (time.process_time() - start) / steps


def check(case, nets, program, folder, rows):
    """All layers of neurons send the same in ours and in NumPy."""
    steps = min(2 * len(rows), 60)
    probes = [f"--probe={port}" for port in case.watched]
    measure.run([*program, "--steps", steps, "--out", folder, *probes])
    sent = []
    trained_numpy.run(case.layers(nets), repeated(rows, steps), sent)
    for port, wanted in zip(case.watched, zip(*sent), strict=True):
        found = numpy.load(folder / f"{port}.npy")
        assert (found == numpy.array(wanted)).all(), f"{case.file}: NumPy has other messages at {port}"


def measure_case(setup, name):
    case, nets, folder = CASES[name], setup.nets, setup.scratch / name
    folder.mkdir()
    rows = case.inputs(nets)
    numpy.save(folder / "input.npy", rows)
    given = [f"--input={folder / 'input.npy'}"] if case.given else []
    compiling = programs.run([setup.basalt, "compile", nets / case.file, *case.options, *given, "-o", folder / "net"])
    program = [folder / "net", *(setting(nets) for setting in case.settings)]
    check(case, nets, program, folder, rows)

    few, many = case.steps // 10, case.steps
    times = []
    for _ in range(5):
        taken = [programs.run([*program, "--steps", steps, "--out", folder]).cpu for steps in (few, many)]
        times.append((taken[1] - taken[0]) / (many - few))
    ours, theirs = statistics.median(times), numpy_seconds(case.layers(nets), rows)
    return [
        measure.Row("trained", f"{name}, a step", 1e6 * ours, "us", aim=1e6 * theirs / AIM, peer=1e6 * theirs),
        measure.Row("trained", f"{name}, compile", compiling.cpu, "s"),
    ]


def rows(setup, names=None):
    if not setup.nets or not (setup.nets / "nets").is_dir():
        print("bench: trained: skipped, it needs recorded networks (--nets DIR)")
        return []
    return [row for name in names or CASES for row in measure_case(setup, name)]
