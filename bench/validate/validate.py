#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares the dynamics of our large networks with Brian2's and with published rates.

    bench/validate/validate.py [--build BUILD] [--seconds S] [networks]

Both simulate the same network for S seconds after 200 ms, with random numbers of their own. For each population:
the rate; the CV of intervals, averaged over neurons with at least three; the correlation of spike counts in 5 ms, averaged over
pairs of 200 neurons. Both have a standard error, from the S seconds in ten parts; realisations of a network differ more, so a
difference counts if it is above the tolerance of the network. Prints a table; exits with 1 if something is off.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench"))
import networks

WARM, DT, BIN = 0.2, 1e-4, 50  # s, s, steps
PUBLISHED = {  # Hz: of other simulators, with the network's own random numbers in each
    "cuba": {"exc": (5.0, 5.9), "inh": (5.0, 5.9)},
    "coba": {"exc": (15.0, 18.5), "inh": (15.0, 18.5)},
    "brunel": {"exc": (31.0, 32.6), "inh": (31.0, 32.6)},
    "microcircuit": {
        "e23": (0.67, 0.81), "i23": (3.0, 3.25), "e4": (4.3, 4.6), "i4": (6.85, 7.15),
        "e5": (7.1, 8.0), "i5": (7.4, 8.2), "e6": (1.1, 1.3), "i6": (8.0, 8.3),
    },
}  # fmt: skip
POPULATIONS = {"cuba": [3200, 800], "coba": [3200, 800], "brunel": [10000, 2500]}
# Of the rate (part of it), the CV, the correlation. Vogels and Abbott's networks move most between realisations.
TOLERANCE = {"cuba": (0.12, 0.06, 0.02), "coba": (0.12, 0.1, 0.03), "brunel": (0.03, 0.03, 0.01)}
USUAL = (0.12, 0.06, 0.01)


class Spikes:
    """Steps and neurons of all spikes of a population of `size` in `steps`."""

    def __init__(self, steps_of, neurons, size, steps):
        order = np.lexsort((steps_of, neurons))
        self.steps_of, self.neurons = steps_of[order], neurons[order]
        self.size, self.steps = size, steps

    def rate(self):
        return len(self.neurons) / self.size / (self.steps * DT)

    def rate_error(self):
        parts = np.histogram(self.steps_of, 10, (0, self.steps))[0]
        return parts.std(ddof=1) / np.sqrt(10) / self.size / (self.steps * DT / 10)

    def cv(self):
        same = self.neurons[1:] == self.neurons[:-1]
        intervals, owners = np.diff(self.steps_of)[same].astype(float), self.neurons[1:][same]
        count = np.bincount(owners, minlength=self.size)
        total = np.bincount(owners, intervals, self.size)
        squares = np.bincount(owners, intervals**2, self.size)
        enough = count >= 3
        if not enough.any():
            return np.nan
        mean = total[enough] / count[enough]
        variance = np.maximum(squares[enough] / count[enough] - mean**2, 0)
        return (np.sqrt(variance) / mean).mean()

    def correlation(self):
        """Of neurons that spike at all."""
        chosen = np.unique(self.neurons)
        chosen = chosen[:: max(1, len(chosen) // 200)][:200]
        place = np.full(self.size, -1)
        place[chosen] = np.arange(len(chosen))
        inside = place[self.neurons] >= 0
        bins = self.steps // BIN
        counts = np.zeros((len(chosen), bins + 1))
        np.add.at(counts, (place[self.neurons[inside]], self.steps_of[inside] // BIN), 1)
        matrix = np.corrcoef(counts[:, :bins])
        return np.nanmean(matrix[~np.eye(len(chosen), dtype=bool)])


def split(steps_of, neurons, sizes, steps):
    first = np.concatenate([[0], np.cumsum(sizes)])
    result = []
    for low, high in zip(first[:-1], first[1:]):
        inside = (neurons >= low) & (neurons < high)
        result.append(Spikes(steps_of[inside], neurons[inside] - low, high - low, steps))
    return result


def ours(setup, name, sizes, seconds, folder):
    network, steps = networks.NETWORKS[name], round(seconds / DT)
    warm = round(WARM / DT)
    net = folder / "net.yaml"
    net.write_text(networks.net_text(setup, network, False))
    probes = [word for port in network.ports for word in ("--probe", f"net.{port}")]
    command = [setup.basalt, "run", net, "--no-print", "--steps", str(warm + steps), "--out", folder, *probes]
    subprocess.run(command, check=True)
    steps_of, neurons, first = [], [], 0
    for port, count in network.ports.items():
        sent = np.load(folder / f"net.{port}.npy", mmap_mode="r")
        for start in range(warm, warm + steps, 1000):
            when, who = np.nonzero(sent[start : start + 1000])
            steps_of.append(when + start - warm)
            neurons.append(who + first)
        first += count
    return split(np.concatenate(steps_of), np.concatenate(neurons), sizes, steps)


def brian2(name, sizes, seconds, folder):
    script = ROOT / "bench" / "peers" / "brian2_networks.py"
    command = ["/usr/bin/python3", "-W", "ignore", script, name, folder / "brian2", "--seconds", str(seconds), "--record"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    results = json.loads(printed.splitlines()[-1])["results"]
    subprocess.run(["./main"], cwd=folder / "brian2", check=True, stdout=subprocess.DEVNULL)
    read = folder / "brian2" / "results"
    neurons = np.fromfile(read / results["i"], np.int32)
    steps_of = np.round((np.fromfile(read / results["t"]) - WARM) / DT).astype(int)
    steps = round(seconds / DT)
    return split(np.clip(steps_of, 0, steps - 1), neurons, sizes, steps)


def compare(name, labels, found, expected):
    rate_part, cv_most, correlation_most = TOLERANCE.get(name, USUAL)
    good = True
    for label, a, b in zip(labels, found, expected):
        rates = a.rate(), b.rate()
        error = np.hypot(a.rate_error(), b.rate_error())
        low, high = PUBLISHED[name][label]
        checks = {
            "rate": abs(rates[0] - rates[1]) <= rate_part * rates[1] + 3 * error,
            "published rate": low - 3 * error <= rates[0] <= high + 3 * error,
            "CV": not abs(a.cv() - b.cv()) > cv_most,
            "correlation": not abs(a.correlation() - b.correlation()) > correlation_most,
        }
        wrong = [check for check, holds in checks.items() if not holds]
        good &= not wrong
        print(
            f"{name:13s} {label:4s} rate {rates[0]:7.3f} {rates[1]:7.3f} Hz (published {low:g} to {high:g})"
            f"  CV {a.cv():.3f} {b.cv():.3f}  correlation {a.correlation():7.4f} {b.correlation():7.4f}"
            f"  {'good' if not wrong else 'OFF: ' + ', '.join(wrong)}"
        )
    return good


class Setup:
    def __init__(self, build):
        self.root, self.basalt = ROOT, build / "bin" / "basalt"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build")
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("networks", nargs="*", help=f"of {', '.join(PUBLISHED)}; default: all")
    args = parser.parse_args()
    good = True
    print("ours and Brian2's")
    for name in args.networks or PUBLISHED:
        labels = list(PUBLISHED[name])
        sizes = POPULATIONS.get(name, list(networks.NETWORKS[name].ports.values()))
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            found = ours(Setup(args.build), name, sizes, args.seconds, folder)
            expected = brian2(name, sizes, args.seconds, folder)
            good &= compare(name, labels, found, expected)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
