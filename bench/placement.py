# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Networks that need many cores of a chip: how many, how full the fullest is, how far messages go, beside first fit and
beside what no mapping goes below; and how the time of the compiler grows with the synapses."""

import json

import measure
import numpy

# Neurons and synapses of each, a network of about 1 million and one of about 5.
SIZES = {
    "dense": ((1000, 1000), (2236, 2236)),
    "random sparse": ((3000, 333), (4000, 1250)),
    "small world": ((5000, 200), (10000, 500)),
}
VALUE = "value: {random: integers, low: -20, high: 24}"
NET = """\
basalt: 1
network:
  instances:
    sources: {{class: LIF, shape: {n}, vth: 20, du: 400, dv: 200, bias_mant: 3}}
    synapses: {{class: Sparse, weights: {weights}}}{targets}
  connections:
    - sources.s_out -> synapses.s_in
    - synapses.a_out -> {to}.a_in
run: {{steps: 10, select_tag: fixed_pt}}
"""


def weights_of(kind, folder, neurons, each):
    """The synapses in the language: `each` for each target."""
    shape = f"shape: [{neurons}, {neurons}]"
    if kind == "dense":
        return f"{{rule: all_to_all, {shape}, {VALUE}}}"
    if kind == "random sparse":
        return f"{{rule: fixed_indegree, indegree: {each}, allow_multapses: false, {shape}, {VALUE}}}"
    # Neighbours on a ring, of which one in ten is replaced by anybody.
    random = numpy.random.default_rng(neurons)
    targets = numpy.repeat(numpy.arange(neurons), each)
    near = numpy.r_[-(each // 2) : 0, 1 : each // 2 + 1]
    sources = (targets + numpy.tile(near, neurons)) % neurons
    far = random.random(len(sources)) < 0.1
    sources[far] = random.integers(0, neurons, far.sum())
    numpy.save(folder / "sources.npy", sources.astype(numpy.int32))
    numpy.save(folder / "targets.npy", targets.astype(numpy.int32))
    return f"{{rule: from_list, sources: {{file: sources.npy}}, targets: {{file: targets.npy}}, {shape}, {VALUE}}}"


def write(folder, kind, neurons, each):
    """Writes net.yaml into a new folder: two layers, or one population with itself."""
    folder.mkdir()
    targets = f"\n    targets: {{class: LIF, shape: {neurons}, vth: 90, du: 400, dv: 200}}"
    (folder / "net.yaml").write_text(
        NET.format(
            n=neurons,
            weights=weights_of(kind, folder, neurons, each),
            targets=targets if kind == "dense" else "",
            to="targets" if kind == "dense" else "sources",
        )
    )


def rows_of(setup, kind, neurons, each, seconds):
    folder = setup.scratch / f"placement_{kind.replace(' ', '_')}_{neurons}"
    write(folder, kind, neurons, each)
    net, image = folder / "net.yaml", folder / "net.nci"
    compiling = measure.seconds([setup.basalt, "compile", "--target=neurocore", net, "-o", image])
    seconds.append((neurons * each, compiling))
    fit = json.loads(measure.run([setup.basalt, "report", "fit", "--json", net]))
    here, first, bound = fit["mapping"], fit["first_fit"], fit["bounds"]
    what = f"{kind}, {neurons * each / 1e6:.2g} million synapses"
    result = [measure.Row("placement", f"{what}, compile", compiling, "s")]
    for key, name, unit in (
        ("cores", "cores", ""),
        ("largest_load_percent", "largest load of a core", "%"),
        ("hops", "hops", ""),
    ):
        # First fit is what another would do, the bound what nobody can.
        row = measure.Row("placement", f"{what}, {name}", here[key], unit)
        row.peer, row.limit = first[key], bound[key]
        result.append(row)
    return result


def rows(setup):
    result = []
    for kind, sizes in SIZES.items():
        seconds = []
        for neurons, each in sizes:
            result += rows_of(setup, kind, neurons, each, seconds)
        (few, short), (many, long) = seconds
        growth = numpy.log(long / short) / numpy.log(many / few)
        result.append(measure.Row("placement", f"{kind}, exponent of the growth of compile time", float(growth), "", 1.2))
    return result
