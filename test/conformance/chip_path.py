# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Cases on a neurocore: an image, and the emulator. not_on_chips.txt has those that no chip holds, with
what the compiler says."""

import pathlib
import subprocess

TIMEOUT = 300
HERE = pathlib.Path(__file__).resolve().parent


class NoChip(Exception):
    """No chip holds the case, and the compiler has said so."""


class Chip:
    """A way of running: options of `basalt compile --target=neurocore`."""

    def __init__(self, *options):
        self.options = options


WAYS = {"chip": Chip(), "cores": Chip("--neurons-per-core=2")}


def refusals():
    """Name of a case -> part of the error."""
    lines = (HERE / "not_on_chips.txt").read_text().splitlines()
    pairs = [line.split(":", 1) for line in lines if line and not line.startswith("#")]
    return {name.strip(): reason.strip() for name, reason in pairs}


def run(case, basalt, net, out, chip):
    """The problems of a case, as texts; raises NoChip where there is nothing to run."""
    if case.json["dtype"] != "int64":
        raise NoChip
    out.mkdir(exist_ok=True)
    image = out / "net.nci"
    command = [basalt, "compile", "--target=neurocore", *chip.options, net, "-o", image]
    compiled = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=False)
    expected = refusals().get(case.name)
    if expected:
        if compiled.returncode == 1 and expected in compiled.stderr:
            raise NoChip
        return [f"expected exit code 1 and '{expected}', found {compiled.returncode}", compiled.stderr.rstrip()]
    if compiled.returncode != 0:
        return [f"exit code {compiled.returncode} of {' '.join(map(str, command))}", compiled.stderr.rstrip()]
    command = [basalt, "emulate", image, "--out", out]
    emulated = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=False)
    if emulated.returncode != 0:
        return [f"exit code {emulated.returncode} of {' '.join(map(str, command))}", emulated.stderr.rstrip()]
    return []
