#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Formats our C++ sources with clang-format, or with --check lists those that need it."""

import argparse
import re
import subprocess
import sys

from sources import ROOT, cpp_files

CLANG_FORMAT = "clang-format-22"


def main():
    parser = argparse.ArgumentParser(prog="./dev fmt", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, fail if needed")
    args = parser.parse_args()

    files = [str(path) for path in cpp_files()]
    if not files:
        return 0
    if not args.check:
        return subprocess.run([CLANG_FORMAT, "-i", *files], cwd=ROOT).returncode
    result = subprocess.run(
        [CLANG_FORMAT, "--dry-run", "-Werror", *files], cwd=ROOT, capture_output=True, text=True
    )
    # One line a place; clang-format also quotes the source.
    for path, line in dict.fromkeys(re.findall(r"^(\S+?):(\d+):\d+: ", result.stderr, re.M)):
        print(f"{path}:{line}: error: not formatted; run ./dev fmt", file=sys.stderr)
    return 1 if result.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
