# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random networks that a chip can hold: neurons and synapses of the library, neurons of their own, loops,
fan-in, and processes on the embedded processor that read and write Vars of neurons."""

import functools
import operator
import random

from behaviour import random_array
from expressions import Node
from neurons import own_neuron
from tree import Connection, Instance, Network, Port, Process, Var

SYNAPSES = ["Dense", "Dense", "Sparse", "DelayDense", "DelaySparse", "Synapses"]


class Library(Process):
    """A process of the library as one instance has it: its Vars, and parameters that it is given."""

    def __init__(self, name, spelled):
        super().__init__(name)
        self.spelled, self.given = spelled, {}
        self.ranges = {}  # Var -> least and greatest value that others may write
        self.shape = ()

    def lines(self):
        return iter(())


def lif(rng, process, n, fixed=False):
    given = process.given
    given["shape"] = n
    given["du"] = rng.choice([0, 4095, rng.randint(0, 4095)])
    given["dv"] = rng.choice([0, 4095, rng.randint(0, 4095)])
    given["bias_mant"] = random_array(rng, "i13", (n,), (-300, 800))
    given["bias_exp"] = random_array(rng, "i5", (n,), (0, 6)) if rng.random() < 0.7 else rng.randint(0 if fixed else -3, 4)
    process.ranges = {"du": (0, 4095), "dv": (0, 4095), "bias_mant": (-4096, 4095), "bias_exp": (0, 6), "u": (-(2**23) + 1, 2**23), "v": (-(2**23) + 1, 2**23 - 1)}
    names = ["u", "v", "du", "dv", "bias_mant", "bias_exp"]
    if process.spelled == "TernaryLIF":
        given["vth_hi"], given["vth_lo"] = rng.randint(0, 300), rng.randint(-200, 0)
        process.ranges |= {"vth_hi": (0, 131071), "vth_lo": (-131071, 0)}
        names += ["vth_hi", "vth_lo"]
    else:
        given["vth"] = rng.choice([0, 10, rng.randint(0, 400), 131071 if rng.random() < 0.1 else 50])
        process.ranges["vth"] = (0, 131071)
        names.append("vth")
    if process.spelled == "LIFReset":
        given["reset_interval"], given["reset_offset"] = rng.randint(1, 7), rng.randint(0, 9)
    return names, ["a_in"], ["s_out"], "ternary" if process.spelled == "TernaryLIF" else "spike"


def graded(rng, process, n):
    process.given |= {"shape": n, "vth": rng.choice([0, 1, rng.randint(0, 90)])}
    process.ranges = {"vth": (0, 4000)}
    if process.spelled == "ProdNeuron":
        process.given["exp"] = rng.randint(0, 8)
        return ["vth"], ["a_in1", "a_in2"], ["s_out"], "graded"
    if process.spelled == "NormVecDelay":
        process.ranges |= {"v2": (-50, 50), "v": (-50, 50)}
        return ["v", "v2", "vth"], ["a_in1", "a_in2"], ["s_out", "s2_out"], "graded"
    return ["v", "vth"], ["a_in"], ["s_out"], "graded"


def sigma_delta(rng, process, n):
    given = process.given
    given["shape"] = n
    names = []
    if process.spelled in ("Sigma", "SigmaDelta"):
        names, process.ranges = ["sigma"], {"sigma": (-(2**20), 2**20)}
    if process.spelled == "Sigma":
        return names, ["a_in"], ["s_out"], "graded"
    given["vth"] = rng.randint(0, 40)
    given["spike_exp"] = rng.randint(0, 3)
    process.ranges |= {"vth": (0, 4000), "act": (-(2**20), 2**20), "residue": (-(2**16), 2**16)}
    if process.spelled == "DeltaEncoder":
        return [*names, "vth", "act", "residue"], ["a_in"], ["s_out"], "graded"
    given["state_exp"] = rng.randint(0, 3)
    if rng.random() < 0.4:
        given["cum_error"] = "true"
    if process.spelled == "SigmaDelta":
        given["bias"] = random_array(rng, "i8", (n,))
        given["act_mode"] = rng.choice(["UNIT", "RELU"])
        names, process.ranges["bias"] = [*names, "bias"], (-4000, 4000)
    return [*names, "vth", "act", "residue", "error"], ["a_in"], ["s_out"], "graded"


NEURONS = {
    **dict.fromkeys(["LIF", "LIFReset", "TernaryLIF"], lif),
    **dict.fromkeys(["GradedVec", "ThresholdVec", "GradedReluVec", "ProdNeuron", "NormVecDelay"], graded),
    **dict.fromkeys(["Sigma", "Delta", "SigmaDelta", "DeltaEncoder"], sigma_delta),
}
def exponent_of(owner, var):
    return owner.exponent if var.name == "weights" else 0


PER_NEURON = {"u", "v", "v2", "bias_mant", "bias_exp", "sigma", "act", "residue", "error", "bias"}


def written(rng, shape, limits, exponent):
    """A value to set a Var to: a multiple of a power of two."""
    limits = tuple(limit >> exponent for limit in limits)

    def nested(extents):
        if not extents:
            return str(rng.choice([*limits, rng.randint(*limits), rng.randint(*limits)]) << exponent)
        return f"[{', '.join(nested(extents[1:]) for _ in range(extents[0]))}]"

    return nested(() if rng.random() < 0.2 else shape)


class Generator:
    """`fixed`: for chips whose neurons are fixed compartments, which take in plain spikes."""

    def __init__(self, seed, processes, fixed):
        self.rng, self.network, self.fixed = random.Random(seed), Network(), fixed
        self.network.options = ["select_tag: fixed_pt"]
        self.populations, self.sources, self.synapses = [], [], []
        for index in range(self.rng.randint(1, 2)):
            self.source(index)
        for index in range(max(1, processes // 2)):
            self.population(index)
        for population in self.populations:
            for port, _ in population.inputs:
                count = self.rng.choice([1, 1, 2, 3] if len(population.inputs) == 1 else [1])
                for _ in range(count):
                    # A compartment has one accumulator: sums that share it cannot be told apart, have
                    # no delays, and count as they are.
                    self.connect(population, port, hidden=fixed and count > 1)
        # What is sent to a probe alone is an output of the neurons, too, and they have four.
        for process in self.synapses[: 0 if fixed else 1]:
            process.shown = True
        for index in range(self.rng.randint(0, 2)):
            self.sink(index)
        for index in range(self.rng.randint(0, 2)):
            self.controller(index)
        self.rng.shuffle(self.network.children)
        self.stages()

    def add(self, process, connect=True):
        self.network.processes.append(process)
        self.network.children.append(Instance(process.name, process.name, getattr(process, "given", {})))
        return process

    def source(self, index):
        """What plays numbers into the network, from the embedded processor."""
        rng, n, steps = self.rng, self.rng.randint(1, 7), self.rng.randint(1, 9)
        process = Library(f"src{index}", "RingBufferSource")
        process.kind, process.n = "spike" if self.fixed else rng.choice(["spike", "graded", "ternary"]), n
        low, high = {"spike": (0, 1), "ternary": (-1, 1), "graded": (-100, 100)}[process.kind]
        rows = [[rng.choice([0, rng.randint(low, high)]) for _ in range(steps)] for _ in range(n)]
        process.given["data"] = str(rows)
        process.ports = [Port("out", "s_out", "i32", (n,))]
        process.outputs = ["s_out"]
        self.sources.append(self.add(process))

    def population(self, index):
        rng, n = self.rng, self.rng.choice([1, 2, 3, 5, 8, 11, 70 if self.rng.random() < 0.4 else 4])
        if not self.fixed and rng.random() < 0.35:
            process = own_neuron(rng, index, n)
        else:
            process = Library(f"pop{index}", "LIF" if self.fixed else rng.choice([*NEURONS, "LIF", "LIF"]))
            make = functools.partial(lif, fixed=True) if self.fixed else NEURONS[process.spelled]
            names, inputs, outputs, process.kind = make(rng, process, n)
            process.vars = [Var(name, "i32", (n,) if name in PER_NEURON else (), "0") for name in names]
            process.ports = [Port("in", name, "i32", (n,)) for name in inputs] + [Port("out", name, "i32", (n,)) for name in outputs]
        process.n = n
        process.inputs = [(port.name, port) for port in process.ports if port.direction == "in"]
        process.outputs = [port.name for port in process.ports if port.direction == "out"]
        self.populations.append(self.add(process))

    def connect(self, population, port, hidden):
        """Synapses from some source to a port of the population."""
        rng = self.rng
        if not self.fixed and rng.random() < 0.1:  # no synapses in between
            return self.direct(population, port)
        source = rng.choice([*self.sources, *self.populations, *self.populations])
        name = f"syn{len(self.synapses)}"
        process = Library(name, rng.choice(["Dense", "Sparse"] if hidden else SYNAPSES))
        shape, given = (population.n, source.n), process.given
        low, high = rng.choice([(0, 255), (-255, 0), (-256, 255), (-20, 20), (0, 3)])
        density = rng.choice([1, 1, 0.5, 0.2])
        matrix = [[rng.randint(low, high) if rng.random() < density else 0 for _ in range(shape[1])] for _ in range(shape[0])]
        plain = process.spelled == "Synapses"  # messages count 1, weights are what they are
        if not plain and not self.fixed and (source.kind == "graded" or rng.random() < 0.2):
            given["num_message_bits"] = rng.choice([8, 16, 24])
            if source.kind == "graded" and rng.random() < 0.9:
                matrix = [[w % 5 - 2 if w else 0 for w in row] for row in matrix]
        if not plain and rng.random() < 0.15:
            given["num_weight_bits"] = rng.randint(4, 8)
        given["weights"] = str(matrix)
        if not plain and not hidden and rng.random() < 0.3:
            # With delays a chip shifts the sum of all that is due, which rounds elsewhere.
            given["weight_exp"] = rng.randint(0 if process.spelled.startswith("Delay") else -2, 4)
        element = "sparse i32" if plain or "Sparse" in process.spelled else "i32"
        process.shown = False
        process.vars = [Var("weights", element, shape, "0")]
        # A chip holds what the formats hold that the weights need; what is given is rounded first.
        flat = [w for row in matrix for w in row]
        dropped = 0 if plain else 8 - given.get("num_weight_bits", 8) + (min(flat) < 0 < max(flat))
        flat = [w >> dropped << dropped if min(flat) < 0 < max(flat) or w > 0 else -(-w >> dropped << dropped) for w in flat]
        process.ranges = {"weights": (min(flat), max(flat))}
        # Low bits that no weight has are not stored.
        every = functools.reduce(operator.or_, flat)
        process.exponent = (every & -every).bit_length() - 1 if every else 0
        if "weight_exp" not in given and not hidden:
            process.ranges["a_buff"] = (-900, 900)
        if plain or process.spelled.startswith("Delay"):
            least = int(plain)
            most = least + rng.randint(0, 4)
            given["delays"] = str([[rng.randint(least, most) for _ in range(shape[1])] for _ in range(shape[0])])
            given["max_delay"] = most + rng.choice([0, 0, 2])
        elif not hidden:
            process.vars.append(Var("a_buff", "i32", (shape[0],), "0"))
        process.ports = [Port("in", "s_in", "i32", (source.n,)), Port("out", "a_out", "i32", (population.n,))]
        self.synapses.append(self.add(process))
        self.network.connections.append(Connection([(source.name, rng.choice(source.outputs))], "{}", (name, "s_in"), "message"))
        self.network.connections.append(Connection([(name, "a_out")], "{}", (population.name, port), "message"))

    def direct(self, population, port):
        """An embedded process that sends to neurons."""
        rng, steps = self.rng, self.rng.randint(1, 9)
        process = Library(f"in{len(self.network.processes)}", "RingBufferSource")
        process.given["data"] = str([[rng.choice([0, rng.randint(-100, 100)]) for _ in range(steps)] for _ in range(population.n)])
        process.ports = [Port("out", "s_out", "i32", (population.n,))]
        self.add(process)
        self.network.connections.append(Connection([(process.name, "s_out")], "{}", (population.name, port), "message"))

    def sink(self, index):
        """An embedded process that receives what neurons send, in the same step."""
        source = self.rng.choice(self.populations)
        port = self.rng.choice(source.outputs)
        process = Library(f"sink{index}", self.rng.choice(["Receiver", "RingBufferSink"]))
        process.given["shape"] = source.n
        process.vars = [Var("payload" if process.spelled == "Receiver" else "data", "i32", (source.n,), "0")]
        if process.spelled != "Receiver":
            process.given["buffer"] = self.rng.randint(1, 9)
        process.ports = [Port("in", "a_in", "i32", (source.n,))]
        self.add(process)
        self.network.connections.append(Connection([(source.name, port)], "{}", (process.name, "a_in"), "message"))

    def reachable(self):
        """(process, Var) of what an embedded process may write without leaving a range that fits."""
        for process in [*self.populations, *self.synapses]:
            for var in process.vars:
                if var.name in process.ranges and not var.element.startswith("sparse"):
                    yield process, var

    def controller(self, index):
        """A process on the embedded processor that reads and writes Vars of others."""
        rng, process = self.rng, Process(f"Control{index}")
        process.vars.append(Var("seen", "i64", (), "0"))
        for phase in rng.sample(["pre_mgmt", "post_mgmt"], rng.choice([1, 1, 2])):
            body = process.code[phase] = []
            for owner, var in rng.sample(list(self.reachable()), 1 if rng.random() < 0.5 else 2):
                self.access(process, phase, body, owner, var)
            if rng.random() < 0.5:
                guard = f"{phase.split('_')[0]}_guard"
                process.code[guard] = Node(f"time_step % {rng.randint(1, 4)} == {rng.randint(0, 2)}", kind="bool", shape=())
        self.add(process)
        for port, owner, var in process.refs:
            self.network.connections.append(Connection([(process.name, port)], "{}", (owner, var), "var"))

    def access(self, process, phase, body, owner, var):
        rng, number = self.rng, len(process.ports)
        port = f"ref{number}"
        process.ports.append(Port("ref", port, var.element, var.shape))
        process.refs = [*getattr(process, "refs", []), (port, owner.name, var.name)]
        low, high = owner.ranges[var.name]
        exponent = exponent_of(owner, var)
        name = f"x{number}"
        body.append(Node(f"let {name} = {port}.read()"))
        if rng.random() < 0.7:
            body.append(Node(f'print("{process.name} {var.name} {{}}", {name})'))
        body.append(Node(f"seen += sum(i64({name}))" if var.shape else f"seen += {name}"))
        if rng.random() < 0.7:
            change = rng.choice([f"{name} + time_step * {rng.randint(-9, 9)}", f"{name} - {rng.randint(1, 40)}", f"{name} * {rng.choice([-1, 2])}", str(rng.randint(low, high)), f"i32(seen % 64)"])
            body.append(Node(f"{port}.write(clip(", Node(change, kind="int", shape=()), f", {low}, {high}) >> {exponent} << {exponent})"))

    def stages(self):
        rng = self.rng
        for number in range(rng.choice([1, 1, 2, 3])):
            for _ in range(rng.randint(1, 2) if number else 0):
                owner, var = rng.choice(list(self.reachable()))
                value = written(rng, var.shape, owner.ranges[var.name], exponent_of(owner, var))
                self.network.stages.append((owner.name, var.name, value))
            self.network.stages.append(rng.randint(3, 15))


def generate(seed, processes, fixed=False):
    """A random network for a chip; the same for the same arguments."""
    return Generator(seed, processes, fixed).network
