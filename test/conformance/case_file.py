# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads a case.json and says what is wrong with it: nothing in it is ignored.

The format is described in README.md.
"""

import difflib
import json

import numpy

KEYS = {
    "name": False, "source": False, "notes": False, "behaviour": False,  # for the reader
    "steps": True, "dtype": True, "instances": True, "connections": True, "probes": True,
    "select_tag": False, "select_sub_proc_model": False, "exception_proc_model_map": False,
    "sets": False, "final": False, "rng": False,
}  # fmt: skip
DTYPES = ("int64", "float64")
OPS = {
    "reshape": {"shape"},
    "flatten": set(),
    "transpose": {"axes"},
    "slice": {"index"},
    "concat": {"ports", "axis"},
}


class CaseError(Exception):
    """A case that cannot be run as it stands, with a text for whoever wrote it."""


def spelled(names):
    return ", ".join(f"'{name}'" for name in names)


def unique_pairs(pairs):
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise CaseError(f"case.json: key '{key}' is there twice")
    return dict(pairs)


def expect(value, kind, what, words):
    """`value`, which must be of the type `kind`; True and False are no numbers."""
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
        raise CaseError(f"case.json: expected {words} for {what}, found {json.dumps(value)[:60]}")
    return value


def check_keys(mapping, known, required, what):
    """No key that is not `known`, and all that are `required`."""
    expect(mapping, dict, what, "a mapping")
    for key in mapping:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f", did you mean '{near[0]}'?" if near else f", expected one of {spelled(known)}"
            raise CaseError(f"case.json: unknown key '{key}' in {what}{hint}")
    for key in required:
        if key not in mapping:
            raise CaseError(f"case.json: {what} has no '{key}'")


class CaseFile:
    """The contents of a case.json, which have been checked, and the arrays beside it."""

    def __init__(self, folder):
        self.folder = folder
        try:
            text = (folder / "case.json").read_text()
            self.json = json.loads(text, object_pairs_hook=unique_pairs)
        except OSError as error:
            raise CaseError(f"cannot read case.json: {error.strerror}") from error
        except ValueError as error:
            raise CaseError(f"case.json: {error}") from error
        self.check()

    def check(self):
        required = [key for key, needed in KEYS.items() if needed]
        check_keys(self.json, KEYS, required, "the case")
        if expect(self.json["steps"], int, "'steps'", "a number of steps") < 0:
            raise CaseError("case.json: 'steps' is negative")
        if self.json["dtype"] not in DTYPES:
            raise CaseError(f"case.json: expected one of {spelled(DTYPES)} for 'dtype', found '{self.json['dtype']}'")
        if self.json.get("select_tag") is not None:
            expect(self.json["select_tag"], str, "'select_tag'", "a tag or null")
        expect(self.json.get("select_sub_proc_model", False), bool, "'select_sub_proc_model'", "true or false")
        expect(self.json.get("exception_proc_model_map", {}), dict, "'exception_proc_model_map'", "a mapping")
        self.check_instances()
        for connection in expect(self.json["connections"], list, "'connections'", "a list"):
            self.check_connection(connection)
        for request in expect(self.json.get("sets", []), list, "'sets'", "a list"):
            self.check_set(request)
        self.check_recorded()
        for name, value in expect(self.json.get("rng", {}), dict, "'rng'", "a mapping").items():
            self.check_value(value, f"'rng.{name}'")

    def array(self, file, what):
        """The array in a file of the case."""
        try:
            return numpy.load(self.folder / expect(file, str, what, "the name of a file"))
        except OSError as error:
            raise CaseError(f"cannot read '{file}' of {what}: {error.strerror or error}") from error
        except ValueError as error:
            raise CaseError(f"'{file}' of {what} is no .npy file: {error}") from error

    def check_value(self, value, what):
        """A value: a number, a list, a string, a file, or a mapping of values."""
        if isinstance(value, dict):
            if "file" in value:
                check_keys(value, {"file"}, {"file"}, what)
                self.array(value["file"], what)
            for name, part in value.items():
                self.check_value(part, f"'{name}' of {what}")
        elif isinstance(value, list):
            for part in value:
                self.check_value(part, what)

    def check_instances(self):
        for name, instance in expect(self.json["instances"], dict, "'instances'", "a mapping").items():
            check_keys(instance, {"class", "params"}, {"class"}, f"instance '{name}'")
            expect(instance["class"], str, f"the class of '{name}'", "a name")
            parameters = expect(instance.get("params", {}), dict, f"the params of '{name}'", "a mapping")
            for key, value in parameters.items():
                self.check_value(value, f"'{name}.{key}'")

    def check_member(self, path, what):
        """`instance.member`, of an instance that is there."""
        instance, dot, member = expect(path, str, what, "'instance.member'").partition(".")
        if not dot or not member:
            raise CaseError(f"case.json: expected 'instance.member' for {what}, found '{path}'")
        if instance not in self.json["instances"]:
            raise CaseError(f"case.json: {what} '{path}' is of no instance of the case")

    def check_connection(self, connection):
        expect(connection, list, "a connection", "[source, target] or [source, target, via]")
        if len(connection) not in (2, 3):
            raise CaseError(
                f"case.json: expected [source, target] or [source, target, via], found {json.dumps(connection)}"
            )
        for end in connection[:2]:
            self.check_member(end, "an end of a connection")
        for transform in connection[2] if len(connection) == 3 else []:
            self.check_transform(transform, f"'{connection[0]} -> {connection[1]}'")

    def check_transform(self, transform, where):
        expect(transform, dict, f"a transform of {where}", "a mapping")
        op = transform.get("op")
        if op not in OPS:
            raise CaseError(f"case.json: unknown op '{op}' of {where}, expected one of {spelled(OPS)}")
        # NumPy's transpose without axes turns all of them around.
        required = OPS[op] - {"axes", "axis"}
        check_keys(transform, OPS[op] | {"op"}, required, f"'{op}' of {where}")
        for port in transform.get("ports", []):
            self.check_member(port, "a port of a concat")

    def check_set(self, request):
        keys = ["after_step", "var", "value"]
        check_keys(request, keys, keys, "a set")
        self.check_member(request["var"], "a set of")
        after = expect(request["after_step"], int, "'after_step'", "a number of steps")
        if not 0 <= after <= self.json["steps"]:
            raise CaseError(f"case.json: a set after step {after} of a run of {self.json['steps']}")
        self.check_value(request["value"], f"the set of '{request['var']}'")

    def check_recorded(self):
        steps, dtype = self.json["steps"], self.json["dtype"]
        for key, what in (("probes", "probe"), ("final", "final")):
            for name, file in expect(self.json.get(key, {}), dict, f"'{key}'", "a mapping").items():
                self.check_member(name, f"a {what} of")
                array = self.array(file, f"{what} '{name}'")
                if array.dtype != dtype:
                    raise CaseError(f"'{file}' of {what} '{name}' has the type {array.dtype}, expected {dtype}")
                if key == "probes" and array.shape[:1] != (steps,):
                    raise CaseError(f"'{file}' of {what} '{name}' has shape {array.shape}, expected {steps} steps")
