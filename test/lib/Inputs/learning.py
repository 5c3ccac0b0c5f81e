# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Learning connections against a model of them in plain Python, synapse by synapse.

    learning.py FOLDER

For each of some rules, epochs and ways of taking spikes a network runs in the reference interpreter,
in floating and in fixed point, dense and sparse. The model below knows nothing of how the library is
written: it keeps the history of each trace and looks up what a product sees at its moment. In
fixed point the random numbers are data.
"""

import math
import pathlib
import random
import subprocess
import sys

import numpy

PROCESSES = pathlib.Path(__file__).resolve().parents[2] / "conformance" / "processes.yaml"
STEPS, SOURCES, TARGETS = 24, 3, 2
TRACES = ("x1", "x2", "y1", "y2", "y3")

STDP = {"dw": "2^-1 * x0 * y1 * -1 + y0 * x1"}
TAUS = {"x1_tau": 10, "y1_tau": 7, "x1_impulse": 16, "y1_impulse": 21}
ALL = {
    "dw": "2^-2 * x0 * (y1 - 3) * x2 - y0 * sgn(w - 2) * x1 + u1 * 2^-5 * w * (5 - x1)",
    "dd": "x0 * y2 * sgn(t) + u1 * 2 - y0 * x0 * 3",
    "dt": "u1 * 2^-3 * (d - 4) * -1 + y0 * 5 * 2^-2 * x2 - x0 * 7 * y3",
}
MORE = {"x2_tau": 3, "x2_impulse": 30.4, "y2_tau": 5, "y2_impulse": 9.75, "y3_tau": 2.5, "y3_impulse": 100}
REWARD = {"dt": "x0 * y1 * -1 + y0 * x1 - u0 * t * 2^-1", "dw": "u0 * 2^-3 * t * y2 - x0 * (y3 - 20)"}
THIRD = {"class": "Loihi3FLearningRule", "x1_tau": 10, "x1_impulse": 16}
# Rules, taus and impulses, steps of an epoch, how graded spikes count, where weights stay.
CASES = [
    (STDP, TAUS, 1, "USE_REGULAR_IMPULSE", "MIXED"),
    (STDP, TAUS, 4, "USE_REGULAR_IMPULSE", "EXCITATORY"),
    (STDP, TAUS, 3, "OVERWRITE", "MIXED"),
    (ALL, {**TAUS, **MORE}, 1, "USE_REGULAR_IMPULSE", "MIXED"),
    (ALL, {**TAUS, **MORE}, 4, "USE_REGULAR_IMPULSE", "INHIBITORY"),
    (ALL, {**TAUS, **MORE}, 5, "ADD_WITH_SATURATION", "MIXED"),
    (ALL, {**TAUS, **MORE}, 2, "ADD_WITHOUT_SATURATION", "MIXED"),
    (REWARD, THIRD, 1, "USE_REGULAR_IMPULSE", "MIXED"),
    (REWARD, THIRD, 3, "USE_REGULAR_IMPULSE", "EXCITATORY"),
]


def products(text):
    """(dependency, k, constant, factors) of each product; a factor is (variable, plus, is it a sign)."""
    found = []
    padded = text.replace("* -1", "* minus").replace("2^-", "2^~").replace("(", " ( ").replace(")", " ) ")
    depth, parts, sign = 0, [[1, ""]], 1
    for word in padded.split():
        depth += (word == "(") - (word == ")")
        if depth == 0 and word in "+-":
            parts.append([1 if word == "+" else -1, ""])
        else:
            parts[-1][1] += word
    for sign, part in parts:
        dependency, k, mantissa, exponent, factors = None, 0, sign, 0, []
        for factor in part.split("*"):
            inner = factor.removeprefix("sgn").strip("()")
            if factor == "minus":
                mantissa = -mantissa
            elif factor[0] == "u":
                dependency, k = "u", int(factor[1])
            elif factor in ("x0", "y0") and dependency is None:
                dependency = factor
            elif factor.startswith("2^"):
                exponent += int(factor[2:].replace("~", "-"))
            elif factor.isdigit():
                mantissa *= int(factor)
            elif inner[0].isdigit():  # 5 - x1
                number, variable = inner.split("-")
                mantissa = -mantissa
                factors.append((variable, -int(number), False))
            else:
                variable, _, number = inner.partition("-")
                factors.append((variable, -int(number or 0), factor.startswith("sgn")))
        found.append((dependency, k, (mantissa, exponent), factors))
    return found


def limit(low, value, high):
    return max(low, min(value, high))


def wrap(value):
    return (value + 2**31) % 2**32 - 2**31


class Model:
    """One connection; rng is None in floating point."""

    def __init__(self, case, weights, rng):
        self.rules, self.values, self.epoch, self.cfg, self.mode = case
        self.products = {target: products(text) for target, text in self.rules.items()}
        self.rng, self.fixed = rng, rng is not None
        self.has_third = "class" in self.values
        if self.has_third:
            self.values = {**self.values, "y1_tau": 65535, "y2_tau": 65535, "y3_tau": 65535}
        zero = [[0] * SOURCES for _ in range(TARGETS)]
        self.w, self.d, self.t = weights, [row[:] for row in zero], zero
        if self.fixed:
            bits = 1 if self.mode == "MIXED" else 0
            keep = (lambda v: -(-v >> bits << bits)) if self.mode == "INHIBITORY" else (lambda v: v >> bits << bits)
            self.w = [[keep(v) for v in row] for row in weights]
        self.tx, self.ty = [0] * SOURCES, [0] * TARGETS
        self.traces = {name: [0] * (SOURCES if name[0] == "x" else TARGETS) for name in TRACES}

    def impulse(self, name, value, r):
        size = self.values.get(f"{name}_impulse", 0)
        if name == "x1" and self.cfg != "USE_REGULAR_IMPULSE":
            size = 0
        if not self.fixed:
            return value + size
        fraction = round((size - math.floor(size)) * 256)
        return limit(0, value + math.floor(size) + (r < fraction), 127)

    def decay(self, name, value, r):
        tau = self.values.get(f"{name}_tau", 0)
        exact = value * (math.exp(-1 / tau) if tau else 0)
        return exact if not self.fixed else math.floor(exact) + (r < exact - math.floor(exact))

    def pre(self, j, payload, k):
        """A spike of source j."""
        again, counts, x1 = self.tx[j] > 0, True, self.traces["x1"]
        half = payload / 2
        if self.cfg == "USE_REGULAR_IMPULSE":
            x1[j] = self.impulse("x1", x1[j], 0) if again else x1[j]
        elif self.cfg == "OVERWRITE":
            x1[j] = round(half) if self.fixed else half
        elif not self.fixed:
            x1[j] += half
        else:
            x1[j] = (x1[j] + round(half)) % 256
            if self.cfg == "ADD_WITH_SATURATION":
                x1[j] = min(x1[j], 127)
            else:
                counts = x1[j] > 127
                x1[j] -= 127 if counts else 0
        if again and counts:
            self.traces["x2"][j] = self.impulse("x2", self.traces["x2"][j], 0)
        if counts:
            self.tx[j] = k

    def step(self, time, spikes, posts, thirds):
        k = (time - 1) % self.epoch + 1
        for j, payload in enumerate(spikes):
            if payload:
                self.pre(j, payload, k)
        for i, post in enumerate(posts):
            if post:
                for name in ("y1", "y2", "y3") if self.ty[i] else ():
                    r = self.rng["y_impulse"][2 * time - 1] if self.fixed else 0
                    self.traces[name][i] = self.impulse(name, self.traces[name][i], r)
                self.ty[i] = k
        if self.has_third:
            self.traces |= {name: list(row) for name, row in zip(("y1", "y2", "y3"), thirds)}
        if k == self.epoch:
            self.learn(time)

    def history(self, name, time):
        """Values of a trace of all neurons at each step of the epoch."""
        axis = name[0]
        r = self.rng[f"{axis}_trace_decay"][2 * time] if self.fixed else 0
        i = self.rng[f"{axis}_impulse"][2 * time] if self.fixed else 0
        found = [self.traces[name]]
        for k in range(1, self.epoch + 1):
            row = [self.decay(name, value, r) for value in found[-1]]
            times = self.tx if axis == "x" else self.ty
            found.append([self.impulse(name, v, i) if times[n] == k else v for n, v in enumerate(row)])
        return found

    def factor(self, factor, moment, i, j, histories):
        variable, plus, is_sign = factor
        if variable in TRACES:
            value = histories[variable][moment][j if variable[0] == "x" else i]
        elif variable in ("x0", "y0"):
            value = int((self.tx[j] if variable == "x0" else self.ty[i]) > 0)
        else:
            value = {"w": self.w, "d": self.d, "t": self.t}[variable][i][j]
        value += plus
        return (value > 0) - (value < 0) if is_sign else value

    def change(self, target, old, i, j, time, histories):
        """The new value of one synapse; in fixed point in units of 1/128."""
        total = old << 7 if self.fixed else old
        for dependency, u, (mantissa, exponent), factors in self.products.get(target, []):
            moment = {"x0": self.tx[j], "y0": self.ty[i], "u": self.epoch}[dependency]
            counts = moment and not (dependency == "u" and time // self.epoch % 2**u)
            values = [self.factor(each, moment, i, j, histories) for each in factors]
            if not self.fixed:
                total += mantissa * 2.0**exponent * math.prod(values) if counts else 0
                continue
            bits = [1 if v[-1] == "0" else 7 if v in TRACES else 9 for v, _, _ in factors]
            product = math.prod(limit(-(2**b), v, 2**b - 1) for b, v in zip(bits, values))
            product = wrap(product * mantissa) >> max(0, sum(bits) + 4 - 15)
            product = limit(-(2**15) - 1, wrap(product << exponent + 7), 2**15 - 1)
            total = limit(-(2**15) - 1, total + (product if counts else 0), 2**15 - 1)
        return total

    def bounded(self, target, value, r):
        """A new value brought into its range."""
        if target == "dw" and self.mode == "EXCITATORY" or target == "dd":
            value = max(value, 0)
        if target == "dw" and self.mode == "INHIBITORY":
            value = min(value, 0)
        if not self.fixed:
            return value
        value = (value >> 7) + (r < (value % 128) / 128)
        ranges = {"EXCITATORY": (0, 255), "INHIBITORY": (-255, 0), "MIXED": (-256, 255)}
        low, high = {"dw": ranges[self.mode], "dd": (0, 255), "dt": (-257, 255)}[target]
        return limit(low, value, high)

    def learn(self, time):
        histories = {name: self.history(name, time) for name in TRACES}
        r = self.rng["synaptic_rounding"][time // self.epoch] if self.fixed else 0
        new = {}
        for target, old in (("dw", self.w), ("dd", self.d), ("dt", self.t)):
            new[target] = old
            if target in self.products:
                new[target] = [
                    [
                        self.bounded(target, self.change(target, old[i][j], i, j, time, histories), r)
                        for j in range(SOURCES)
                    ]
                    for i in range(TARGETS)
                ]
        self.w, self.d, self.t = new["dw"], new["dd"], new["dt"]
        kept = ("y1", "y2", "y3") if self.has_third else ()
        self.traces |= {name: rows[-1] for name, rows in histories.items() if name not in kept}
        self.tx, self.ty = [0] * SOURCES, [0] * TARGETS


def network(case, weights, spikes, posts, thirds, rng, is_sparse):
    rules, values, epoch, cfg, mode = case
    rule = {"class": "Loihi2FLearningRule", **rules, **values, "t_epoch": epoch}
    graded = cfg != "USE_REGULAR_IMPULSE"
    given = {
        "class": f"{'Recorded' if rng else ''}Learning{'Sparse' if is_sparse else 'Dense'}",
        "weights": weights, "learning_rule": rule, "graded_spike_cfg": cfg, "sign_mode": mode,
        "num_message_bits": 8 if graded else 0, **(rng or {}),
    }  # fmt: skip

    def spell(value):
        if isinstance(value, dict):
            return "{" + ", ".join(f"{key}: {spell(part)}" for key, part in value.items()) + "}"
        return f'"{value}"' if isinstance(value, str) else str(value)

    sources = {"pre": spikes, "post": posts}
    sources |= {f"y{n + 1}": [rows[n] for rows in thirds] for n in range(3)}
    lines = ["basalt: 1", f"import: ['{PROCESSES}']", "network:", "  instances:"]
    for name, rows in sources.items():
        data = [list(column) for column in zip(*rows)]
        lines.append(f"    {name}: {spell({'class': 'RingBufferSource', 'data': data})}")
    lines += [f"    ld: {spell(given)}", "  connections:"]
    lines += ["    - pre.s_out -> ld.s_in", "    - post.s_out -> ld.s_in_bap"]
    lines += [f"    - y{n}.s_out -> ld.s_in_y{n}" for n in (1, 2, 3)]
    probes = ", ".join(f"ld.{name}" for name in ("weights", "tag_1", "tag_2", *TRACES))
    tag = "fixed_pt" if rng else "floating_pt"
    return "\n".join([*lines, f"run: {{steps: {STEPS}, select_tag: {tag}, probes: [{probes}]}}"]) + "\n"


def check(folder, number, case, is_fixed, is_sparse):
    """Problems of one network, as text."""
    draw = random.Random(number)
    graded = case[3] != "USE_REGULAR_IMPULSE"
    # A stored weight is never zero, or it would be none in the sparse network.
    low, high = {"MIXED": (-60, 60), "EXCITATORY": (1, 99), "INHIBITORY": (-99, -2)}[case[4]]
    weights = [[draw.randint(low, high) or 1 for _ in range(SOURCES)] for _ in range(TARGETS)]
    payload = (lambda: draw.randint(1, 200)) if graded else (lambda: 1)
    spikes = [[payload() if draw.random() < 0.4 else 0 for _ in range(SOURCES)] for _ in range(STEPS)]
    posts = [[int(draw.random() < 0.4) for _ in range(TARGETS)] for _ in range(STEPS)]
    third = (lambda: draw.randint(-20, 140)) if is_fixed else (lambda: draw.randint(-20, 140) / 8)
    thirds = [[[third() for _ in range(TARGETS)] for _ in range(3)] for _ in range(STEPS)]
    rng = None
    if is_fixed:
        rng = {f"{axis}_trace_decay": [draw.random() for _ in range(2 * STEPS + 1)] for axis in "xy"}
        rng |= {f"{axis}_impulse": [draw.randrange(128) for _ in range(2 * STEPS + 1)] for axis in "xy"}
        rng["synaptic_rounding"] = [draw.random() for _ in range(STEPS + 1)]
    place = folder / f"{number}{'-fixed' if is_fixed else ''}{'-sparse' if is_sparse else ''}"
    place.mkdir(parents=True)
    (place / "net.yaml").write_text(network(case, weights, spikes, posts, thirds, rng, is_sparse))
    command = ["basalt", "run", "--interpret", place / "net.yaml", "--out", place]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        return [f"{place.name}: {result.stderr}"]
    model, problems = Model(case, weights, rng), []
    names = {"weights": "w", "tag_1": "t", "tag_2": "d"}
    actual = {name: numpy.load(place / f"ld.{name}.npy") for name in (*names, *TRACES)}
    for time in range(1, STEPS + 1):
        model.step(time, spikes[time - 1], posts[time - 1], thirds[time - 1])
        for name, rows in actual.items():
            expected = getattr(model, names[name]) if name in names else model.traces[name]
            if not numpy.allclose(rows[time - 1], expected, rtol=0 if is_fixed else 1e-9, atol=0 if is_fixed else 1e-9):
                problems.append(f"{place.name}: {name} in step {time}: {rows[time - 1].tolist()}, expected {expected}")
    return problems[:3]


def main():
    folder = pathlib.Path(sys.argv[1])
    problems, count = [], 0
    for number, case in enumerate(CASES):
        for is_fixed, is_sparse in ((False, False), (False, True), (True, False), (True, True)):
            problems += check(folder, number, case, is_fixed, is_sparse)
            count += 1
    print("\n".join([*problems, f"{count} networks, {len(problems)} problems"]))


if __name__ == "__main__":
    main()
