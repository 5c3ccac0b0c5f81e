# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Whether a message is about what a diagnosis in other words says.

What both must name are ports and Vars (`a.s_out`), shapes, what stands in quotes, and the hops of a
cycle (`a -> b -> a`). Of the other words of the diagnosis one must be there, in any form, or one that
means the same.
"""

import json
import re

# Words that mean the same. What is compared is the beginning of a word, `duplicat` of 'duplicates'.
SAME = [
    {"cycle", "circle", "each other", "loop", "wait"},
    {"mismatch", "do not match", "do not fit", "incompatible", "differ"},
    {"duplicat", "twice", "already"},
    {"matrix", "axes", "rank", "2d", "2-d", "dimension"},
    {"unordered", "nothing orders", "race", "racing"},
    {"unknown", "has no", "no member", "does not exist", "undefined", "missing"},
    {"shareable", "shared"},
    {"floating", "floating_pt", "float", "f64", "f32", "whole number"},
    {"integer", "fixed-point", "fixed_pt", "i32", "i24", "whole number"},
    {"source", "outport", "sends"},
    {"feed", "sent", "sends", "leads", "reach"},
    {"permutation", "axes", "axis", "transpose"},
    {"elements", "size", "number"},
    {"drive", "connect", "goes to"},
    {"target", "destination", "goes to", "leads"},
    {"range", "between", "limit", "from 0", "at least", "at most", "fit", "negative"},
    {"truncat", "exact", "integer", "round", "wrap", "fit"},
    {"deadlock", "hang", "each other", "management phases only", "wait"},
]
# Words that say nothing about what is wrong.
EMPTY = set(
    "a an and are as at be before by can cannot case combinational compiler every for from has have here if in insert into is it its "
    "lava legal like may must no not of on one only or order define warn process processes same several should "
    "step that the their there they this to two use with would support accepts then it's other".split()
)


def normal(text):
    return re.sub(r"\s+", " ", text.lower())


def stem(word):
    """What the forms of a word have in common, nearly."""
    return word[: max(4, len(word) - 3)] if len(word) > 4 else word


def says(message, word):
    forms = [stem(word)]
    forms += [form for group in SAME if any(word.startswith(stem(each)) for each in group) for form in group]
    return any(form in message for form in forms)


def names(diagnosis, case):
    """What the message must contain literally."""
    instances = case["instances"]
    for match in re.finditer(r"\b(\w+)\.(\w+)", diagnosis):
        if match[1] in instances:
            yield match[0]
    # Lava's own words are quoted as well.
    written = json.dumps([instances, case["connections"], case.get("processes"), case.get("select_tag")])
    yield from (name for name in re.findall(r"'([^']+)'", diagnosis) if name in written)
    for chain in re.findall(r"\w+(?: -> \w+)+", diagnosis):
        yield from (hop for hop in chain.split(" -> ") if hop in instances)


def shapes(diagnosis):
    """Shapes as NumPy writes them."""
    return re.findall(r"\((?:\d+,|\d+(?:, ?\d+)+,?)?\)", diagnosis)


def shows(message, shape):
    """Whether a message has a shape, in either way of writing it."""
    numbers = ", ".join(re.findall(r"\d+", shape))
    return shape in message or f"({numbers})" in message or f"[{numbers}]" in message


def missing_from(message, diagnosis, case):
    """What of the diagnosis the message does not say, as a text; empty if it says enough."""
    text = normal(message)
    absent = [
        name for name in names(diagnosis, case) if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", message)
    ]
    absent += [shape for shape in shapes(diagnosis) if not shows(message, shape)]
    if absent:
        return ", ".join(dict.fromkeys(absent))
    plain = normal(re.sub(r"\w+\.\w+|'[^']+'", " ", diagnosis))
    words = set(re.findall(r"[a-z][a-z_-]+", plain)) - EMPTY - {name.lower() for name in case["instances"]}
    return "" if any(says(text, word) for word in words) else ", ".join(sorted(words))
