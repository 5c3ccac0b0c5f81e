# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A network of instances that take their values from all the damaged files of make_archives.py in a folder."""

import pathlib
import sys

print("basalt: 1\nprocesses: {P: {params: {w: required}}}\nnetwork:\n  instances:")
for number, path in enumerate(sorted(pathlib.Path(sys.argv[1]).glob("damaged*"))):
    parts = ["weights", "packed", "deep/er/x"] if path.suffix == ".h5" else ["weights", "x"]
    for part in parts:
        key = "dataset" if path.suffix == ".h5" else "member"
        name = part.replace("/", "_")
        print(f"    i{number}_{name}: {{class: P, w: {{file: {path.name}, {key}: {part}}}}}")
