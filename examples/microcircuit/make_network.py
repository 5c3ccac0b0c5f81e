# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes network.yaml from the tables of Potjans and Diesmann 2014: make_network.py > network.yaml"""

POPULATIONS = ["e23", "i23", "e4", "i4", "e5", "i5", "e6", "i6"]
NEURONS = [20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948]
INPUTS = [1600, 1500, 2100, 1900, 2000, 1900, 2900, 2100]  # synapses from outside, of 8 Hz each
RATES = [0.971, 2.868, 4.746, 5.396, 8.142, 9.078, 0.991, 7.523]  # Hz, of the full network
START = [
    (-68.28, 5.36), (-63.16, 4.57), (-63.33, 4.74), (-63.45, 4.94),
    (-63.11, 4.94), (-61.66, 4.55), (-66.72, 5.46), (-61.43, 4.48),
]  # fmt: skip
CONNECTED = [  # probability that a target (row) has a synapse from a source (column)
    [0.1009, 0.1689, 0.0437, 0.0818, 0.0323, 0.0000, 0.0076, 0.0000],
    [0.1346, 0.1371, 0.0316, 0.0515, 0.0755, 0.0000, 0.0042, 0.0000],
    [0.0077, 0.0059, 0.0497, 0.1350, 0.0067, 0.0003, 0.0453, 0.0000],
    [0.0691, 0.0029, 0.0794, 0.1597, 0.0033, 0.0000, 0.1057, 0.0000],
    [0.1004, 0.0622, 0.0505, 0.0057, 0.0831, 0.3726, 0.0204, 0.0000],
    [0.0548, 0.0269, 0.0257, 0.0022, 0.0600, 0.3158, 0.0086, 0.0000],
    [0.0156, 0.0066, 0.0211, 0.0166, 0.0572, 0.0197, 0.0396, 0.2252],
    [0.0364, 0.0010, 0.0034, 0.0005, 0.0277, 0.0080, 0.0658, 0.1443],
]  # fmt: skip

HEAD = """\
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The cortical microcircuit of Potjans and Diesmann 2014 as a process. Written by make_network.py.
basalt: 1

functions: |
  # where a population begins and ends among all neurons, if population k has n[k]
  fn part(n, k) = [sum(n[:k]), sum(n[:k + 1])]

  # for each neuron the number of its population
  fn each(v, n) = concat(
    zeros(n[0]) + v[0], zeros(n[1]) + v[1], zeros(n[2]) + v[2], zeros(n[3]) + v[3],
    zeros(n[4]) + v[4], zeros(n[5]) + v[5], zeros(n[6]) + v[6], zeros(n[7]) + v[7])

  # how many synapses lead from m neurons to n, of the full network, if so many of the pairs are connected
  fn synapses(connected, n, m) = round(log(1 - connected) / log(1 - 1 / (f64(n) * m)))

  # the same in a network of another scale, where each neuron has `scale` times as many
  fn scaled(connected, n, m, scale) = i64(round(synapses(connected, n, m) / n * scale * round(n * scale)))

  # a mean current that takes the place of what is missing in a smaller network (pA)
  fn missing(input, scale) = 0.001 * 0.5 * (1 - sqrt(scale)) * input

processes:
  Microcircuit:
    doc: |
      A square millimetre of early sensory cortex: excitatory (e) and inhibitory (i) neurons of the layers 2/3, 4, 5
      and 6. With a `scale` below 1 each population has so many times its neurons, each neuron so many times its
      synapses; weights grow and a current is added, so that mean and fluctuations of the input stay.
    params:
      scale: 1.0
      # for each population: neurons and inputs of the full network, and the sum over all synapses of a neuron of weight times rate
"""


def values(numbers):
    return "[" + ", ".join(map(str, numbers)) + "]"


def main():
    print(HEAD, end="")
    recurrent = [
        round(sum(weight(t, s) * synapses_of(t, s) * RATES[s] for s in range(8)), 2) for t in range(8)
    ]
    print(f"      full: {values(NEURONS)}")
    print(f"      inputs: {values(INPUTS)}")
    print(f"      recurrent: {values(recurrent)}")
    print(f"      V_mean: {values(mean for mean, _ in START)}    # mV, of the potential at the start")
    print(f"      V_std: {values(std for _, std in START)}")
    print("      n: $i64(round(full * scale))")
    print("      strength: $1 / sqrt(scale)    # of synapses")
    print("      z: {type: f64, shape: $sum(n), value: {random: normal}}")
    print("    ports:")
    for k, name in enumerate(POPULATIONS):
        print(f"      {name}: out u1[n[{k}]]")
    print(MODEL, end="")
    delays = []
    for t in range(8):
        for s in range(8):
            if CONNECTED[t][s] == 0:
                continue
            mean = weight(t, s)
            std, end = abs(mean) * (0.05 if mean == 175.6 else 0.1), "max" if s % 2 else "min"
            print(
                f"                  - {{rule: fixed_total_number, targets: '$part(n, {t})', sources: '$part(n, {s})',"
                f" N: '$scaled({CONNECTED[t][s]:g}, full[{t}], full[{s}], scale)',"
                f" value: {{random: normal, mean: $strength * {mean:g}, std: $strength * {std:g}, {end}: 0}}}}"
            )
            delays.append(
                "{random: normal, mean: 7.5, std: 3.75, min: 1, max: 32}"
                if s % 2
                else "{random: normal, mean: 15, std: 7.5, min: 1, max: 64}"
            )
    print("              delays:\n                blocks:")
    for delay in delays:
        print(f"                  - {delay}")
    print("          connections:")
    print("            - input.a_out, synapses.a_out -> neurons.a_in")
    print("            - neurons.s_out -> synapses.s_in")
    for k, name in enumerate(POPULATIONS):
        begin = f"sum(n[:{k}])" if k else ""
        print(f"            - neurons.s_out[{begin}:sum(n[:{k + 1}])] -> {name}")


MODEL = """\
    models:
      - network:
          instances:
            input: {class: PoissonGenerator, shape: $sum(n), rate: '$each(8 * round(inputs * scale), n)', weight: $87.8 * strength}
            neurons:
              class: iaf_psc_exp
              shape: $sum(n)
              tau_syn_ex: 0.5
              tau_syn_in: 0.5
              E_L: -65
              V_th: -50
              V_reset: -65
              I_e: $each(missing(recurrent + 87.8 * 8 * inputs, scale), n)
              V_m: $each(V_mean, n) + each(V_std, n) * z
            synapses:
              class: Synapses
              weights:
                rule: blocks
                shape: $[sum(n), sum(n)]
                blocks:
"""


def weight(t, s):
    """pA on average; those from layer 4 to layer 2/3 are twice as strong."""
    if s % 2:
        return -351.2
    return 175.6 if (t, s) == (0, 2) else 87.8


def synapses_of(t, s):
    """Synapses of a target, of the full network."""
    from math import log

    pairs = NEURONS[t] * NEURONS[s]
    return round(log(1 - CONNECTED[t][s]) / log(1 - 1 / pairs)) / NEURONS[t]


if __name__ == "__main__":
    main()
