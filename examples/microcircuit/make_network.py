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
  # how many synapses lead from m neurons to n, of the full network, if so many of the pairs are connected
  fn synapses(connected, n, m) = round(log(1 - connected) / log(1 - 1 / (f64(n) * m)))

  # the same in a network of another scale, where each neuron has `scale` times as many
  fn scaled(connected, n, m, scale) = i64(round(synapses(connected, n, m) / n * scale * round(n * scale)))

  # a mean current that takes the place of what is missing in a smaller network (pA)
  fn missing(input, scale) = 0.001 * 0.5 * (1 - sqrt(scale)) * input

processes:
  Population:
    doc: |
      Neurons of one kind in one layer, with their input from outside: `inputs` Poisson processes of 8 Hz for each.
    params:
      full: required                # neurons of the full network
      inputs: required              # synapses from outside, of the full network
      recurrent: required           # sum over all synapses of a neuron of weight times rate, of the full network
      V_mean: required              # mV, of the potential at the start
      V_std: required
      scale: required
      n: $i64(round(full * scale))
    ports:
      a_in: in num[n]
      s_out: out u1[n]
    models:
      - network:
          instances:
            input: {class: PoissonGenerator, shape: $n, rate: $8 * round(inputs * scale), weight: $87.8 / sqrt(scale)}
            neurons:
              class: iaf_psc_exp
              shape: $n
              tau_syn_ex: 0.5
              tau_syn_in: 0.5
              E_L: -65
              V_th: -50
              V_reset: -65
              I_e: $missing(recurrent + 87.8 * 8 * inputs, scale)
              V_m: {random: normal, mean: $V_mean, std: $V_std}
          connections:
            - a_in -> neurons.a_in
            - input.a_out -> neurons.a_in
            - neurons.s_out -> s_out

  Excitation:
    doc: |
      Synapses from an excitatory population. Their weights are normal with a deviation of `std`, their delays
      1.5 ms on average.
    params:
      connected: required           # the part of pairs with a synapse, of the full network
      n: required                   # targets of the full network
      m: required                   # sources of the full network
      weight: 87.8                  # pA, on average
      std: 0.1                      # of the mean
      scale: required
    ports:
      s_in: in u1[i64(round(m * scale))]
      a_out: out num[i64(round(n * scale))]
    models:
      - network:
          instances:
            synapses:
              class: Synapses
              weights:
                rule: fixed_total_number
                N: $scaled(connected, n, m, scale)
                shape: $[i64(round(n * scale)), i64(round(m * scale))]
                value: {random: normal, mean: $weight / sqrt(scale), std: $std * weight / sqrt(scale), min: 0}
              delays: {random: normal, mean: 15, std: 7.5, min: 1, max: 64}
          connections: [s_in -> synapses.s_in, synapses.a_out -> a_out]

  Inhibition:
    doc: |
      Synapses from an inhibitory population; their delays are 0.75 ms on average.
    params:
      connected: required           # the part of pairs with a synapse, of the full network
      n: required                   # targets of the full network
      m: required                   # sources of the full network
      scale: required
    ports:
      s_in: in u1[i64(round(m * scale))]
      a_out: out num[i64(round(n * scale))]
    models:
      - network:
          instances:
            synapses:
              class: Synapses
              weights:
                rule: fixed_total_number
                N: $scaled(connected, n, m, scale)
                shape: $[i64(round(n * scale)), i64(round(m * scale))]
                value: {random: normal, mean: $-351.2 / sqrt(scale), std: $35.12 / sqrt(scale), max: 0}
              delays: {random: normal, mean: 7.5, std: 3.75, min: 1, max: 32}
          connections: [s_in -> synapses.s_in, synapses.a_out -> a_out]

  Microcircuit:
    doc: |
      A square millimetre of early sensory cortex: excitatory (e) and inhibitory (i) neurons of the layers 2/3, 4, 5
      and 6. With a `scale` below 1 each population has so many times its neurons, each neuron so many times its
      synapses; weights grow and a current is added, so that mean and fluctuations of the input stay.
    params:
      scale: 1.0
"""


def main():
    print(HEAD, end="")
    print("    ports:")
    for name, full in zip(POPULATIONS, NEURONS):
        print(f"      {name}: out u1[i64(round({full} * scale))]")
    print("    models:\n      - network:\n          instances:")
    for t, name in enumerate(POPULATIONS):
        mean, std = START[t]
        recurrent = sum(
            weight(t, s) * synapses_of(t, s) * RATES[s] for s in range(len(POPULATIONS))
        )
        print(
            f"            n_{name}: {{class: Population, full: {NEURONS[t]}, inputs: {INPUTS[t]},"
            f" recurrent: {recurrent:.2f}, V_mean: {mean}, V_std: {std}, scale: $scale}}"
        )
    connections = []
    for t, target in enumerate(POPULATIONS):
        for s, source in enumerate(POPULATIONS):
            if CONNECTED[t][s] == 0:
                continue
            kind = "Inhibition" if s % 2 else "Excitation"
            special = ", weight: 175.6, std: 0.05" if weight(t, s) == 175.6 else ""
            print(
                f"            {source}_{target}: {{class: {kind}, connected: {CONNECTED[t][s]:g},"
                f" n: {NEURONS[t]}, m: {NEURONS[s]}{special}, scale: $scale}}"
            )
            connections += [
                f"n_{source}.s_out -> {source}_{target}.s_in",
                f"{source}_{target}.a_out -> n_{target}.a_in",
            ]
    print("          connections:")
    for connection in connections + [f"n_{name}.s_out -> {name}" for name in POPULATIONS]:
        print(f"            - {connection}")


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
