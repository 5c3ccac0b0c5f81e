# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the statements of a network's block that is marked `# statements` in NumPy, each of them followed by
a print of the variable that it assigns to. The values of names are given as `name=EXPRESSION` arguments."""
import re
import sys

import numpy

names = {"newaxis": None, "arange": numpy.arange}
for argument in sys.argv[2:]:
    name, text = argument.split("=", 1)
    names[name] = eval(text, {"numpy": numpy})
for line in open(sys.argv[1], encoding="utf-8").read().split("# statements\n")[1].splitlines():
    match = re.fullmatch(r'\s*((\w+)\[.*); print\("\{\}", (\w+)\)', line)
    if not match:
        break
    exec(match[1], names)
    print(names[match[3]])
