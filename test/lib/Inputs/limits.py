# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Gives each parameter and Var of the library that has limits a value outside them.

    limits.py FOLDER

The error must name the process, the parameter, the value and the limit, and stand at the value. The
networks go to FOLDER. Prints how many limits there are, and what is wrong.
"""

import concurrent.futures
import json
import pathlib
import re
import subprocess
import sys

from every_process import INSTANCES, declared, library


def outside(limit):
    """Values that `limit` does not allow."""
    if limit.startswith("["):
        return ["NO_SUCH_MODE"]
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


def check(folder, number, name, tags, key, limit, value):
    """What is wrong with the error, or nothing."""
    is_float = tags == ["floating_pt"]
    given = {k: v[not is_float] if isinstance(v, tuple) else v for k, v in INSTANCES[name][0].items()}
    # What gives a shape must have one.
    old = given.pop(key, None)
    is_matrix = isinstance(old, list) and isinstance(old[0], list)
    lines = ["basalt: 1", "network:", "  instances:", "    it:", f"      class: {name}"]
    lines += [f"      {k}: {json.dumps(v)}" for k, v in given.items()]
    lines += [f"      {key}: {[[value]] if is_matrix else value}"]
    path = folder / f"{number}.yaml"
    path.write_text("\n".join([*lines, "run:", "  steps: 1"]) + "\n")
    tag = ["--tag", tags[0]] if tags else []
    result = subprocess.run(
        ["basalt", "check", path, *tag], capture_output=True, text=True, check=False
    )
    found = f"'{value}'" if isinstance(value, str) else value
    place = f"{path}:{len(lines)}:{len(key) + 9}: error: "
    message = f"'{key}' of 'it' is {found}, which is outside its limits {limit}\n"
    if result.returncode == 1 and result.stderr.startswith(place + message):
        return ""
    return f"{name}, {tags}: {key}: {value}: expected {place}{message}found {result.stderr}"


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    classes = {each.name: each for family in library.families() for each in family.processes}
    all_limits = list(limits(classes))
    for name, _, key, _ in all_limits:
        known = [e[0] for s in ("params", "vars") for e in declared(classes, name, s)]
        assert key in known, (name, key)
    cases = [(*each, value) for each in all_limits for value in outside(each[3])]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda number: check(folder, number, *cases[number]), range(len(cases))))
    found = [problem for problem in found if problem]
    print("\n".join(found))
    print(f"{len(all_limits)} limits, {len(cases)} values, {len(found)} problems")


if __name__ == "__main__":
    main()
