# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Whether a fit report in JSON has a mapping that is better than first fit, and no better than its bounds."""

import json
import sys

fit = json.load(open(sys.argv[1], encoding="utf-8"))
ours, first, bounds = fit["mapping"], fit["first_fit"], fit["bounds"]
for key, bound in bounds.items():
    # Of the largest load the bound is for as many cores as there are.
    assert ours[key] >= bound, f"{key}: {ours[key]} is below the bound {bound}"
for key in ("cores", "largest_load_percent", "hops"):
    assert ours[key] <= first[key], f"{key}: {ours[key]} here, {first[key]} by first fit"
assert ours["hops"] < first["hops"], "messages go as far as with first fit"
assert sum(core["synapses"] for core in fit["cores"]) == 3000, "each synapse is on one core"
