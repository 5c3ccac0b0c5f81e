#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks that docs/semantics.md lists every op that behaviours are made of, and no other.

Usage: check_op_table.py ROOT. The ops are those of dialect/num/NumOps.td and ProcBehaviourOps.td, and
those of arith that `isTotalArith` in dialect/num/Num.cpp allows.
"""

import pathlib
import re
import sys

DEFINITION = re.compile(r'^def \w+Op : \w+<(?:\w+_Dialect, )?"(\w+)"', re.MULTILINE)
SHORT = {"MaximumFOp": "maximumf", "MinimumFOp": "minimumf", "SIToFPOp": "sitofp"}


def defined(root):
    """The names of all ops of behaviours, scf aside."""
    names = set()
    for dialect, file in [("num", "num/NumOps.td"), ("proc", "proc/ProcBehaviourOps.td")]:
        text = (root / "dialect" / file).read_text()
        names |= {f"{dialect}.{name}" for name in DEFINITION.findall(text)}
    source = (root / "dialect/num/Num.cpp").read_text()
    total = re.search(r"isTotalArith\(Operation \*op\) \{(.*?)\n\}", source, re.DOTALL).group(1)
    classes = re.findall(r"arith::(\w+Op)\b", total)
    return names | {"arith." + SHORT.get(name, name[:-2].lower()) for name in classes}


def documented(root):
    """The ops in the first column of the tables; `arith.addi`, `subi` is arith.addi, arith.subi. Tables whose
    first name has no dialect are of other things."""
    names = set()
    for line in (root / "docs/semantics.md").read_text().splitlines():
        prefix = None
        for name in re.findall(r"`([\w.]+)`", line.split("|")[1] if line.startswith("| `") else ""):
            prefix, name = name.split(".") if "." in name else (prefix, name)
            if prefix:
                names.add(f"{prefix}.{name}")
    return {name for name in names if not name.startswith("scf.")}


def main():
    root = pathlib.Path(sys.argv[1])
    here, there = defined(root), documented(root)
    for name in sorted(here - there):
        print(f"docs/semantics.md: error: {name} is in none of the tables")
    for name in sorted(there - here):
        print(f"docs/semantics.md: error: {name} is no op of behaviours")
    print(f"{len(here)} ops")
    sys.exit(1 if here != there or len(here) < 50 else 0)


if __name__ == "__main__":
    main()
