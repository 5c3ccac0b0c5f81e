# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Images of neurocores: how long they take to compile and how large they are, against synapses; how
fast the emulator runs them, beside a native simulator of the same network, with the same spikes."""

import lif_network
import measure
import numpy

# Neurons a layer; there are two, and n * n synapses in between.
SIZES = (100, 316, 1000)


def operations_of_step(bias):
    """Synaptic operations: a source whose voltage goes up by its bias spikes in every k-th step."""
    return len(bias) * float((1 / (64000 // bias.astype(float) + 1)).sum())


def rows(setup):
    result = []
    for n in SIZES:
        folder = setup.scratch / f"neurocore_{n}"
        _, bias = lif_network.write(folder, n)
        operations = operations_of_step(bias)
        image, program = folder / "net.nci", folder / "net"
        to_image = [setup.basalt, "compile", folder / "net.yaml", "--target=neurocore", "-o", image]
        compiling = measure.median_seconds(to_image, 3 if n <= 1000 else 1)
        measure.run([setup.basalt, "compile", folder / "net.yaml", "-o", program])

        few, many = 20, 20 + 100_000_000 // n  # long beside the start of a program
        emulator = lif_network.seconds_of_step([setup.basalt, "emulate", image], folder / "emulated", few, many)
        native = lif_network.seconds_of_step([program], folder / "native", few, many)
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
