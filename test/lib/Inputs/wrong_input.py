# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Wrong values for processes of the library, each of which must be refused or warned of at its place.

    wrong_input.py FOLDER

A case is a network in one line: an instance, and perhaps options of `run:`. `^` marks where the first message
stands. The networks go to FOLDER. Prints how many cases there are, and what is wrong.
"""

import concurrent.futures
import pathlib
import re
import subprocess
import sys

import numpy

RULE = "class: LearningDense, weights: [[4]], learning_rule: {class: Loihi2FLearningRule, "
STDP = "class: LearningDense, weights: [[4]], learning_rule: {class: STDPLoihi, "
CONV = "class: Conv, weight: [[[[1]]]], "
OUTSIDE = "which is outside its limits"
CHANGES = ": the process changes it before the first step"
RECORD = "must be a record, such as {class: Name}, found"
# An instance, the kind of the message and its text, perhaps more of `run:`.
CASES = [
    # Neurons.
    ("class: LIF, shape: 3, du: ^5000", "error", f"'du' of 'it' is 5000, {OUTSIDE} 0..4095"),
    ("class: LIF, shape: 3, dv: ^-1", "error", f"'dv' of 'it' is -1, {OUTSIDE} 0..4095"),
    ("class: LIF, shape: 3, vth: ^[1, 2, 200000]", "error", f"'vth' of 'it' is 200000 at [2], {OUTSIDE} 0..131071"),
    ("class: LIF, shape: 3, bias_exp: ^19", "error", f"'bias_exp' of 'it' is 19, {OUTSIDE} -31..18"),
    ("class: LIF, shape: 3, vth: ^9.5", "error", "'it.vth': 9.5 is not a whole number, but the type is i32"),
    ("class: LIF, shape: 2, u: ^99999999999", "error", "'it.u': 99999999999 is out of the range -2147483648..2147483647 of i32"),
    ("class: LIF, shape: 3, u: ^[1, 2]", "error", "'it.u': a value of shape (2,) does not fit the shape (3,)"),
    ("class: LIF, shape: 3, du: ^hello", "error", "'du' of 'it' is a Var, which holds numbers, found a string"),
    ("class: LIF, shape: ^-3", "error", "the extent -3 is negative"),
    ("class: LIF, shape: ^2.5", "error", "an extent must be an integer, or a list of integers, found f64"),
    ("class: LIF, shape: 3, ^tau: 1", "error", "'LIF' has no parameter or Var 'tau'"),
    ("class: LIFReset, shape: 2, reset_interval: ^0", "error", f"'reset_interval' of 'it' is 0, {OUTSIDE} 1.."),
    ("class: RF, shape: 2, period: ^0, alpha: 0.1", "error", f"'period' of 'it' is 0, {OUTSIDE} 1.."),
    ("class: SigmaDelta, shape: 2, vth: 1, act_mode: ^TANH", "error", f"'act_mode' of 'it' is 'TANH', {OUTSIDE} [UNIT, RELU]"),
    # Connections by matrix.
    ("class: Dense, weights: ^[[1, 300]]", "warning", f"'weights' of 'it' is 300 at [0, 1], which is beyond -256..255{CHANGES}"),
    ("class: Dense, weights: ^[[-3, 2]], sign_mode: EXCITATORY", "warning", f"'weights' of 'it' is -3 at [0, 0], which is beyond 0..255{CHANGES}"),
    ("class: Dense, weights: ^[[3.5, 2]]", "error", "'it.weights': 3.5 is not a whole number, but the type is i32"),
    ("class: Dense, weights: ^[3, 2]", "error", "'weights' of 'it' has 2 axes, but the value has shape (2,)"),
    ("class: Dense, weights: [[3, 2], ^[1]]", "error", "the items of a list must have one shape"),
    ("class: Dense, weights: [[3]], num_weight_bits: ^9", "error", f"'num_weight_bits' of 'it' is 9, {OUTSIDE} 1..8"),
    ("class: Sparse, weights: ^[[300, 0]]", "warning", f"'weights' of 'it' is 300, which is beyond -256..255{CHANGES}"),
    ("class: Sparse, weights: ^[1, 2]", "error", "the sparse Var 'weights' of 'it' is a matrix of targets and sources, found the shape (2,)"),
    ("class: DelayDense, weights: [[3, 2]], delays: ^[[0, -1]]", "error", f"'delays' of 'it' is -1 at [0, 1], {OUTSIDE} 0..63"),
    ("class: DelayDense, weights: [[3, 2]], delays: ^[[0, 1.5]]", "error", "the Var 'delays' of 'it': 1.5 is not a whole number, but the type is i32"),
    ("class: DelayDense, weights: [[3, 2]], delays: ^[[0, 1, 2]]", "error", "the Var 'delays' of 'it': a value of shape (1, 3) does not fit the shape (1, 2)"),
    ("class: DelaySparse, weights: [[3, 2]], delays: ^[[0, 64]]", "error", f"'delays' of 'it' is 64, {OUTSIDE} 0..63"),
    ("class: DelaySparse, weights: [[3, 2]], delays: ^[[0, 1, 2]]", "error", "'delays' of 'it' has a value for each stored entry of 'weights', which is (1, 2), but the value has shape (1, 3)"),
    # Convolution.
    (f"{CONV}input_shape: ^[3, 3]", "error", "'input_shape' of 'it': a value of shape (2,) does not fit the shape (3,)"),
    (f"{CONV}input_shape: [3, 3, 1], stride: ^0", "error", f"'stride' of 'it' is 0, {OUTSIDE} 1.."),
    (f"{CONV}input_shape: [3, 3, 1], groups: ^[1, 1]", "error", "'groups' of 'it': a value of shape (2,) does not fit the shape ()"),
    ("class: Conv, weight: ^[[[1]]], input_shape: [3, 3, 1]", "error", "'weight' of 'it' has 4 axes, but the value has shape (1, 1, 1)"),
    # Learning.
    (RULE + "dw: x0 * ^* y1}", "error", "expected a number, a variable, a parameter, '(' or 'sgn(', found '*'"),
    (RULE + "dw: ^x1 * y1}", "error", "a product needs a dependency, which says when it counts: x0, y0 or u0 to u9"),
    (RULE + "dw: ^9 * x0 * y1}", "error", "the constant of this product is 9; possible are whole numbers from -8 to 7, times a power of two"),
    (RULE + "dw: x0 * x1, x1_tau: ^0}", "error", f"'x1_tau' of 'Loihi2FLearningRule' is 0, {OUTSIDE} 0.01.."),
    (STDP + "t_epoch: ^0}", "error", f"'t_epoch' of 'STDPLoihi' is 0, {OUTSIDE} 1.."),
    (STDP + "learning_rate: ^1.5}", "warning", "'learning_rate' is 1.5, but counts as 2^1 = 2 in a rule, whose constants are whole numbers times a power of two"),
    ("class: LearningDense, weights: [[4]], learning_rule: ^STDPLoihi", "error", f"'learning_rule' of 'it' {RECORD} a string"),
    ("class: LearningSparse, weights: ^[[400]], learning_rule: {class: STDPLoihi}", "error", f"'weights' of 'it' is 400, {OUTSIDE} -256..255"),
    # Files.
    ("class: LIF, shape: 2, u: {file: ^matrix.npy}", "error", "'it.u': a value of shape (2, 3) does not fit the shape (2,)"),
    ("class: LIF, shape: 3, u: {file: ^floats.npy}", "error", "'it.u': 1.5 is not a whole number, but the type is i32"),
    ("class: LIF, shape: 2, u: {file: ^strings.npy}", "error", "'FOLDER/strings.npy' has elements of type '<U1', which is not supported; expected integers, float32, float64 or bool"),
    ("class: LIF, shape: 2, u: {file: ^none.npy}", "error", "cannot open 'FOLDER/none.npy': No such file or directory"),
    # What a run sets.
    ("class: LIF, shape: 2", "error", "cannot set 'it.u': the value has the shape [3], expected [2] or what broadcasts to it", "set: {it.u: ^[1, 2, 3]}"),
    ("class: LIF, shape: 2", "error", "cannot set 'it.du' to 5000: its limits are 0..4095", "set: {it.du: ^5000}"),
    ("class: LIF, shape: 2", "error", "cannot set 'it.v' to 0.5: its type i32 holds integers only", "set: {it.v: ^0.5}"),
    ("class: DelayDense, weights: [[3, 2]], max_delay: 2", "error", "cannot set 'it.delays' to 3: its limits are 0..2", "set: {it.delays: ^3}"),
]  # fmt: skip


def check(folder, number, instance, kind, message, more=""):
    """What is wrong with what is said, or nothing."""
    lines = ["basalt: 1", "network:", "  instances:", f"    it: {{{instance}}}"]
    lines += [f"run: {{steps: 1, select_tag: fixed_pt{', ' if more else ''}{more}}}"]
    line = next(number for number, text in enumerate(lines) if "^" in text)
    column = lines[line].index("^") + 1
    lines[line] = lines[line].replace("^", "", 1)
    path = folder / f"{number}.yaml"
    path.write_text("\n".join(lines) + "\n")
    result = subprocess.run(["basalt", "check", path], capture_output=True, text=True, check=False)
    expected = f"{path}:{line + 1}:{column}: {kind}: {message}".replace("FOLDER", str(folder))
    said = re.sub(r" \[-W[\w-]+\]$", "", result.stderr.split("\n", 1)[0])
    if said == expected and result.returncode == (kind == "error"):
        return ""
    return f"expected {expected}\nfound {result.stderr or 'nothing'}"


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    numpy.save(folder / "matrix.npy", numpy.ones((2, 3), dtype=int))
    numpy.save(folder / "floats.npy", numpy.array([1.5, 2, 3]))
    numpy.save(folder / "strings.npy", numpy.array(["a", "b"]))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda number: check(folder, number, *CASES[number]), range(len(CASES))))
    found = [problem for problem in found if problem]
    print("\n".join(found))
    print(f"{len(CASES)} cases, {len(found)} problems")


if __name__ == "__main__":
    main()
