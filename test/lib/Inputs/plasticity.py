# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares plastic synapses of the library with sums over pairs of spikes, and what generators send with what they should.

    plasticity.py FOLDER

Weights and what arrives must agree to rounding. Prints one line for each process.
"""

import json
import pathlib
import subprocess
import sys

import numpy as np

DT, STEPS, SOURCES, TARGETS, DELAY = 0.1, 400, 4, 3, 15
GENERATOR = np.random.default_rng(7)
PRE = GENERATOR.random((STEPS + 1, SOURCES)) < 0.05  # rows are steps, from 1
POST = GENERATOR.random((STEPS + 1, TARGETS)) < 0.05
PRE[0] = POST[0] = False
WEIGHTS = GENERATOR.uniform(20, 80, (TARGETS, SOURCES)) * (GENERATOR.random((TARGETS, SOURCES)) < 0.8)


def run(folder, instances, connections, probes, steps=STEPS):
    net = {
        "basalt": 1,
        "network": {"instances": instances, "connections": connections},
        "run": {"steps": steps, "probes": probes, "select_tag": "f64"},
    }
    path = folder / "net.yaml"
    path.write_text(json.dumps(net))
    subprocess.run(["basalt", "run", "--interpret", "--out", folder, path], check=True)
    return [np.load(folder / f"{probe}.npy") for probe in probes]


def train(spikes):
    steps, senders = np.nonzero(spikes)
    return {
        "class": "SpikeGenerator",
        "shape": spikes.shape[1],
        "spike_times": [round(float(step * DT), 1) for step in steps],
        "senders": [int(sender) for sender in senders],
    }


def trace(spikes, step, tau):
    """Of each column of `spikes`, those before `step`."""
    age = (step - np.arange(step)) * DT
    return np.exp(-age / tau) @ spikes[:step]


def check_stdp(folder, name, parameters, tau_plus, tau_minus, down, up):
    instances = {
        "pre": train(PRE),
        "post": train(POST),
        "synapses": {"class": name, "weights": WEIGHTS.tolist(), "delay": DELAY, **parameters},
    }
    connections = ["pre.s_out -> synapses.s_in", "post.s_out -> synapses.s_in_bap"]
    weights, arrived = run(folder, instances, connections, ["synapses.weights", "synapses.a_out"])
    w, exists = WEIGHTS.copy(), WEIGHTS != 0
    arrivals = np.zeros_like(PRE)
    arrivals[DELAY:] = PRE[:-DELAY]
    error = 0.0
    for step in range(1, STEPS + 1):
        error = max(error, np.abs(arrived[step - 1] - w @ arrivals[step]).max())
        minus = trace(POST, step, tau_minus)[:, None]
        w = np.where(exists & arrivals[step], np.maximum(down(w, minus), 0), w)
        w = np.where(exists & POST[step][:, None], up(w, trace(arrivals, step, tau_plus)), w)
        error = max(error, np.abs(weights[step - 1] - w).max())
    report(name, error < 1e-9 and np.abs(w - WEIGHTS).max() > 1, f"within {error:.1g}")


def check_tsodyks(folder):
    U, tau_rec, tau_fac = 0.3, 12.0, 7.0
    delays = np.arange(TARGETS * SOURCES).reshape(TARGETS, SOURCES) % 6 + 1
    instances = {
        "pre": train(PRE),
        "synapses": {
            "class": "TsodyksSynapses",
            "weights": WEIGHTS.tolist(),
            "delays": delays.tolist(),
            "U": U,
            "tau_rec": tau_rec,
            "tau_fac": tau_fac,
        },
    }
    arrived, _ = run(folder, instances, ["pre.s_out -> synapses.s_in"], ["synapses.a_out", "synapses.x"])
    expected = np.zeros((STEPS + 10, TARGETS))
    for source in range(SOURCES):
        x, u, last = 1.0, 0.0, None
        for step in np.flatnonzero(PRE[:, source]):
            if last is not None:  # from spike to spike, as in the publication
                x = 1 + (x - x * u - 1) * np.exp(-(step - last) * DT / tau_rec)
                u = U + u * (1 - U) * np.exp(-(step - last) * DT / tau_fac)
            else:
                u = U
            last = step
            for target in range(TARGETS):
                expected[step + delays[target, source], target] += WEIGHTS[target, source] * u * x
    error = np.abs(arrived - expected[1 : STEPS + 1]).max()
    report("TsodyksSynapses", error < 1e-9 and expected.any(), f"within {error:.1g}")


def check_generators(folder):
    instances = {
        "poisson": {"class": "PoissonGenerator", "shape": 3, "rate": [0, 500, 20000], "weight": 0.5},
        "dc": {"class": "DCGenerator", "shape": 2, "amplitude": 3, "start": 0.5, "stop": 1.0},
        "steps": {
            "class": "StepCurrentGenerator",
            "shape": 1,
            "amplitude_times": [0.5, 1.5],
            "amplitude_values": [3, -2],
        },
        "spikes": {
            "class": "SpikeGenerator",
            "shape": 3,
            "spike_times": [0.5, 1.5, 0.5, 0.5],
            "senders": [2, 0, 0, 2],
            "weight": 4,
        },
    }
    probes = ["poisson.s_out", "poisson.a_out", "dc.a_out", "steps.a_out", "spikes.s_out", "spikes.a_out"]
    counts, weighted, dc, current, spikes, jumps = run(folder, instances, [], probes, 4000)
    rates, expected = counts.mean(axis=0) / DT * 1000, np.array([0, 500, 20000])
    near = np.abs(rates - expected) <= 4.5 * np.sqrt(expected / (4000 * DT / 1000))
    spread = counts[:, 2].var() / counts[:, 2].mean()
    report("PoissonGenerator", near.all() and abs(spread - 1) < 0.1 and (weighted == counts * 0.5).all(), f"{rates}")
    time = np.arange(1, 4001)
    report("DCGenerator", (dc == np.where((time > 5) & (time <= 10), 3, 0)[:, None]).all(), "exact")
    step = np.where(time > 15, -2, np.where(time > 5, 3, 0))
    report("StepCurrentGenerator", (current[:, 0] == step).all(), "exact")
    due = np.zeros((4000, 3))
    due[4], due[14] = [1, 0, 2], [1, 0, 0]
    report("SpikeGenerator", (spikes == due).all() and (jumps == 4 * due).all(), "exact")


def report(name, good, text):
    print(f"{name}: {'good' if good else 'WRONG'} ({text})")


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    l, alpha, wmax, mu_plus, mu_minus = 0.05, 1.1, 100.0, 0.6, 0.8
    check_stdp(
        folder,
        "StdpSynapses",
        {"lambda": l, "alpha": alpha, "Wmax": wmax, "mu_plus": mu_plus, "mu_minus": mu_minus},
        20.0,
        20.0,
        lambda w, k: w - l * alpha * wmax * (w / wmax) ** mu_minus * k,
        lambda w, k: np.minimum(w + l * wmax * (1 - w / wmax) ** mu_plus * k, wmax),
    )
    check_stdp(
        folder,
        "StdpPlSynapses",
        {},
        15.0,
        30.0,
        lambda w, k: w - 0.1 * 0.0513 * w * k,
        lambda w, k: w + 0.1 * w**0.4 * k,
    )
    check_tsodyks(folder)
    check_generators(folder)


if __name__ == "__main__":
    main()
