# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a graph with each of several inputs: whether the output is that of the first, or what is wrong.

    run_inputs.py GRAPH FILE...
"""

import subprocess
import sys

import numpy


def main():
    graph, *files = sys.argv[1:]
    first = None
    for file in files:
        command = ["basalt", "run", graph, "--input", file, "--nir-dt=0.001", "--out", f"out.{file}", "--probe=fc.y"]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        for line in result.stderr.splitlines():
            if "remark: NIR leaves open" not in line:
                print(line)
        if result.returncode != 0:
            continue
        array = numpy.load(f"out.{file}/fc.y.npy")
        same = "" if first is None else ", the same" if array.tobytes() == first else ", OTHERS"
        first = first or array.tobytes()
        print(f"{file}: {len(array)} steps{same}")


if __name__ == "__main__":
    main()
