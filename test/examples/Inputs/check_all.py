# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks all networks below a folder; nothing may be said of any.

usage: check_all.py FOLDER [OPTIONS of basalt check]
"""

import pathlib
import subprocess
import sys


def main():
    networks = sorted(pathlib.Path(sys.argv[1]).glob("*/net.yaml"))
    problems = 0
    for network in networks:
        command = ["basalt", "check", *sys.argv[2:], network]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode or result.stderr:
            problems += 1
            print(f"{network}: exit code {result.returncode}\n{result.stderr}")
    print(f"{len(networks)} networks, {problems} problems")


if __name__ == "__main__":
    main()
