#!/usr/bin/python3
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes cases that are right, wrong or broken, each in its own way: make_cases.py FOLDER."""

import copy
import json
import pathlib
import sys

import numpy

STEPS = 4
NUMBERS = numpy.arange(6 * STEPS, dtype=numpy.int64).reshape(2, 3, STEPS) - 9
RIGHT = {
    "name": "right", "source": ["a source and a sink"], "notes": "none", "select_tag": None, "steps": STEPS, "dtype": "int64",
    "instances": {
        "a": {"class": "RingBufferSource", "params": {"data": {"file": "data.npy"}}},
        "b": {"class": "Receiver", "params": {"shape": [3, 2], "payload": None}},
    },
    "connections": [["a.s_out", "b.a_in", [{"op": "transpose"}]]],
    "probes": {"b.payload": "payload.npy"},
    "final": {"b.payload": "last.npy"},
}  # fmt: skip


class Folder:
    """Where the cases go."""

    def __init__(self, path):
        self.path = pathlib.Path(path)

    def write(self, name, case, payload):
        folder = self.path / name
        folder.mkdir(parents=True)
        (folder / "case.json").write_text(case if isinstance(case, str) else json.dumps(case))
        numpy.save(folder / "data.npy", NUMBERS)
        numpy.save(folder / "payload.npy", payload)
        numpy.save(folder / "last.npy", payload[-1])
        return folder

    def changed(self, name, change, payload=None):
        """The right case after `change`, a function that gets its JSON."""
        case = copy.deepcopy(RIGHT)
        change(case)
        return self.write(name, case, NUMBERS.transpose(2, 1, 0) if payload is None else payload)


def virtual_ports(case):
    """Of `a` twice: its first column, turned, and its last two columns."""
    case["instances"]["c"] = copy.deepcopy(case["instances"]["a"])
    slice_first = {"op": "slice", "index": ":, :1"}
    concat = {"op": "concat", "ports": ["c.s_out[:, 1:]"], "axis": 1}
    case["connections"] = [["a.s_out", "b.a_in", [slice_first, concat, {"op": "transpose", "axes": [1, 0]}]]]


def sets(case):
    case["sets"] = [
        {"after_step": 0, "var": "a.data", "value": [[[5, 6, 7, 8]] * 3] * 2},
        {"after_step": STEPS, "var": "b.payload", "value": 77},
    ]


def main():
    folder = Folder(sys.argv[1])
    folder.changed("good_right", lambda case: None)
    folder.changed("good_virtual_ports", virtual_ports)
    played = numpy.full((STEPS, 3, 2), 5) + numpy.arange(STEPS)[:, None, None]
    numpy.save(folder.changed("good_sets", sets, played) / "last.npy", numpy.full((3, 2), 77))

    wrong = NUMBERS.transpose(2, 1, 0).copy()
    wrong[2, 1, 0] += 1
    wrong[3, 2, 1] += 1
    folder.changed("wrong_numbers", lambda case: None, wrong)
    folder.changed("wrong_shape", lambda case: None, wrong[:, :2])
    folder.changed("wrong_network", lambda case: case["connections"].append(["a.s_out", "b.nowhere"]))

    folder.write("broken_json", '{"steps": 4,', wrong)
    folder.write("broken_twice", '{"steps": 4, "steps": 5}', wrong)
    folder.changed("broken_key", lambda case: case.update(setz=[]))
    folder.changed("broken_missing", lambda case: case.pop("steps"))
    folder.changed("broken_kind", lambda case: case.update(steps="4"))
    folder.changed("broken_negative", lambda case: case.update(steps=-4))
    folder.changed("broken_dtype", lambda case: case.update(dtype="int32"))
    folder.changed("broken_dtype_of_file", lambda case: case.update(dtype="float64"))
    folder.changed("broken_steps_of_file", lambda case: case.update(steps=5))
    folder.changed("broken_file", lambda case: case["instances"]["a"]["params"]["data"].update(file="d.npy"))
    folder.changed("broken_file_key", lambda case: case["instances"]["a"]["params"]["data"].update(key="x"))
    folder.changed("broken_npy", lambda case: case["probes"].update({"b.payload": "case.json"}))
    folder.changed("broken_instance", lambda case: case["instances"]["a"].pop("class"))
    folder.changed("broken_end", lambda case: case["connections"].append(["c.s_out", "b.a_in"]))
    folder.changed("broken_connection", lambda case: case["connections"].append(["a.s_out"]))
    folder.changed("broken_op", lambda case: case["connections"][0][2].append({"op": "turn"}))
    folder.changed("broken_op_key", lambda case: case["connections"][0][2].append({"op": "reshape"}))
    folder.changed("broken_probe", lambda case: case["probes"].update(b="payload.npy"))
    folder.changed("broken_set", lambda case: case.update(sets=[{"after_step": 5, "var": "b.payload", "value": 1}]))
    (folder.path / "broken_empty").mkdir()


if __name__ == "__main__":
    main()
