#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles variants of template.yaml for fixed compartments and looks at the errors.

Usage: compartment_errors.py FOLDER. A paragraph of cases.txt is a case: its name; what is replaced (`- `) by
what (`+ `, further lines as well); and texts that must be in the output, in order, or `no error`.
"""

import pathlib
import subprocess
import sys


def variant(template, lines):
    text, old = template, None
    replaced = []
    for line in lines:
        if line.startswith("- "):
            old = line[2:]
            replaced.append((old, []))
        else:
            replaced[-1][1].append(line[2:])
    for old, new in replaced:
        if old not in text:
            sys.exit(f"'{old}' is not in the template")
        text = text.replace(old, "\n".join(new), 1)
    return text


def main():
    folder = pathlib.Path(sys.argv[1])
    template = (folder / "template.yaml").read_text()
    failures = 0
    for paragraph in (folder / "cases.txt").read_text().strip().split("\n\n"):
        name, *lines = paragraph.splitlines()
        changes = [line for line in lines if line.startswith(("- ", "+ "))]
        expected = [line for line in lines if line not in changes]
        net = folder / f"{name}.yaml"
        net.write_text(variant(template, changes))
        command = ["basalt", "compile", "--target=neurocore", "--chip", "loihi1-like", str(net), "-o", str(folder / "net.nci")]
        done = subprocess.run(command, capture_output=True, text=True)
        rest = done.stderr
        if expected == ["no error"]:
            found = done.returncode == 0
        else:
            found = done.returncode == 1
            for line in expected:
                found = found and line in rest
                rest = rest.partition(line)[2]
        if not found:
            failures += 1
            print(f"--- {name}: expected\n" + "\n".join(expected) + f"\nbut got exit code {done.returncode} and\n{done.stderr}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
