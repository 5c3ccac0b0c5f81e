#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Builds a network in Brian2's C++ standalone mode, the fastest that it has.

    brian2_networks.py NETWORK FOLDER --seconds S [--threads N] [--record]

makes the program FOLDER/main, which runs 0.2 s of the network unmeasured, then S seconds, and prints both clocks
before and after (MARK), the number of spikes in the S seconds (SPIKES) and its memory (VmHWM). With --record
it also stores the spikes of these S seconds, in FOLDER/results. The last line of output here is a JSON object: how long
code generation and compilation took, numbers of neurons and synapses, the sizes of populations.
Parameters are those of the examples of the same names. With --threads 0 there is no OpenMP in it.
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import time

import brian2 as b
import numpy as np

WARM = 0.2  # s
SEED = 12345


def cuba():
    eqs = """dv/dt = (ge + gi - (v + 49*mV)) / (20*ms) : volt (unless refractory)
             dge/dt = -ge / (5*ms) : volt
             dgi/dt = -gi / (10*ms) : volt"""
    return vogels_abbott(eqs, "exact", "ge_post += 1.62*mV", "gi_post += -9*mV", 0.1 * b.ms)


def coba():
    eqs = """dv/dt = (-(v + 60*mV) + 20*mV + ge*(0*mV - v) + gi*(-80*mV - v)) / (20*ms) : volt (unless refractory)
             dge/dt = -ge / (5*ms) : 1
             dgi/dt = -gi / (10*ms) : 1"""
    return vogels_abbott(eqs, "euler", "ge_post += 0.4", "gi_post += 5.1", 0.8 * b.ms)


def vogels_abbott(eqs, method, excitation, inhibition, delay):
    neurons = b.NeuronGroup(
        4000, eqs, threshold="v > -50*mV", reset="v = -60*mV", refractory=5 * b.ms, method=method
    )
    neurons.v = "-60*mV + rand()*10*mV"
    exc = b.Synapses(neurons, neurons, on_pre=excitation, delay=delay)
    exc.connect("i < 3200", p=0.02)
    inh = b.Synapses(neurons, neurons, on_pre=inhibition, delay=delay)
    inh.connect("i >= 3200", p=0.02)
    return neurons, [3200, 800], [exc, inh], []


def connect_by_indegree(synapses, sources, targets, indegree):
    """As NEST's fixed_indegree: exactly so many for each target, a source may come twice."""
    rng = np.random.default_rng(SEED + sources)
    pre = rng.integers(0, sources, (targets, indegree))
    order = np.argsort(pre, axis=None, kind="stable")
    post = np.repeat(np.arange(targets), indegree)
    synapses.connect(i=pre.ravel()[order], j=post[order])


def brunel():
    neurons = b.NeuronGroup(
        12500,
        "dv/dt = -v / (20*ms) : volt (unless refractory)",
        threshold="v >= 20*mV",
        reset="v = 0*mV",
        refractory=2 * b.ms,
        method="exact",
    )
    neurons.v = "rand()*20*mV"
    outside = b.PoissonInput(neurons, "v", 1000, 20 * b.Hz, 0.1 * b.mV)
    exc = b.Synapses(neurons[:10000], neurons, on_pre="v_post += 0.1*mV", delay=1.5 * b.ms)
    inh = b.Synapses(neurons[10000:], neurons, on_pre="v_post += -0.5*mV", delay=1.5 * b.ms)
    connect_by_indegree(exc, 10000, 12500, 1000)
    connect_by_indegree(inh, 2500, 12500, 250)
    return neurons, [10000, 2500], [exc, inh], [outside]


def brunel_stdp():
    tau, peak = 0.32582722403722841, 45.6096  # ms, pA
    jump = float(np.e / tau)  # of the current's growth for a peak of 1, in 1/ms
    neurons = b.NeuronGroup(
        12500,
        f"""dv/dt = -v / (10*ms) + current / (250*pfarad) : volt (unless refractory)
            dcurrent/dt = growth - current / ({tau!r}*ms) : amp
            dgrowth/dt = -growth / ({tau!r}*ms) : amp/second""",
        threshold="v >= 20*mV",
        reset="v = 0*mV",
        refractory=0.5 * b.ms,
        method="exact",
    )
    neurons.v = "(5.7 + 7.2*randn())*mV"
    outside = b.PoissonInput(neurons, "growth", 1000, 20.856 * b.Hz, jump * peak * b.pamp / b.ms)
    plastic = b.Synapses(
        neurons[:10000],
        neurons[:10000],
        """w : 1
           dpre/dt = -pre / (15*ms) : 1 (event-driven)
           dpost/dt = -post / (30*ms) : 1 (event-driven)""",
        on_pre=f"""growth_post += w*{jump!r}*pamp/ms
                   w = clip(w - 0.1*0.0513*w*post, 0, inf)
                   pre += 1""",
        on_post="""w = w + 0.1*w**0.4*pre
                   post += 1""",
        delay={"pre": 1.5 * b.ms},
    )
    connect_by_indegree(plastic, 10000, 10000, 1000)
    plastic.w = peak
    to_inh = b.Synapses(
        neurons[:10000], neurons[10000:], on_pre=f"growth_post += {jump * peak!r}*pamp/ms", delay=1.5 * b.ms
    )
    connect_by_indegree(to_inh, 10000, 2500, 1000)
    inh = b.Synapses(neurons[10000:], neurons, on_pre=f"growth_post += {-5 * jump * peak!r}*pamp/ms", delay=1.5 * b.ms)
    connect_by_indegree(inh, 2500, 12500, 250)
    return neurons, [10000, 2500], [plastic, to_inh, inh], [outside]


def microcircuit(scale=0.1):
    """The tables are those of the example."""
    import sys

    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "examples" / "microcircuit"))
    import make_network as tables

    rng = np.random.default_rng(SEED)
    full = np.array(tables.NEURONS)
    n = np.round(full * scale).astype(int)
    first = np.concatenate([[0], np.cumsum(n)])
    recurrent = [
        sum(tables.weight(t, s) * tables.synapses_of(t, s) * tables.RATES[s] for s in range(8)) for t in range(8)
    ]
    missing = 0.001 * 0.5 * (1 - np.sqrt(scale)) * (np.array(recurrent) + 87.8 * 8 * np.array(tables.INPUTS))

    def again(mean, deviation, count, is_good):
        values = rng.normal(mean, deviation, count)
        while not (good := is_good(values)).all():
            values[~good] = rng.normal(mean, deviation, np.count_nonzero(~good))
        return values

    parts = []
    for t in range(8):
        for s in range(8):
            count = round(tables.synapses_of(t, s) * scale * n[t])
            mean = tables.weight(t, s) / np.sqrt(scale)
            deviation = abs(mean) * (0.05 if tables.weight(t, s) == 175.6 else 0.1)
            delay = 15 if s % 2 == 0 else 7.5
            weights = again(mean, deviation, count, lambda w, mean=mean: w * mean > 0)
            delays = np.round(again(delay, delay / 2, count, lambda d: d >= 1)) / 10
            pre = first[s] + rng.integers(0, n[s], count)
            parts.append((pre, first[t] + rng.integers(0, n[t], count), weights, delays))
    pre, post, weights, delays = map(np.concatenate, zip(*parts))
    order = np.argsort(pre, kind="stable")
    neurons = b.NeuronGroup(
        int(first[-1]),
        """dv/dt = (-65*mV - v) / (10*ms) + (current + steady) / (250*pfarad) : volt (unless refractory)
           dcurrent/dt = -current / (0.5*ms) : amp
           steady : amp (constant)""",
        threshold="v >= -50*mV",
        reset="v = -65*mV",
        refractory=2 * b.ms,
        method="exact",
    )
    neurons.steady = np.repeat(missing, n) * b.pamp
    neurons.v = np.concatenate([rng.normal(a, s, m) for (a, s), m in zip(tables.START, n)]) * b.mV
    outside = [
        b.PoissonInput(
            neurons[first[i] : first[i + 1]],
            "current",
            round(tables.INPUTS[i] * scale),
            8 * b.Hz,
            87.8 / np.sqrt(scale) * b.pamp,
        )
        for i in range(8)
    ]
    synapses = b.Synapses(neurons, neurons, "w : amp", on_pre="current_post += w")
    synapses.connect(i=pre[order], j=post[order])
    synapses.w = weights[order] * b.pamp
    synapses.delay = delays[order] * b.ms
    return neurons, [int(each) for each in n], [synapses], outside


NETWORKS = {each.__name__: each for each in (cuba, coba, brunel, brunel_stdp, microcircuit)}
CLOCKS = """{ timespec w_, c_; clock_gettime(CLOCK_MONOTONIC, &w_); clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &c_);
printf("MARK %.6f %.6f\\n", w_.tv_sec + 1e-9 * w_.tv_nsec, c_.tv_sec + 1e-9 * c_.tv_nsec); }
"""
AFTER = """{ FILE *f_ = fopen("/proc/self/status", "r"); char l_[256];
while (f_ && fgets(l_, 256, f_)) if (l_[0] == 86 && l_[2] == 72) printf("%%s", l_); if (f_) fclose(f_);
long s_ = 0; for (int i_ = 0; i_ < %d; ++i_) s_ += %s[i_]; printf("SPIKES %%ld\\n", s_); }
"""


def build(name, folder, seconds, threads, record):
    b.set_device("cpp_standalone", build_on_run=False, directory=str(folder))
    b.prefs.devices.cpp_standalone.openmp_threads = threads
    b.prefs.codegen.cpp.extra_compile_args_gcc = ["-w", "-O3", "-ffast-math", "-fno-finite-math-only", "-march=native"]
    b.defaultclock.dt = 0.1 * b.ms
    b.seed(SEED)
    neurons, sizes, synapses, others = NETWORKS[name]()
    monitor = b.SpikeMonitor(neurons, record=record)
    network = b.Network(neurons, monitor, *synapses, *others)
    device = b.get_device()
    count = device.get_array_name(monitor.variables["count"])
    device.insert_code("before_network_run", CLOCKS)
    device.insert_code("after_network_run", CLOCKS + AFTER % (len(neurons), count))
    monitor.active = False
    network.run(WARM * b.second)
    monitor.active = True
    network.run(seconds * b.second)
    start = time.monotonic()
    device.build(directory=str(folder), compile=False, run=False)
    generated = time.monotonic()
    subprocess.run(["make", "-j1"], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return {
        "codegen_s": generated - start,
        "compile_s": time.monotonic() - generated,
        "neurons": len(neurons),
        "sizes": sizes,
        "results": {
            part: device.get_array_filename(monitor.variables[part]).split("/")[-1] for part in (("i", "t") if record else ())
        },
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("network", choices=NETWORKS)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--record", action="store_true")
    args = parser.parse_args()
    if args.folder.exists():
        shutil.rmtree(args.folder)
    print(json.dumps(build(args.network, args.folder, args.seconds, args.threads, args.record)))


if __name__ == "__main__":
    main()
