# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints what each `print("EXPRESSION = {}", EXPRESSION)` of a network prints, by NumPy. The values of
names are given as `name=EXPRESSION` arguments."""
import re
import sys

import numpy

names = {"newaxis": None, "inf": numpy.inf, "argmin": numpy.argmin, "argmax": numpy.argmax}
for argument in sys.argv[2:]:
    name, text = argument.split("=", 1)
    names[name] = eval(text, {"numpy": numpy})
with open(sys.argv[1], encoding="utf-8") as network:
    for line in network:
        match = re.fullmatch(r'\s*print\("(.*) = \{\}", (.*)\)\n', line)
        if match:
            assert match[1] == match[2], f"'{match[1]}' is not what is printed"
            print(f"{match[1]} = {eval(match[1], names)}")
