# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints what `basalt check` says of cases of make_nir.py or make_net.py, without the remark about what NIR leaves open.

    check_cases.py nir|net FOLDER CASE...
"""

import os
import subprocess
import sys

import h5py
import make_net
import make_nir


def main():
    suffix, folder, *cases = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    os.chdir(folder)
    for name in cases:
        file = f"{name}.{suffix}"
        with h5py.File(file, "w") as output:
            getattr(make_nir if suffix == "nir" else make_net, "case_" + name.replace("-", "_"))(output)
        result = subprocess.run(["basalt", "check", file], capture_output=True, text=True, check=False)
        lines = [line for line in result.stderr.splitlines() if "remark: NIR leaves open" not in line]
        print("\n".join([f"== {name}: exit code {result.returncode}", *lines]))


if __name__ == "__main__":
    main()
