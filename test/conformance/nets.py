#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs files of trained networks and compares what they do with recordings.

Each folder with a case.json below a folder is a case: `graph` in it names a file of NIR, `network` one of lava-dl. Inputs,
steps, options and expected arrays are as README.md says. A case runs natively, in both interpreters, and from the YAML that `basalt
import` writes; spikes must be equal, values within rtol 1e-9 and atol 1e-12, and all ways agree in every bit.

Usage: ./dev conformance --nets DIR [PATTERN...]
"""

import argparse
import concurrent.futures
import fnmatch
import itertools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import h5py
import numpy

import compare

TIMEOUT = 600
WAYS = {"native": [], "imported": [], "step": ["--interpret=optimized"], "interpreted": ["--interpret"]}
EXPORTED = "exported"  # of NIR: from the file that `basalt export` writes, without a word of how it is run
CHIP = "chip"  # networks of integers as images, in the emulator; only if asked for
NIR_OPTIONS = {"scheme": "integrator", "reset": "reset", "cuba_order": "cuba-order"}
NIR_WORDS = {"zero": "to_value"}
NET_OPTIONS = {
    "reset_interval": "reset-interval",
    "reset_offset": "reset-offset",
    "spike_exp": "spike-exp",
    "num_layers": "layers",
    "skip_layers": "skip-layers",
    "input_message_bits": "message-bits",
}


class Problem(Exception):
    """What is wrong with a case or a run."""


def instance_name(node):
    """What the importer calls a node."""
    name = re.sub(r"[^A-Za-z0-9_]", "_", node)
    return "n" + name if name[0].isdigit() else name


def run(command):
    """Runs a command; what it says if it fails is a Problem."""
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired as error:
        raise Problem(f"not done after {TIMEOUT} s") from error
    if result.returncode != 0:
        raise Problem(f"exit code {result.returncode} of {' '.join(map(str, command))}\n{result.stderr.rstrip()}")


class Run:
    """One way of running a file: its options, and what is expected of it."""

    def __init__(self, name, network, options, run_options, expected):
        self.name, self.network, self.options = name, network, options
        self.run_options, self.expected = run_options, expected
        self.rows = None  # (file, array): to be written as the input before
        self.resets = ""  # what the YAML has beside the network, which only `imported` can run
        self.readings = [[]]  # options of which one must give what was recorded

    def ways(self, ways):
        if self.resets:
            return [way for way in ways if way == "imported"]
        return [way for way in ways if self.network.suffix == (".nir" if way == EXPORTED else ".net") or way in WAYS]

    def execute(self, basalt, scratch, way):
        """Runs it; the result is the folder of its arrays."""
        out = scratch / way
        if self.rows is not None:
            numpy.save(scratch / "rows.npy", self.rows)
            self.options = [*self.options, f"--input={scratch / 'rows.npy'}"]
            self.rows = None
        arguments = [*self.run_options, "--out", out, *WAYS.get(way, [])]
        if way == CHIP:
            image = scratch / "net.nci"
            run([basalt, "compile", self.network, *self.options, "--target=neurocore", "-o", image])
            run([basalt, "emulate", image, *arguments])
            return out
        if way == EXPORTED:
            net = scratch / "exported.nir"
            run([basalt, "export", self.network, *self.options, "-o", net])
            inputs = [option for option in self.options if option.startswith("--input=")]
            # Its nodes are called as the instances are.
            inputs = [re.sub("(?<==)[^=]+(?==)", lambda name: instance_name(name[0]), option) for option in inputs]
            run([basalt, "run", net, *inputs, *arguments])
            return out
        if way != "imported":
            run([basalt, "run", self.network, *self.options, *arguments])
            return out
        net = scratch / "net.yaml"
        run([basalt, "import", self.network, *self.options, "-o", net])
        if self.resets:
            net.write_text(net.read_text().replace("  connections:\n", self.resets, 1))
        run([basalt, "run", net, *arguments])
        return out

    def problems(self, basalt, scratch, ways):
        """Way -> what is wrong with it."""
        result, first = {}, None
        for way in self.ways(ways):
            try:
                result[way], out = self.attempt(basalt, scratch, way, first)
                first = first or out
            except Problem as problem:
                result[way] = [str(problem)]
        return result

    def attempt(self, basalt, scratch, way, first):
        """The differences of the first reading that has none; that one counts for all further ways."""
        given = self.run_options
        for reading in self.readings:
            self.run_options = [*given, *reading]
            out = self.execute(basalt, scratch, way)
            differences = list(self.differences(out, first))
            if not differences:
                self.readings = [[]]
                return differences, out
        self.run_options = given
        return differences, out

    def differences(self, out, first):
        for array in self.expected:
            actual = numpy.load(out / array.result)
            wanted = array.load()
            found = compare.difference(actual.astype(wanted.dtype), wanted, "recorded", array.by_step)
            if not found and first:
                found = compare.difference(
                    actual, numpy.load(first / array.result), "natively", array.by_step, bits=True
                )
            if found:
                yield f"{array.result}: {found}"


class Expected:
    """A recorded array, and the file of a run that must be the same."""

    def __init__(self, result, file, by_step, time_last=False):
        self.result, self.file, self.by_step, self.time_last = result, file, by_step, time_last

    def load(self):
        array = numpy.load(self.file)
        return numpy.moveaxis(array, -1, 0) if self.time_last else array


def nir_runs(folder, case):
    """The variants of a case of NIR."""
    for variant in case["variants"]:
        options = [f"--nir-dt={case['dt']}"]
        options += [f"--input={name}={folder / data['file']}" for name, data in case["inputs"].items()]
        for key, value in variant["settings"].items():
            options.append(f"--nir-{NIR_OPTIONS[key]}={NIR_WORDS.get(value, value)}")
        expected, probes = [], []
        for array in variant["expected"]:
            probe = instance_name(array["node"]) + ".y"
            probes.append(f"--probe={probe}")
            expected.append(Expected(f"{probe}.npy", folder / array["file"], True))
        yield Run(
            variant["name"],
            folder / case["graph"],
            options,
            [f"--steps={case['steps']}", *probes],
            expected,
        )


def net_expected(folder, case):
    """Arrays of `case`, and the options that ask for them."""
    neurons = {array["layer"]: array.get("neuron") for array in case["expected"] if "neuron" in array}
    for array in case["expected"]:
        layer, file = array["layer"], folder / array["file"]
        if array["signal"] == "s_out":
            yield Expected(f"layer{layer}.s_out.npy", file, True, time_last=True), f"--probe=layer{layer}.s_out"
            continue
        var = re.fullmatch(r"layer\d+_(\w+)_final\.npy", array["file"])[1]
        # Lava's Delta has Vars that nothing changes.
        if not (neurons.get(layer) == "Delta" and var == "sigma"):
            yield Expected(f"layer{layer}.{var}.final.npy", file, False), f"--get=layer{layer}.{var}"


def external_resets(case):
    """Instances and connections of Reset processes, as YAML that comes before other connections."""
    interval = case.get("external_reset_interval")
    if not interval:
        return ""
    layers = sorted({array["layer"] for array in case["expected"]})
    names = [(f"reset_{layer}_{var}", layer, var) for layer in layers for var in "uv"]
    lines = [
        f"    {name}: {{class: Reset, interval: {interval}, offset: {(layer - 1) % interval}}}"
        for name, layer, _ in names
    ]
    lines += ["  connections:", *[f"    - {name}.state -> layer{layer}.{var}" for name, layer, var in names]]
    return "\n".join(lines) + "\n"


def resonator_readings(file):
    """netx makes a period of the factors of a resonator and factors of that, with floats. They come out as in the file, or
    one less, by the last bit of an arctan2, which differs between machines."""
    settings = []
    with h5py.File(file) as net:
        layers = [net["layer"][name] for name in sorted(net["layer"], key=int)]
        layers = [layer for layer in layers if word_of(layer["type"]) != "flatten"]
        for number, layer in enumerate(layers):
            for factor in ("sin", "cos"):
                if f"neuron/{factor}Decay" in layer:
                    value = int(numpy.ravel(layer[f"neuron/{factor}Decay"][()])[0])
                    settings.append([f"--set=layer{number}.{factor}_decay={value - loss}" for loss in (0, 1)])
    return [list(reading) for reading in itertools.product(*settings)]


def word_of(data):
    return numpy.ravel(data[()])[0].decode()


def net_runs(folder, case):
    """The one way of running a file of lava-dl."""
    options = [f"--net-{NET_OPTIONS[key]}={value}" for key, value in case["netx_options"].items()]
    expected, watched = zip(*net_expected(folder, case))
    arguments = [f"--steps={case['steps']}", *watched]
    file = folder / case["input"]["file"]
    result = Run("netx", folder / case["network"], options, arguments, expected)
    if case["input"]["key"] == "bias":
        arguments.append(f"--set=layer0.bias_mant=@{file}")
    else:
        result.rows = numpy.moveaxis(numpy.load(file), -1, 0)
    result.resets = external_resets(case)
    result.readings = resonator_readings(folder / case["network"])
    yield result


def runs_of(folder):
    case = json.loads((folder / "case.json").read_text())
    try:
        return list(nir_runs(folder, case) if "graph" in case else net_runs(folder, case))
    except KeyError as error:
        raise Problem(f"case.json has no {error}, or one of another form") from error


class Result:
    def __init__(self, name):
        self.name, self.cells, self.lines, self.seconds = name, {}, [], 0.0

    @property
    def failed(self):
        return bool(self.lines)


def examine(folder, basalt, ways):
    """Runs a case in all ways."""
    result, start = Result(folder.name), time.monotonic()
    try:
        for each in runs_of(folder):
            with tempfile.TemporaryDirectory() as scratch:
                for way, problems in each.problems(basalt, pathlib.Path(scratch), ways).items():
                    result.lines += [f"{each.name}, {way}: {text}" for text in problems]
                    result.cells[way] = "FAILED" if problems or result.cells.get(way) == "FAILED" else "ok"
    except (Problem, OSError, json.JSONDecodeError) as error:
        result.lines.append(str(error))
    result.seconds = time.monotonic() - start
    return result


def case_folders(root):
    """Folders with a case of this form, `root` itself or up to two levels below it."""
    for pattern in ("case.json", "*/case.json", "*/*/case.json"):
        for file in sorted(root.glob(pattern)):
            if re.search(r'"(graph|netx_options)":', file.read_text()):
                yield file.parent


def main():
    parser = argparse.ArgumentParser(prog="./dev conformance --nets", description=__doc__.split("\n\n", 1)[0])
    parser.add_argument("--basalt", default="basalt", help="the compiler (default: on PATH)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many cases at once")
    parser.add_argument("--way", action="append", choices=[*WAYS, EXPORTED, CHIP], help="only this way of running; exported: .nir files by way of `basalt export`; chip: .net files in the emulator of a chip")
    parser.add_argument("folder", type=pathlib.Path, help="the folder of the cases")
    parser.add_argument("patterns", nargs="*", help="names of cases, with * and ?")
    args = parser.parse_args()
    if not shutil.which(args.basalt):
        parser.error(f"cannot run '{args.basalt}'")
    folders = [
        folder.resolve()
        for folder in case_folders(args.folder)
        if not args.patterns or any(fnmatch.fnmatch(folder.name, pattern) for pattern in args.patterns)
    ]
    if not folders:
        print(f"skipped: there are no cases of trained networks in '{args.folder}'")
        return 0
    ways, failed = args.way or list(WAYS), 0
    print(f"{'case':28}  " + "  ".join(f"{way:11}" for way in ways) + "  seconds")
    with concurrent.futures.ThreadPoolExecutor(max(args.jobs, 1)) as pool:
        for result in pool.map(lambda folder: examine(folder, args.basalt, ways), folders):
            cells = "  ".join(f"{result.cells.get(way, '-'):11}" for way in ways)
            print(f"{result.name:28}  {cells}  {result.seconds:7.1f}")
            for line in "\n".join(result.lines).splitlines():
                print(f"    {line}")
            sys.stdout.flush()
            failed += result.failed
    print(f"{len(folders) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
