# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Networks that need many cores of a chip: how many, how full the fullest is, how far messages go, beside first fit and
beside what no mapping goes below; and how the time of the compiler grows with the synapses."""

import json

import measure
import numpy

# Neurons (of convolutions: pixels along an edge), sources, and synapses of each neuron: networks of about 1 and about 5
# million synapses, and with `--large` of as many, up to 50 million, as 1024 cores hold: a core has 4096 axons each way.
SIZES = {
    "dense": ((1000, 1000, 1000), (2236, 2236, 2236), (8000, 2500, 2500)),
    "convolution": ((25, 25, 1600), (56, 56, 1600), (125, 125, 1600)),
    "random sparse": ((3000, 3000, 333), (4000, 4000, 1250), (20000, 2500, 1000)),
    "small world": ((5000, 5000, 200), (10000, 10000, 500), (16000, 16000, 3000)),
    "hidden clusters": ((5000, 5000, 200), (10000, 10000, 500), (15000, 15000, 1000)),
}
VALUE = "value: {random: integers, low: -20, high: 24}"
NET = """\
basalt: 1
network:
  instances:
    sources: {{class: LIF, shape: {from_shape}, vth: 20, du: 400, dv: 200, bias_mant: 3}}
    synapses: {{{synapses}}}{targets}
  connections:
    - sources.s_out -> synapses.s_in
    - synapses.a_out -> {to}.a_in
run: {{steps: 10, select_tag: fixed_pt}}
"""
CHANNELS = 8


def listed(folder, sources, targets):
    """Synapses as two files, in the order of targets."""
    order = numpy.lexsort((sources, targets))
    numpy.save(folder / "sources.npy", sources[order].astype(numpy.int32))
    numpy.save(folder / "targets.npy", targets[order].astype(numpy.int32))
    return "rule: from_list, sources: {file: sources.npy}, targets: {file: targets.npy}"


def weights_of(kind, folder, neurons, from_neurons, each):
    """The synapses in the language: `each` for each target."""
    shape = f"shape: [{neurons}, {from_neurons}]"
    random = numpy.random.default_rng(neurons)
    targets = numpy.repeat(numpy.arange(neurons), each)
    if kind == "dense":
        rule = "rule: all_to_all"
    elif kind == "random sparse":
        rule = f"rule: fixed_indegree, indegree: {each}, allow_multapses: false"
    elif kind == "small world":
        # Neighbours on a ring, of which one in fifty is replaced by anybody.
        near = numpy.r_[-(each // 2) : 0, 1 : each - each // 2 + 1]
        sources = (targets + numpy.tile(near, neurons)) % neurons
        far = random.random(len(sources)) < 0.02
        sources[far] = random.integers(0, neurons, far.sum())
        rule = listed(folder, sources, targets)
    else:
        # Clusters with few synapses between them, and numbers of neurons that do not tell.
        size = 5 * each // 2
        sources = targets // size * size + random.integers(0, size, len(targets))
        far = random.random(len(sources)) < 1 / each
        sources[far] = random.integers(0, neurons, far.sum())
        number = random.permutation(neurons)
        rule = listed(folder, number[sources], number[targets])
    return f"{{{rule}, {shape}, {VALUE}}}"


def write(folder, kind, neurons, from_neurons, each):
    """Writes net.yaml into a new folder: two layers, or one population with itself."""
    folder.mkdir()
    shape = neurons
    if kind == "convolution":
        shape = f"[{neurons}, {neurons}, {CHANNELS}]"
        side = round((each / CHANNELS**2) ** 0.5)
        kernel = numpy.random.default_rng(neurons).integers(-20, 24, (CHANNELS, side, side, CHANNELS))
        numpy.save(folder / "kernel.npy", kernel)
        synapses = f"class: Conv, input_shape: {shape}, weight: {{file: kernel.npy}}, padding: {side // 2}"
    else:
        synapses = f"class: Sparse, weights: {weights_of(kind, folder, neurons, from_neurons, each)}"
    layers = kind in ("dense", "convolution") or from_neurons != neurons
    targets = f"\n    targets: {{class: LIF, shape: {shape}, vth: 90, du: 400, dv: 200}}"
    (folder / "net.yaml").write_text(
        NET.format(
            from_shape=shape if kind == "convolution" else from_neurons,
            synapses=synapses,
            targets=targets if layers else "",
            to="targets" if layers else "sources",
        )
    )


def synapses_of(kind, neurons, each):
    return neurons * neurons * each if kind == "convolution" else neurons * each


def rows_of(setup, kind, neurons, from_neurons, each, seconds):
    folder = setup.scratch / f"placement_{kind.replace(' ', '_')}_{neurons}"
    write(folder, kind, neurons, from_neurons, each)
    net, image = folder / "net.yaml", folder / "net.nci"
    compiling = measure.seconds([setup.basalt, "compile", "--target=neurocore", net, "-o", image])
    synapses = synapses_of(kind, neurons, each)
    seconds.append((synapses, compiling))
    fit = json.loads(measure.run([setup.basalt, "report", "fit", "--json", net]))
    # Where first fit finds no room there is nothing to compare with.
    here, first, bound = fit["mapping"], fit.get("first_fit") or {}, fit["bounds"]
    what = f"{kind}, {synapses / 1e6:.2g} million synapses"
    result = [measure.Row("placement", f"{what}, compile", compiling, "s")]
    for key, name, unit in (
        ("cores", "cores", ""),
        ("largest_load_percent", "largest load of a core", "%"),
        ("axons_between_cores", "axons between cores", ""),
        ("hops", "hops", ""),
        ("busiest_link", "messages on the busiest link", ""),
    ):
        # First fit is what another would do, the bound what nobody can.
        row = measure.Row("placement", f"{what}, {name}", here[key], unit)
        row.peer, row.limit = first.get(key), bound[key]
        result.append(row)
    return result


def rows(setup):
    result = []
    for kind, sizes in SIZES.items():
        seconds = []
        for size in sizes if setup.large else sizes[:2]:
            result += rows_of(setup, kind, *size, seconds)
        (few, short), (many, long) = seconds[0], seconds[-1]
        growth = numpy.log(long / short) / numpy.log(many / few)
        result.append(measure.Row("placement", f"{kind}, exponent of the growth of compile time", float(growth), "", 1.2))
    return result
