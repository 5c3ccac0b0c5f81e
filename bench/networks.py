# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Large networks of biophysical neurons, those of the examples, beside Brian2 and beside what the machine can do.

A real-time factor (RTF) is the time that a second of the network takes. Ours is the slope between a short and a long
run, Brian2's its program's own measure of its loop over time steps; both leave out the start and the first 200 ms.
Runs alternate, medians count. On one thread it is time on a processor, which others on the machine do not change much; on
more it is the time on the wall. The limit adds up what Limits.cpp has measured for the synaptic events, neurons and
draws that the network takes.
"""

import dataclasses
import functools
import json
import pathlib
import re
import statistics

import measure
import programs

STEPS = 10_000  # of a second
WARM = 2_000


@dataclasses.dataclass
class Network:
    example: str
    process: str
    ports: dict  # of spikes: the number of neurons
    synapses: float
    seconds: int  # of the network in a run
    times: float = None  # aim: so many times as fast as Brian2
    rtf: float = None  # aim on one thread
    rtf_threads: float = None  # aim on two threads
    parameters: str = ""
    peer: str = ""  # name for brian2_networks.py, if it can be run
    delivery: str = "memory_rows_1000_2_bytes"  # limit
    neurons_limit: str = "neurons_4000"
    draws: bool = True  # one for each neuron and step
    threads: int = 2  # that a second run has; 1: none
    repeat: int = 5

    @property
    def neurons(self):
        return sum(self.ports.values())


def microcircuit(scale):
    sizes = [20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948]
    return {p: round(n * scale) for p, n in zip(["e23", "i23", "e4", "i4", "e5", "i5", "e6", "i6"], sizes)}


NETWORKS = {
    "cuba": Network(
        "cuba", "Cuba", {"s_out": 4000}, 320e3, 20, 5, peer="cuba", delivery="cache_rows_80_2_bytes", draws=False, threads=1
    ),
    "coba": Network(
        "coba", "Coba", {"s_out": 4000}, 320e3, 20, 5, peer="coba", delivery="cache_rows_80_2_bytes", draws=False, threads=1
    ),
    "brunel": Network("brunel", "Brunel", {"s_out": 12500}, 15.625e6, 3, 12, 0.42, peer="brunel"),
    "brunel_stdp": Network("brunel_stdp", "PlasticBrunel", {"s_out": 12500}, 15.625e6, 1, 15, peer="brunel_stdp", repeat=2),
    "microcircuit": Network(
        "microcircuit", "Microcircuit", microcircuit(0.1), 2.99e6, 10, 20, parameters="scale: 0.1",
        peer="microcircuit", delivery="memory_rows_60_6_bytes",
    ),
    "microcircuit_full": Network(
        "microcircuit", "Microcircuit", microcircuit(1), 298.9e6, 1, rtf_threads=0.75, parameters="scale: 1.0",
        delivery="memory_rows_60_6_bytes", neurons_limit="neurons_77000",
    ),
}  # fmt: skip
NEEDS = {"microcircuit_full": 8 << 30}  # bytes of memory


def net_text(setup, network, statistics_too):
    given = f", {network.parameters}" if network.parameters else ""
    text = f"basalt: 1\nimport: [{setup.root}/examples/{network.example}/network.yaml]\nnetwork:\n  instances:\n"
    text += f"    net: {{class: {network.process}{given}}}\n"
    if statistics_too:
        for port, count in network.ports.items():
            text += f"    of_{port}: {{class: SpikeStatistics, shape: {count}, label: {port}, start: {WARM / 10}}}\n"
        text += "  connections:\n"
        text += "".join(f"    - net.{port} -> of_{port}.s_in\n" for port in network.ports)
    return text + f"run: {{steps: {STEPS}, select_tag: f32}}\n"


def rate_of(setup, network, folder):
    """Spikes of a neuron in a second."""
    net = folder / "rates.yaml"
    net.write_text(net_text(setup, network, True))
    steps = WARM + STEPS * min(network.seconds, 3)
    printed = measure.run([setup.basalt, "run", net, "--steps", steps])
    rates = {port: float(rate) for port, rate in re.findall(r"^(\w+): ([\d.]+) Hz", printed, re.MULTILINE)}
    return sum(rates[port] * count for port, count in network.ports.items()) / network.neurons


class Ours:
    def __init__(self, setup, network, folder):
        self.network, self.simulator = network, folder / "simulator"
        net = folder / "net.yaml"
        net.write_text(net_text(setup, network, False))
        compiled = programs.run([setup.basalt, "compile", net, "-o", self.simulator])
        self.compile_seconds = compiled.cpu
        self.memory = self.start = 0

    def rtf(self, threads):
        """On the wall and on processors, of one repetition."""
        command = [self.simulator, "--no-print", "--threads", threads, "--steps"]
        short = programs.run([*command, WARM])
        long = programs.run([*command, WARM + STEPS * self.network.seconds])
        self.memory, self.start = long.memory, short.wall
        return (long.wall - short.wall) / self.network.seconds, (long.cpu - short.cpu) / self.network.seconds


class Brian2:
    def __init__(self, setup, network, folder):
        self.network, self.folder = network, folder / "brian2"
        script = setup.root / "bench" / "peers" / "brian2_networks.py"
        printed = measure.run(
            ["/usr/bin/python3", "-W", "ignore", script, network.peer, self.folder, "--seconds", network.seconds]
        )
        self.compile_seconds = json.loads(printed.splitlines()[-1])["compile_s"]
        self.memory = self.spikes = 0

    def rtf(self, threads):
        assert threads == 1
        printed = programs.run(["./main"], folder=self.folder).output
        marks = [tuple(map(float, mark)) for mark in re.findall(r"MARK ([\d.]+) ([\d.]+)", printed)]
        self.memory = 1024 * int(re.findall(r"VmHWM:\s+(\d+)", printed)[-1])
        self.spikes = int(re.findall(r"SPIKES (\d+)", printed)[-1])
        return tuple((after - before) / self.network.seconds for before, after in zip(marks[-2], marks[-1]))


@functools.cache
def limits(program):
    printed = measure.run([program])
    return {name: float(rate) for name, rate in (line.split() for line in printed.splitlines())}


def least_rtf(network, rate, known):
    """What the limits allow on one thread."""
    steps = network.neurons * STEPS
    least = rate * network.synapses / known[network.delivery] + steps / known[network.neurons_limit]
    return least + (steps / known["poisson_12500"] if network.draws else 0)


def available_memory():
    text = pathlib.Path("/proc/meminfo").read_text(encoding="ascii")
    return 1024 * int(re.search(r"MemAvailable:\s+(\d+)", text).group(1))


def measure_network(setup, name, known):
    network = NETWORKS[name]
    folder = setup.scratch / name
    folder.mkdir()
    ours = Ours(setup, network, folder)
    peer = Brian2(setup, network, folder) if network.peer and setup.peers else None
    single, double, other = [], [], []
    for _ in range(network.repeat):
        single.append(ours.rtf(1)[1])
        if network.threads > 1:
            double.append(ours.rtf(network.threads)[0])
        if peer:
            other.append(peer.rtf(1)[1])
    memory = ours.memory
    rtf = statistics.median(single)
    rate = rate_of(setup, network, folder)
    events = rate * network.synapses
    brian = statistics.median(other) if peer else None
    aims = [brian / network.times if brian and network.times else None, network.rtf]
    aim = min((each for each in aims if each), default=None)

    def row(what, value, unit, **more):
        return measure.Row(name, what, value, unit, **more)

    result = [
        row("a second, 1 thread", rtf, "s", aim=aim, peer=brian, limit=least_rtf(network, rate, known)),
        row("synaptic events, 1 thread", events / rtf / 1e6, "M/s"),
        row("rate", rate, "Hz", peer=peer.spikes / network.neurons / network.seconds if peer else None),
        row("memory for a synapse", memory / network.synapses, "B", peer=peer.memory / network.synapses if peer else None),
        row("compile", ours.compile_seconds, "s", aim=1.5, peer=peer.compile_seconds if peer else None),
        row(f"start, {network.threads} thread" + "s" * (network.threads > 1), ours.start, "s"),
    ]
    if double:
        result.insert(1, row(f"a second, {network.threads} threads", statistics.median(double), "s", aim=network.rtf_threads))
    return result


def rows(setup, names=None):
    is_first = not limits.cache_info().currsize
    known = limits(setup.build / "bench" / "basalt-bench-limits")
    result = [measure.Row("limits", name, rate / 1e9, "G/s") for name, rate in known.items() if is_first]
    for name in names or NETWORKS:
        if available_memory() < NEEDS.get(name, 0):
            print(f"bench: {name}: skipped, it needs {NEEDS[name] >> 30} GiB of memory")
            continue
        result += measure_network(setup, name, known)
    return result
