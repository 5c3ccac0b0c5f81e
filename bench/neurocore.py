# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Images of neurocores: how long they take to compile and how large they are, against synapses; how
fast the emulator runs them, beside a native simulator of the same network, with the same spikes."""

import measure
import numpy

# Neurons a layer; there are two, and n * n synapses in between.
SIZES = (100, 316, 1000)
NET = """\
basalt: 1
network:
  instances:
    sources: {{class: LIF, shape: {n}, du: 4095, dv: 0, vth: 1000, bias_mant: {{file: bias.npy}}}}
    dense: {{class: Dense, weights: {{file: weights.npy}}}}
    targets: {{class: LIF, shape: {n}, du: 400, dv: 200, vth: 90}}
  connections:
    - sources.s_out -> dense.s_in
    - dense.a_out -> targets.a_in
run:
  steps: 100
  select_tag: fixed_pt
  get: [targets.v, targets.u]
"""


def network(folder, n):
    """A network in the folder, and its synaptic operations in a step."""
    folder.mkdir()
    random = numpy.random.default_rng(n)
    # Even, as Loihi's mixed weights are.
    weights = 2 * random.integers(-20, 24, (n, n), dtype=numpy.int32)
    bias = random.integers(400, 4000, n, dtype=numpy.int32)
    numpy.save(folder / "weights.npy", weights)
    numpy.save(folder / "bias.npy", bias)
    (folder / "net.yaml").write_text(NET.format(n=n))
    # A source whose voltage goes up by its bias spikes in every k-th step.
    return n * float((1 / (64000 // bias.astype(float) + 1)).sum())


def slope(command, folder, few, many):
    """Seconds of a step: between a short and a long run."""
    short = measure.median_seconds([*command, "--steps", few, "--out", folder], 3)
    long = measure.median_seconds([*command, "--steps", many, "--out", folder], 3)
    return (long - short) / (many - few)


def rows(setup):
    result = []
    for n in SIZES:
        folder = setup.scratch / f"neurocore_{n}"
        operations = network(folder, n)
        image, program = folder / "net.nci", folder / "net"
        to_image = [setup.basalt, "compile", folder / "net.yaml", "--target=neurocore", "-o", image]
        compiling = measure.median_seconds(to_image, 3 if n <= 1000 else 1)
        measure.run([setup.basalt, "compile", folder / "net.yaml", "-o", program])

        few, many = 20, 20 + max(200, 2_000_000 // n)
        emulator = slope([setup.basalt, "emulate", image], folder / "emulated", few, many)
        native = slope([program], folder / "native", few, many)
        for name in ("u", "v"):
            of_both = [numpy.load(folder / way / f"targets.{name}.final.npy") for way in ("emulated", "native")]
            assert (of_both[0] == of_both[1]).all(), f"{n} neurons: the emulator has another {name}"

        what = f"{n * n / 1e6:.3g} million synapses"
        result += [
            measure.Row("neurocore", f"{what}, compile", compiling, "s"),
            measure.Row("neurocore", f"{what}, image, bytes a synapse", image.stat().st_size / n / n, ""),
            measure.Row("neurocore", f"{what}, emulator, steps", 1e-3 / emulator, "k/s"),
            measure.Row("neurocore", f"{what}, emulator, synaptic operations", operations / emulator / 1e9, "G/s"),
            measure.Row("neurocore", f"{what}, emulator over native, time of a step", emulator / native, "", 5),
        ]
    return result
