# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles a network for a chip that has just enough of something, one less, far less, none.

limits.py exceeded NETWORK CHIP    each limit of a core that the network needs something of
limits.py embedded NETWORK CHIP    memory of the embedded processor
limits.py zero NETWORK CHIP [...]  each field of the chip (of these sections), set to nothing

What is there in time, compiles. What compiles keeps to the limit and, with one less, does what a
simulator does. All else is refused with an error: prints one line for each case.
"""
import json
import re
import subprocess
import sys
from multiprocessing.pool import ThreadPool
from pathlib import Path

# Seconds that a compilation of such a small network may take on a busy machine.
MOST_SECONDS = 120


class Failure(Exception):
    pass


def basalt(*arguments):
    try:
        return subprocess.run(["basalt", *map(str, arguments)], capture_output=True, text=True,
                              timeout=MOST_SECONDS)
    except subprocess.TimeoutExpired:
        raise Failure(f"takes too long: basalt {' '.join(map(str, arguments))}") from None


def write_target(path, base, changes):
    """A target like `base`, but for some fields (section.key)."""
    text = f"target: {path.stem}\nversion: 1\ninherits: {base}\n"
    for section in sorted({field.split(".")[0] for field in changes}):
        keys = {field.split(".")[1]: value for field, value in changes.items()
                if field.startswith(section + ".")}
        text += f"{section}: {{{', '.join(f'{key}: {value}' for key, value in keys.items())}}}\n"
    path.write_text(text)


def reasons(stderr):
    """Messages without their places in files."""
    found = re.findall(r"^(?:\S+:\d+:\d+: )?((?:error|note): .*)$", stderr, re.MULTILINE)
    return [text for text in found if not text.startswith("note: in instance")]


def compile_for(network, base, changes, name):
    """The image and None, or None and what is wrong."""
    target, image = Path(f"{name}.yaml"), Path(f"{name}.nci")
    write_target(target, base, changes)
    done = basalt("compile", "--target=neurocore", "--chip", f"./{target}", network, "-o", image)
    if done.returncode == 0:
        return image, None
    if done.returncode != 1 or not any(text.startswith("error: ") for text in reasons(done.stderr)):
        raise Failure(f"{changes}: exit code {done.returncode}\n{done.stderr}")
    return None, reasons(done.stderr)


def naming(field, wrong):
    """What is said of the field; None: nothing."""
    named = [text for text in wrong if f"({field})" in text or f"'{field}'" in text]
    return named[0].split(": ", 1)[1] if named else None


def fit_of(image):
    return json.loads(basalt("report", "fit", "--json", image).stdout)


def attempt(network, base, field, amount, others, cores):
    """What becomes of the network if there is so much: a line of text."""
    name = f"{Path(network).stem}-{field}-{amount}".replace(".", "-")
    image, wrong = compile_for(network, base, {**others, field: amount}, name)
    if not image:
        if not naming(field, wrong):
            raise Failure(f"{field}: {amount}: refused without a word on the limit: {wrong}")
        return f"{amount}: refused: {naming(field, wrong)}"
    fit = fit_of(image)
    most, now = fit["limits"][field]["most"], len(fit["cores"])
    if most > amount or now < cores:
        raise Failure(f"{field}: {amount}: {most} on one of {now} cores")
    emulated = basalt("emulate", image, "--out", f"{name}.out")
    same = subprocess.run(["diff", "-r", f"{Path(network).stem}.native", f"{name}.out"], capture_output=True, text=True)
    if emulated.returncode != 0 or same.returncode != 0:
        raise Failure(f"{field}: {amount}: {emulated.stderr}{same.stdout}")
    return f"{amount}: {now} {'core' if now == 1 else 'cores'}"


def each(line, items):
    """The lines of all items; what is wrong with some does not hide others."""

    def safe(item):
        try:
            return line(item)
        except Failure as failure:
            return f"FAILED {item}: {failure}"

    return ThreadPool(2).map(safe, items)


def exceeded(network, base):
    basalt("run", network, "--out", f"{Path(network).stem}.native")
    image, wrong = compile_for(network, base, {}, "enough")
    if not image:
        raise Failure(f"does not fit at all: {wrong}")
    fit = fit_of(image)
    used = {field: limit["most"] for field, limit in fit["limits"].items() if limit["most"] > 0}
    def others(field, amount):
        """Words and the state of a neuron have to fit into the pool, whoever needs them."""
        if field != "core.pool_bytes":
            return {}
        return {"core.synapse_words": min(used["core.synapse_words"], amount // 8),
                "core.state_bytes": min(used["core.state_bytes"], amount)}

    def line(field):
        if field == "accumulators.slots_most":  # a power of two, which delays go with
            return None
        amounts = {used[field], used[field] - 1, used[field] // 8}
        return f"{field}: " + "; ".join(
            attempt(network, base, field, amount, others(field, amount), len(fit["cores"]))
            for amount in sorted(amounts, reverse=True))

    return each(line, sorted(used))


def embedded(network, base):
    """What is needed is known from the error."""

    def line(field):
        def attempt(amount):
            changes = {"embedded.count": 1, field: amount}
            return compile_for(network, base, changes, f"{field}-{amount}".replace(".", "-"))[1]

        wrong = attempt(1)
        needed = int(re.search(r"needs (\d+) bytes of", wrong[0])[1])
        if attempt(needed):
            raise Failure(f"{needed} are not enough: {attempt(needed)}")
        less = attempt(needed - 1)
        expected = f"needs {needed} bytes of {field[9:13]}, where {needed - 1} are there"
        if not less or expected not in less[0]:
            raise Failure(f"{needed - 1}: {less}")
        return f"{field}: enough, one less, {wrong[0]}".replace(str(needed), "N")

    return each(line, ["embedded.code_bytes", "embedded.data_bytes"])


def nothing(field, value):
    """Nothing, as the value of a field that is `value`."""
    if field == "weights.exponent":
        return "[0, 0]"
    if value.startswith("["):
        return "[]"
    if value in ("true", "false"):
        return "false"
    return "none" if value[0].isalpha() else "0"


def zero(network, base, *sections):
    text = basalt("targets", base, "--canonical").stdout
    fields = re.findall(r"^field\t([^\t]+)\t([^\t]*)\t", text, re.MULTILINE)

    def line(item):
        field, value = item
        if value == nothing(field, value) or sections and field.split(".")[0] not in sections:
            return None
        name = f"{Path(network).stem}-{field}".replace(".", "-")
        image, wrong = compile_for(network, base, {field: nothing(field, value)}, name)
        if image:
            return f"{field}: compiles"
        reason = naming(field, wrong) or wrong[0].split(": ", 1)[1]
        return f"{field}: {reason.replace(name, 'it')}"

    return each(line, fields)


MODES = {"exceeded": exceeded, "embedded": embedded, "zero": zero}


def main():
    what, network, base, *sections = sys.argv[1:]
    try:
        lines = MODES[what](network, base, *sections)
    except Failure as failure:
        sys.exit(str(failure))
    print("\n".join(line for line in lines if line))
    if any(line and line.startswith("FAILED") for line in lines):
        sys.exit(1)


main()
