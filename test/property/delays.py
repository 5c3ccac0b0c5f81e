# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random synapses with delays, most of which native simulators keep as the spikes of the last steps."""

from behaviour import random_array
from expressions import Node, kind_of
from tree import Port, Process, Var

WEIGHTS = ["i8", "i24", "i32", "i64", "u12", "f32", "f64", "f64"]
DELAYS = ["i32", "i32", "i8", "i4", "i64", "u8"]
SUMS = {"int": ["i32", "i32", "i64", "i64", "i16", "u32", "f64"], "float": ["f64", "f64", "f32"]}


class SparseVar(Var):
    """A Var with a value for each entry of a matrix: the others are 0 in whatever it is given."""

    def __init__(self, rng, name, element, extents, entries, limits=None, of=None):
        self.entries, self.limits_of_values, self.number = entries, limits, element.rpartition(" ")[2]
        self.extents = extents
        super().__init__(name, element, (of,) if of else extents, None)
        self.value = self.fresh_value(rng)

    def fresh_value(self, rng):
        def one(place):
            if place not in self.entries:
                return "0"
            value = random_array(rng, self.number, (), self.limits_of_values)
            return "1" if float(value) == 0 and not self.limits_of_values else value

        return f"[{', '.join('[' + ', '.join(one((i, j)) for j in range(self.extents[1])) + ']' for i in range(self.extents[0]))}]"


def moved(rng, targets, columns):
    """The line, column k + 1 in the place of column k; and what is to be done before."""
    last = f"zeros([{targets}, 1])"
    if columns == 1:
        return [], last
    if rng.random() < 0.3:
        return [], f"concat(line[:, 1:], {last}, axis=1)"
    return [Node("line[:, 0] = 0")], "roll(line, -1, axis=1)"


def delay_line(rng, index):
    process = Process(f"P{index}")
    targets, sources, columns = rng.choice([1, 2, 3, 4, 5]), rng.choice([1, 2, 3, 4, 5]), rng.choice([1, 2, 3, 4])
    process.shapes = [(), (targets,), (sources,)]
    element = rng.choice(WEIGHTS)
    total = rng.choice(SUMS[kind_of(element)])
    places = [(i, j) for i in range(targets) for j in range(sources)]
    entries = set(rng.sample(places, rng.randint(1, len(places))))
    delay = rng.choice(DELAYS)
    limits = (0 if delay[0] == "u" else -1, columns + 1)
    process.vars = [
        SparseVar(rng, "weights", f"sparse {element}", (targets, sources), entries),
        SparseVar(rng, "delays", delay, (targets, sources), entries, limits, "weights"),
        Var("line", total, (targets, columns), random_array(rng, total, (targets, columns))),
        Var("sums", total, (targets,), random_array(rng, total, (targets,))),
    ]
    spikes = rng.choice(["bool", "u1", "i8", "f64"])
    process.ports = [Port("in", "s_in", spikes, (sources,)), Port("out", "a_out", total, (targets,)), Port("out", "b_out", total, (targets,))]
    process.early = ["a_out", "b_out"]
    before, line = moved(rng, targets, columns)
    received = "s_in.recv() != 0" if spikes in ("i8", "f64") and rng.random() < 0.8 else "s_in.recv()"
    after = rng.choice(["delays", "delays", "delays - 1", "delays + 1"])
    body = [Node("a_out.send(line[:, 0])"), Node("b_out.send(sums)"), *before, Node(f"let s = {received}")]
    if rng.random() < 0.15:
        body.append(Node('print("line {}", line)'))  # then it is in memory
    body += [Node(f"line = {total}(deliver(weights, {after}, s, {columns}, onto={line}))"), Node(f"sums = {total}(weights @ s)")]
    process.code["spk"] = body
    if rng.random() < 0.1:
        process.code["init"] = [Node("weights = weights * 2")]
    if rng.random() < 0.1:
        process.code["post_mgmt"] = [Node(f"if time_step % 3 == 0 {{ {rng.choice(['line', 'weights'])} += 1 }}")]
    return process
