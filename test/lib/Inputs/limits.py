# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Gives each parameter and Var of the library that has limits a value outside them.

    limits.py FOLDER

The error must name the process, the parameter, the value and the limit, and stand at the value. The
networks, one for each model of each process, go to FOLDER. Prints how many limits there are, and what is wrong.
"""

import concurrent.futures
import json
import pathlib
import re
import re
import subprocess
import sys

from every_process import INSTANCES, declared, library


def outside(limit):
    """Values that `limit` does not allow."""
    if limit.startswith("["):
        return ["NO_SUCH_MODE"]
    if not re.fullmatch(r"-?\d*\.\.-?\d*", limit):
        return []  # depends on other values
    low, _, high = limit.partition("..")
    return [int(low) - 1 for _ in low[:1]] + [int(high) + 1 for _ in high[:1]]


def evaluated(limit):
    """`limit` where parameters have their defaults, for which a choice between bounds takes the last."""
    return re.sub(r"where\([^,]*, [^,]*, (-?\d+)\)", r"\1", limit)


def limits(classes):
    """Process, tag to select (or nothing), name, limit."""
    for name, process in classes.items():
        if not process.models:
            continue
        inherited, base = dict(process.limits), process.extends
        while base:
            inherited = {**classes[base].limits, **inherited}
            base = classes[base].extends
        tag = process.models[0][0][:1]
        for key, limit in inherited.items():
            yield name, tag, key, evaluated(limit)
        for tags, own in process.models:
            for key, limit in own.items():
                yield name, tags[:1], key, evaluated(limit)


def instance(name, label, is_float, key, value):
    """Lines of an instance with the value, which is in the last line at the column that follows."""
    given = {k: v[not is_float] if isinstance(v, tuple) else v for k, v in INSTANCES[name][0].items()}
    # What gives a shape must have one.
    old = given.pop(key, None)
    is_matrix = isinstance(old, list) and isinstance(old[0], list)
    lines = [f"    {label}:", f"      class: {name}"]
    lines += [f"      {k}: {json.dumps(v)}" for k, v in given.items()]
    return [*lines, f"      {key}: {[[value]] if is_matrix else value}"], len(key) + 9


def check(folder, number, name, tags, values):
    """Each of `values`, (key, limit, value), in an instance of its own; what is wrong with their errors."""
    lines, expected = ["basalt: 1", "network:", "  instances:"], []
    path = folder / f"{number}.yaml"
    for index, (key, limit, value) in enumerate(values):
        new, column = instance(name, f"it{index}", tags == ["floating_pt"], key, value)
        lines += new
        found = f"'{value}'" if isinstance(value, str) else value
        message = f"'{key}' of 'it{index}' is {found}, which is outside its limits {limit}"
        expected.append(f"{path}:{len(lines)}:{column}: error: {message}")
    path.write_text("\n".join([*lines, "run:", "  steps: 1"]) + "\n")
    tag = ["--tag", tags[0]] if tags else []
    result = subprocess.run(["basalt", "check", path, *tag], capture_output=True, text=True, check=False)
    errors = [line for line in result.stderr.splitlines() if ": error: " in line]
    if result.returncode != 1 or errors != expected:
        yield f"{name}, {tags}: expected\n" + "\n".join(expected) + f"\nfound\n{result.stderr}"


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    classes = {each.name: each for family in library.families() for each in family.processes}
    all_limits = list(limits(classes))
    cases = {}
    for name, tags, key, limit in all_limits:
        known = [e[0] for s in ("params", "vars") for e in declared(classes, name, s)]
        assert key in known, (name, key)
        for value in outside(limit):
            cases.setdefault((name, *tags), []).append((key, limit, value))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        runs = [
            pool.submit(lambda *a: list(check(*a)), folder, number, name, tags, values)
            for number, ((name, *tags), values) in enumerate(cases.items())
        ]
        found = [problem for run in runs for problem in run.result()]
    print("\n".join(found))
    print(f"{len(all_limits)} limits, {sum(map(len, cases.values()))} values, {len(found)} problems")


if __name__ == "__main__":
    main()
