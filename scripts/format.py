#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Formats our C++ sources with clang-format, or with --check lists those that need it."""

import argparse
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
    mode = ["--dry-run", "-Werror"] if args.check else ["-i"]
    result = subprocess.run([CLANG_FORMAT, *mode, *files], cwd=ROOT)
    if result.returncode != 0 and args.check:
        print("fmt: not formatted; run ./dev fmt", file=sys.stderr)
    return 1 if result.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
