#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a command on many small inputs and compares all it says, to the letter, and its exit code.

    check_cases.py CASES FOLDER [--update] -- COMMAND...

CASES has, after comments, cases of this form:

    === name of the case | further arguments of the command
    the text of net.yaml
    +++ other.yaml
    the text of a further file
    +++ w.npy <f8 (2,) 1.5 2.5
    >>>
    all that the command prints to standard error

An .npy file is described in its line: type, shape, elements; `cut N` at the end keeps N bytes. A case
`template` holds what the later ones have in common: each is what stands at its line `@`, indented
alike. The exit code must be 1 if an error is expected and 0 otherwise. With --update the expectations
are replaced by what the command says, to be read before they are committed.
"""

import pathlib
import re
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor


ERROR = re.compile(r"(^|: )error: ")


class Case:
    def __init__(self, title):
        self.name, _, arguments = (part.strip() for part in title.partition("|"))
        self.title = title
        self.arguments = arguments.split()
        self.files = [["net.yaml", []]]
        self.expected = []
        self.expects = False

    def add(self, line):
        if line.startswith("+++ "):
            self.files.append([line[4:], []])
        elif line == ">>>":
            self.expects = True
        else:
            (self.expected if self.expects else self.files[-1][1]).append(line)


def parse(path):
    head, cases = [], []
    for line in path.read_text().splitlines():
        if line.startswith("=== "):
            cases.append(Case(line[4:]))
        elif cases:
            cases[-1].add(line)
        else:
            head.append(line)
    return head, cases


def array(description):
    """The bytes of an .npy file."""
    match = re.fullmatch(r"(\S+) (\([\d, ]*\))((?: [-\d.e]+)*)(?: cut (\d+))?", description)
    dtype, shape, elements, cut = match.groups()
    header = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    code = {"f8": "d", "f4": "f", "i8": "q", "i4": "i", "i2": "h", "i1": "b", "u8": "Q", "u1": "B", "b1": "?"}
    kind = float if dtype[1] == "f" else int
    values = [kind(text) for text in elements.split()]
    data = struct.pack(f"<{len(values)}{code.get(dtype[1:], 'd')}", *values)
    whole = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data
    return whole if cut is None else whole[: int(cut)]


def fill(template, lines):
    position = next(i for i, line in enumerate(template) if line.strip() == "@")
    indent = template[position][: template[position].index("@")]
    return template[:position] + [indent + line if line else line for line in lines] + template[position + 1 :]


def run(case, template, folder, command):
    """Exit code and standard error of the command on the case's files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in case.files:
        if template and name == "net.yaml":
            lines = fill(template, lines)
        name, _, description = name.partition(" ")
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(array(description) if description else ("\n".join(lines) + "\n").encode())
    process = subprocess.run(
        [*command, *case.arguments, "net.yaml"], cwd=folder, capture_output=True, timeout=60, check=False
    )
    said = process.stderr.decode(errors="replace").rstrip("\n").replace(str(folder), "FOLDER")
    return process.returncode, said.splitlines()


def without_blank_end(lines):
    while lines and not lines[-1]:
        lines = lines[:-1]
    return lines


def write(path, head, cases):
    out = list(head)
    for case in cases:
        out.append(f"=== {case.title}")
        for i, (name, lines) in enumerate(case.files):
            out += ([f"+++ {name}"] if i else []) + without_blank_end(lines)
        if case.name != "template":
            out += [">>>", *case.expected]
        out.append("")
    path.write_text("\n".join(out).rstrip("\n") + "\n")


def main():
    options, command = sys.argv[1 : sys.argv.index("--")], sys.argv[sys.argv.index("--") + 1 :]
    path, folder, update = pathlib.Path(options[0]), pathlib.Path(options[1]), "--update" in options
    head, everything = parse(path)
    template = next((case.files[0][1] for case in everything if case.name == "template"), None)
    cases = [case for case in everything if case.name != "template"]
    with ThreadPoolExecutor(2) as pool:
        results = list(
            pool.map(lambda pair: run(pair[1], template, folder / str(pair[0]), command), enumerate(cases))
        )
    failures = 0
    for case, (code, said) in zip(cases, results):
        expected = without_blank_end(case.expected)
        wanted = int(any(ERROR.search(line) for line in (said if update else expected)))
        if code == wanted and (update or said == expected):
            case.expected = said
            continue
        failures += 1
        case.expected = said
        print(f"{path.name}: '{case.name}': exit code {code}, expected {wanted}\nexpected:")
        print("\n".join("  " + line for line in expected), "\nfound:", sep="")
        print("\n".join("  " + line for line in said))
    if update:
        write(path, head, everything)
    print(f"{len(cases) - failures} of {len(cases)} cases as expected")
    return 1 if failures or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
