# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes the network of a case, which is described in Lava's terms, as a Basalt file."""

import json
import math
import pathlib

HERE = pathlib.Path(__file__).resolve().parent


def scalar(value):
    """A number, string or the like as YAML: JSON, but for the floats that JSON does not have."""
    if isinstance(value, float) and not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    return json.dumps(value)


class NetworkYaml:
    """What has a case in `json` and its files in `folder`."""

    def value(self, value):
        """A parameter as YAML, of which JSON is a part; files by absolute path."""
        if isinstance(value, dict):
            if "file" in value:
                return json.dumps({"file": str((self.folder / value["file"]).resolve())})
            # A record names itself; Lava's learning rules do so by `learning_rule`.
            keys = {"learning_rule": "class"}
            parts = {keys.get(key, key): self.value(part) for key, part in value.items()}
            return "{" + ", ".join(f"{key}: {part}" for key, part in parts.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(self.value, value)) + "]"
        return scalar(value)

    def imports(self):
        own = [self.folder / "processes.yaml", self.folder.parent / "processes.yaml"]
        files = [HERE / "processes.yaml", *(file for file in own if file.exists())]
        return [str(file.resolve()) for file in dict.fromkeys(files)]

    def instances(self):
        for name, instance in self.json["instances"].items():
            yield f"    {name}:"
            # What draws random numbers there is fed with those here.
            draws = instance["class"] in ("LearningDense", "LearningSparse")
            recorded = self.json.get("rng", {}) if draws else {}
            yield f"      class: {'Recorded' if recorded else ''}{instance['class']}"
            streams = {key: value for key, value in recorded.items() if isinstance(value, dict)}
            for key, value in (instance.get("params", {}) | streams).items():
                if value is not None:  # as if it were not given
                    yield f"      {key}: {self.value(value)}"

    def virtual_port(self, source, transform):
        """The source as it looks through one transform."""
        op = transform["op"]
        if op in ("concat", "concat_with"):
            axis = f", axis={transform['axis']}" if "axis" in transform else ""
            return f"concat({', '.join([source, *transform['ports']])}{axis})"
        if op == "slice":
            return f"{source}[{transform['index']}]"
        arguments = transform.get("shape", transform.get("axes"))
        if not isinstance(arguments, list):
            arguments = [] if arguments is None else [arguments]
        return f"{source}.{op}({', '.join(map(str, arguments))})"

    def connections(self):
        for source, target, *via in self.json["connections"]:
            for transform in via[0] if via else []:
                source = self.virtual_port(source, transform)
            yield f"    - {json.dumps(f'{source} -> {target}')}"

    def stages(self):
        """The run in stages, cut where a Var is set."""
        done = 0
        for request in sorted(self.json.get("sets", []), key=lambda each: each["after_step"]):
            if request["after_step"] > done:
                yield f"    - steps: {request['after_step'] - done}"
                done = request["after_step"]
            yield f"    - set: {{{request['var']}: {self.value(request['value'])}}}"
        steps = self.json.get("steps", 1)
        if steps > done or not done:
            yield f"    - steps: {steps - done}"

    def run_section(self):
        """The lines of `run:`."""
        lines = ["run:", "  stages:", *self.stages()]
        for key in ("select_tag", "select_sub_proc_model", "exception_proc_model_map"):
            if self.json.get(key):
                lines.append(f"  {key}: {json.dumps(self.json[key])}")
        lines.append(f"  probes: {json.dumps(list(self.json.get('probes', {})))}")
        lines.append(f"  get: {json.dumps(list(self.json.get('final', {})))}")
        return lines

    def yaml(self):
        """The text of the network."""
        lines = ["basalt: 1", f"import: {json.dumps(self.imports())}", "network:"]
        lines += ["  instances:", *self.instances()] if self.json["instances"] else ["  instances: {}"]
        if self.json["connections"]:
            lines += ["  connections:", *self.connections()]
        return "\n".join([*lines, *self.run_section()]) + "\n"
