#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs recorded networks and compares what they do with the recording.

Each folder below cases/ has a case.json (what the network is, which Vars and ports were recorded) and
.npy files. A case becomes a YAML file whose processes are those of the standard library
and of processes.yaml, runs natively and in the reference interpreter, and must show what was recorded:
integers exactly, floats with rtol 1e-9 and atol 1e-12; native and interpreted bit for bit alike.
A case that needs a class of unsupported.txt is reported as unsupported, with the reason.

lit runs each case as a test of its own (lit_format.py). By hand, with `basalt` on PATH:

    test/conformance/run_cases.py 'lif_*'
"""

import argparse
import fnmatch
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy

HERE = pathlib.Path(__file__).resolve().parent
CASES = HERE / "cases"
TIMEOUT = 300


def unsupported():
    """Class name -> reason."""
    lines = (HERE / "unsupported.txt").read_text().splitlines()
    pairs = [line.split(":", 1) for line in lines if line and not line.startswith("#")]
    return {name.strip(): reason.strip() for name, reason in pairs}


class Case:
    def __init__(self, name):
        self.name, self.folder = name, CASES / name
        self.json = json.loads((self.folder / "case.json").read_text())

    def reasons_to_skip(self):
        table = unsupported()
        classes = {instance["class"] for instance in self.json["instances"].values()}
        return sorted(f"{name}: {table[name]}" for name in classes & table.keys())

    def value(self, value):
        """A parameter as YAML, of which JSON is a part; files by absolute path."""
        if isinstance(value, dict) and "file" in value:
            value = {"file": str(self.folder / value["file"])}
        return json.dumps(value)

    def instances(self):
        for name, instance in self.json["instances"].items():
            yield f"    {name}:"
            yield f"      class: {instance['class']}"
            for key, value in instance.get("params", {}).items():
                yield f"      {key}: {self.value(value)}"

    def connections(self):
        for source, target, *via in self.json["connections"]:
            for transform in via[0] if via else []:
                arguments = transform.get("shape", transform.get("axes", []))
                source += f".{transform['op']}({', '.join(map(str, arguments or []))})"
            yield f"    - {source} -> {target}"

    def stages(self):
        """The run in stages, cut where a Var is set."""
        done = 0
        for request in sorted(self.json.get("sets", []), key=lambda each: each["after_step"]):
            if request["after_step"] > done:
                yield f"    - steps: {request['after_step'] - done}"
                done = request["after_step"]
            yield f"    - set: {{{request['var']}: {self.value(request['value'])}}}"
        yield f"    - steps: {self.json['steps'] - done}"

    def yaml(self):
        """The text of the network."""
        lines = ["basalt: 1", f"import: ['{HERE}/processes.yaml']", "network:", "  instances:"]
        lines += self.instances()
        if self.json["connections"]:
            lines += ["  connections:", *self.connections()]
        lines += ["run:", "  stages:", *self.stages()]
        if self.json["select_tag"]:
            lines.append(f"  select_tag: {self.json['select_tag']}")
        lines.append(f"  probes: {json.dumps(list(self.json['probes']))}")
        lines.append(f"  get: {json.dumps(list(self.json.get('final', {})))}")
        return "\n".join(lines) + "\n"

    def outputs(self):
        """(what, file that a run writes, recorded file) of each result."""
        for name, file in self.json["probes"].items():
            yield name, f"{name}.npy", self.folder / file
        for name, file in self.json.get("final", {}).items():
            yield f"{name} in the end", f"{name}.final.npy", self.folder / file

    def differences(self, result):
        """Where the files in the folder `result` differ from the recording."""
        found = []
        for what, file, recorded in self.outputs():
            expected, actual = numpy.load(recorded), numpy.load(result / file)
            if expected.shape != actual.shape:
                found.append(f"{what}: shape {actual.shape}, recorded {expected.shape}")
                continue
            if self.json["dtype"] == "float64":
                same = numpy.isclose(actual, expected, rtol=1e-9, atol=1e-12)
            else:
                same = actual == expected
            for index in numpy.argwhere(~same)[:3]:
                place = tuple(int(i) for i in index)
                found.append(f"{what} at {place}: {actual[place]}, recorded {expected[place]}")
        return found


def run(command):
    result = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=False)
    if result.returncode != 0:
        return [f"exit code {result.returncode} of {' '.join(map(str, command))}", result.stderr]
    return []


def check(case, basalt, scratch):
    """The problems of a case, as text."""
    net = scratch / f"{case.name}.yaml"
    net.write_text(case.yaml())
    results = {"native": [], "interpreted": ["--interpret"]}
    problems = []
    for kind, options in results.items():
        out = scratch / kind
        found = run([basalt, "run", net, "--out", out, *options]) or case.differences(out)
        problems += [f"{kind}: {problem}" for problem in found]
    if not problems:
        for what, file, _ in case.outputs():
            contents = [(scratch / kind / file).read_bytes() for kind in results]
            if contents[0] != contents[1]:
                problems.append(f"{what}: native and interpreted differ in some bit")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--basalt", default="basalt", help="the compiler (default: on PATH)")
    parser.add_argument("--keep", type=pathlib.Path, help="write networks and results here")
    parser.add_argument("patterns", nargs="*", default=["*"], help="names of cases, with * and ?")
    args = parser.parse_args()

    names = sorted(folder.name for folder in CASES.iterdir())
    counts = {"passed": 0, "failed": 0, "unsupported": 0}
    for name in names:
        if not any(fnmatch.fnmatch(name, pattern) for pattern in args.patterns):
            continue
        case = Case(name)
        problems, verdict = case.reasons_to_skip(), "unsupported"
        if not problems:
            with tempfile.TemporaryDirectory() as scratch:
                folder = args.keep / name if args.keep else pathlib.Path(scratch)
                folder.mkdir(parents=True, exist_ok=True)
                problems = check(case, args.basalt, folder)
            verdict = "failed" if problems else "passed"
        counts[verdict] += 1
        print("\n  ".join([f"{name}: {verdict}", *"\n".join(problems).splitlines()]), flush=True)
    print(", ".join(f"{count} {verdict}" for verdict, count in counts.items()))
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
