# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares biophysical neurons of the library with their differential equations.

    dynamics.py FOLDER

Each neuron runs on a spike train and a current. The reference integrates the equations of its documentation with
Runge and Kutta's method in small steps; only what happens at the ends of steps (input that
arrives, thresholds, resets) is the same. Linear models must agree to rounding. Others must come closer
four times at half the step, as methods of second order do. Prints one line a model.
"""

import json
import pathlib
import subprocess
import sys

import numpy as np

LENGTH = 60.0  # ms
DT = 0.1  # ms
SMALL = 20  # steps of the reference in one
INPUT = [3.0, 3.5, 9.0, 15.2, 15.3, 15.4, 22.0, 30.5, 41.1, 48.0]  # ms
E = np.exp(1)


class Model:
    """One neuron: `defaults` are parameters, `start` the initial state by name, V_m first."""

    tolerance = 1e-9  # of V_m in mV, if the model is exact
    order = 0  # of the error in dt, if it is not
    port = "a_in"
    weight = 1.0
    given = {}
    reset = "V_reset"

    def drift(self, x, p):
        raise NotImplementedError

    def arrive(self, x, weight, p):
        raise NotImplementedError

    def is_spike(self, old, new, p):
        return new["V_m"] >= p["V_th"]

    def fire(self, x, p):
        x["V_m"] = p["V_reset"]


class Exponential(Model):
    name, weight = "iaf_psc_exp", 1400.0
    defaults = dict(C_m=250.0, tau_m=10.0, tau_syn_ex=2.0, t_ref=2.0, E_L=-70.0, V_th=-55.0, V_reset=-70.0, I_e=0.0)
    given = dict(I_e=150.0, tau_syn_ex=1.5)
    start = {"V_m": -70.0, "i_syn_ex": 0.0}

    def drift(self, x, p):
        v = (p["E_L"] - x["V_m"]) / p["tau_m"] + (p["I_e"] + x["i_syn_ex"]) / p["C_m"]
        return {"V_m": v, "i_syn_ex": -x["i_syn_ex"] / p["tau_syn_ex"]}

    def arrive(self, x, weight, p):
        x["i_syn_ex"] += weight


class Alpha(Exponential):
    name, weight = "iaf_psc_alpha", 700.0
    start = {"V_m": -70.0, "I_ex": 0.0, "dI_ex": 0.0}

    def drift(self, x, p):
        v = (p["E_L"] - x["V_m"]) / p["tau_m"] + (p["I_e"] + x["I_ex"]) / p["C_m"]
        tau = p["tau_syn_ex"]
        return {"V_m": v, "I_ex": x["dI_ex"] - x["I_ex"] / tau, "dI_ex": -x["dI_ex"] / tau}

    def arrive(self, x, weight, p):
        x["dI_ex"] += weight * E / p["tau_syn_ex"]


class AlmostEqual(Alpha):
    """Time constants at which the formulas of propagators lose their digits."""

    given = dict(I_e=150.0, tau_syn_ex=10.00001)
    weight = 300.0


class Delta(Exponential):
    name, weight = "iaf_psc_delta", 6.0
    given = dict(I_e=200.0)
    start = {"V_m": -70.0}

    def drift(self, x, p):
        return {"V_m": (p["E_L"] - x["V_m"]) / p["tau_m"] + p["I_e"] / p["C_m"]}

    def arrive(self, x, weight, p):
        if not x["held"]:
            x["V_m"] += weight


class Conductance(Model):
    name, port, weight, order = "iaf_cond_exp", "a_exc", 30.0, 2
    defaults = dict(
        C_m=250.0, g_L=16.6667, tau_syn_ex=0.2, t_ref=2.0, E_L=-70.0, E_ex=0.0, V_th=-55.0, V_reset=-60.0, I_e=0.0
    )
    given = dict(I_e=200.0, tau_syn_ex=2.0, V_th=-20.0)  # so that no spike is a step earlier or later
    start = {"V_m": -70.0, "g_ex": 0.0}

    def drift(self, x, p):
        current = p["g_L"] * (p["E_L"] - x["V_m"]) + x["g_ex"] * (p["E_ex"] - x["V_m"]) + p["I_e"]
        return {"V_m": current / p["C_m"], "g_ex": -x["g_ex"] / p["tau_syn_ex"]}

    def arrive(self, x, weight, p):
        x["g_ex"] += weight


class Adaptive(Conductance):
    name, weight = "aeif_cond_exp", 20.0
    defaults = dict(
        C_m=281.0, g_L=30.0, Delta_T=2.0, tau_w=144.0, tau_syn_ex=0.2, t_ref=0.0, E_L=-70.6, E_ex=0.0, V_th=-50.4,
        V_peak=0.0, V_reset=-60.0, a=4.0, b=80.5, I_e=0.0,
    )  # fmt: skip
    given = dict(I_e=300.0, tau_syn_ex=1.0)
    start = {"V_m": -70.6, "w": 0.0, "g_ex": 0.0}

    def drift(self, x, p):
        v = x["V_m"]
        rise = p["g_L"] * p["Delta_T"] * np.exp((min(v, p["V_peak"]) - p["V_th"]) / p["Delta_T"])
        current = p["g_L"] * (p["E_L"] - v) + rise - x["w"] + x["g_ex"] * (p["E_ex"] - v) + p["I_e"]
        w = (p["a"] * (v - p["E_L"]) - x["w"]) / p["tau_w"]
        return {"V_m": current / p["C_m"], "w": w, "g_ex": -x["g_ex"] / p["tau_syn_ex"]}

    def is_spike(self, old, new, p):
        return new["V_m"] >= p["V_peak"]

    def fire(self, x, p):
        x["V_m"] = p["V_reset"]
        x["w"] += p["b"]


class HodgkinHuxley(Alpha):
    name, weight, order = "hh_psc_alpha", 1500.0, 2
    defaults = dict(
        C_m=100.0, tau_syn_ex=0.2, t_ref=2.0, g_Na=12000.0, g_K=3600.0, g_L=30.0, E_Na=50.0, E_K=-77.0, E_L=-54.402,
        I_e=0.0,
    )  # fmt: skip
    given = dict(I_e=300.0, tau_syn_ex=1.0)
    start = {"V_m": -65.0, "m": 0.0529325, "h": 0.5961208, "n": 0.3176769, "I_ex": 0.0, "dI_ex": 0.0}

    def drift(self, x, p):
        v, tau = x["V_m"], p["tau_syn_ex"]
        sodium, potassium = p["g_Na"] * x["m"] ** 3 * x["h"], p["g_K"] * x["n"] ** 4
        current = sodium * (p["E_Na"] - v) + potassium * (p["E_K"] - v) + p["g_L"] * (p["E_L"] - v)
        rates = {
            "m": (0.1 * (v + 40) / (1 - np.exp(-(v + 40) / 10)), 4 * np.exp(-(v + 65) / 18)),
            "h": (0.07 * np.exp(-(v + 65) / 20), 1 / (1 + np.exp(-(v + 35) / 10))),
            "n": (0.01 * (v + 55) / (1 - np.exp(-(v + 55) / 10)), 0.125 * np.exp(-(v + 65) / 80)),
        }
        gates = {gate: a * (1 - x[gate]) - b * x[gate] for gate, (a, b) in rates.items()}
        v = (current + p["I_e"] + x["I_ex"]) / p["C_m"]
        return {"V_m": v, **gates, "I_ex": x["dI_ex"] - x["I_ex"] / tau, "dI_ex": -x["dI_ex"] / tau}

    def is_spike(self, old, new, p):
        return False  # does not change the state


MODELS = [Exponential(), Alpha(), AlmostEqual(), Delta(), Conductance(), Adaptive(), HodgkinHuxley()]


def integrate(model, p, x, dt, is_held):
    """One step by Runge and Kutta in small ones; held: V_m stays."""

    def drift(y):
        found = model.drift(y, p)
        if is_held:
            found["V_m"] = 0.0
        return found

    def plus(y, k, h):
        return {name: y[name] + h * k[name] for name in k}

    small = dt / SMALL
    names = list(model.start)
    for _ in range(SMALL):
        y = {name: x[name] for name in names}
        a = drift(y)
        b = drift(plus(y, a, small / 2))
        c = drift(plus(y, b, small / 2))
        d = drift(plus(y, c, small))
        for name in names:
            x[name] += small / 6 * (a[name] + 2 * b[name] + 2 * c[name] + d[name])


def reference(model, p, dt):
    """V_m after each step."""
    x, held, trace = {**model.start, "held": False}, 0, []
    arrivals = np.round(np.array(INPUT) / dt).astype(int)
    for step in range(1, round(LENGTH / dt) + 1):
        x["held"] = held > 0
        old = dict(x)
        integrate(model, p, x, dt, held > 0)
        for _ in range(np.count_nonzero(arrivals == step)):
            model.arrive(x, model.weight, p)
        held = max(held - 1, 0)
        if model.is_spike(old, x, p):
            model.fire(x, p)
            held = round(p["t_ref"] / dt)
        trace.append(x["V_m"])
    return np.array(trace)


def simulated(model, dt, folder, tag="f64"):
    spikes = {"class": "SpikeGenerator", "shape": 1, "spike_times": INPUT, "dt": dt, "weight": model.weight}
    neuron = {"class": model.name, "shape": 1, "dt": dt, **model.given}
    net = {
        "basalt": 1,
        "network": {
            "instances": {"spikes": spikes, "neuron": neuron},
            "connections": [f"spikes.a_out -> neuron.{model.port}"],
        },
        "run": {"steps": round(LENGTH / dt), "select_tag": tag, "probes": ["neuron.V_m", "neuron.s_out"]},
    }
    path = folder / f"{type(model).__name__}.yaml"
    path.write_text(json.dumps(net))
    subprocess.run(["basalt", "run", "--interpret", "--out", folder, path], check=True)
    return np.load(folder / "neuron.V_m.npy")[:, 0], int(np.load(folder / "neuron.s_out.npy").sum())


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for model in MODELS:
        p = {**model.defaults, **model.given}

        expected = reference(model, p, DT)
        # Of a model that is not exact before the first spike, whose moment depends on the error.
        jumps = np.flatnonzero(np.abs(np.diff(expected)) > 8) if model.order else []
        length = jumps[0] - 20 if len(jumps) else len(expected)

        def error(tag, model=model, expected=expected, length=length):
            trace, spikes = simulated(model, DT, folder, tag)
            return np.abs(trace - expected)[:length].max(), spikes

        coarse, spikes = error("f64")
        single, _ = error("f32")
        if model.order:
            trace, _ = simulated(model, DT / 2, folder)
            fine = np.abs(trace - reference(model, p, DT / 2))[1 : 2 * length : 2].max()
            good = 3 < coarse / fine < 5.5 and coarse < 0.2
            text = f"error {coarse:.2g}, at half the step {fine:.2g}"
        else:
            good = coarse < model.tolerance and single < 1e-3 and spikes > 0
            text = f"exact, {spikes} spikes, f32 within {single:.1g}"
        print(f"{type(model).__name__}: {'good' if good else 'WRONG'} ({text})")


if __name__ == "__main__":
    main()
