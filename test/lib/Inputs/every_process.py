# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A network with an instance of every process of the library that has a model of the given tag.

    every_process.py TAG [--spikes] > net.yaml

All InPorts get arrays of pseudo-random numbers, or of spikes, all RefPorts a Var; all Vars and OutPorts are probed.
A process of the library that INSTANCES does not know is an error: who adds one adds it here.
"""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "scripts"))
import library

STEPS = 25
N = 3
LIF = {"shape": N, "du": (0.1, 400), "dv": (0.05, 200), "bias_mant": ([0.5, 1, 2], [50, 100, 300])}
DELTA = {"shape": N, "vth": (1.5, 4), "spike_exp": 1, "state_exp": (0, 2)}
RF = {"shape": N, "period": 7, "alpha": 0.07, "state_exp": (0, 6), "decay_bits": (0, 12)}
S4D = {"shape": N, "a": [0.9, 0.5, -0.2], "a_imag": 0.3, "b": 1, "b_imag": [0.5, 0, -1], "c": 0.75, "c_imag": -0.5}
W = [[3, -2, 4, 0], [-6, 5, 1, 2], [8, 0, -4, 7]]
KERNEL = [[[[3], [-2]], [[4], [0]]], [[[-6], [5]], [[1], [2]]]]
PSC = {"shape": N, "I_e": [600, 900, 2500], "t_ref": 1, "dt": 0.5}
NIR = {"shape": N, "dt": 0.1, "r": 2, "v_leak": [0, 0.1, -0.2], "integrator": "exp_unnormalised"}
RULE = {
    "class": "Loihi2FLearningRule",
    "dw": "2^-1 * x0 * y1 - y0 * x1 * (w - 3) * 2^-7 + u1 * x2 * 2^-3",
    "dd": "x0 * 2 * sgn(w) * y2",
    "dt": "y0 * x1 - u1 * 2^-2 * t * (d - 1)",
    "x1_impulse": 16, "x1_tau": 10, "x2_impulse": 3.5, "x2_tau": 4,
    "y1_impulse": 12.25, "y1_tau": 8, "y2_impulse": 20, "y2_tau": 5, "t_epoch": 3,
}  # fmt: skip

# Parameters (a pair: floating point, fixed point) and the shapes of InPorts, N if not given.
INSTANCES = {
    "AbstractLIF": ({"shape": N}, {}),
    "LIF": (LIF, {}),
    "LIFReset": ({**LIF, "reset_interval": 6, "reset_offset": 2}, {}),
    "LIFRefractory": ({**LIF, "refractory_period": 3}, {}),
    "LearningLIF": ({**LIF, "y1": (0.5, 3)}, {}),
    "PrototypeLIF": (LIF, {}),
    "TernaryLIF": ({**LIF, "vth_hi": (3, 40), "vth_lo": (-2.5, -30)}, {}),
    "ATRLIF": ({"shape": N, "bias_mant": 30, "bias_exp": 2, "delta_i": 0.25}, {}),
    "RF": ({**RF, "vth": 0.5}, {}),
    "RF_IZ": ({**RF, "vth": 2}, {}),
    "Sigma": ({"shape": N}, {}),
    "Delta": ({**DELTA, "cum_error": True}, {}),
    "SigmaDelta": ({**DELTA, "bias": (0.25, 3)}, {}),
    "S4d": (S4D, {}),
    "SigmaS4dDelta": ({**S4D, "vth": 0.25, "cum_error": True, "state_exp": 1}, {}),
    "Injector": ({"shape": N, "buffer_size": 4, "queue": [[1, 2, 3], [4, 5, 6], [7, 8, 9], [0, 0, 1]], "filled": 3,
                  "receive_empty": "NON_BLOCKING_ZEROS"}, {}),
    "Extractor": ({"shape": N, "buffer_size": 4, "send_full": "NON_BLOCKING_DROP"}, {}),
    "SigmaS4dDeltaLayer": ({**S4D, "a": 0.8, "b_imag": 0.25, "d_states": 2, "vth": 0.25}, {}),
    "DeltaEncoder": ({"shape": N, "vth": 3, "spike_exp": 1}, {}),
    "Dense": ({"weights": W, "num_message_bits": 8, "weight_exp": (0, 2)}, {"s_in": 4}),
    "DelayDense": ({"weights": W, "delays": [[0, 1, 2, 3]] * 3, "max_delay": 5}, {"s_in": 4}),
    "Sparse": ({"weights": W, "num_message_bits": 8, "weight_exp": (0, 2)}, {"s_in": 4}),
    "DelaySparse": ({"weights": W, "delays": [[0, 1, 2, 3]] * 3, "max_delay": 5}, {"s_in": 4}),
    "Synapses": ({"weights": W, "delays": [[1, 2, 3, 4]] * 3, "max_delay": 6}, {"s_in": 4}),
    "LearningDense": ({"weights": W, "num_message_bits": 8, "learning_rule": RULE}, {"s_in": 4}),
    "LearningSparse": ({"weights": W, "num_message_bits": 8, "learning_rule": RULE}, {"s_in": 4}),
    "Conv": ({"weight": KERNEL, "input_shape": [3, 4, 2], "padding": [1, 0], "groups": 2}, {"s_in": [3, 4, 2]}),
    "ConvInTime": ({"weights": [W, W]}, {"s_in": 4}),
    "GradedVec": ({"shape": N, "vth": 3}, {}),
    "ThresholdVec": ({"shape": N, "vth": 3}, {}),
    "GradedReluVec": ({"shape": N, "vth": 3}, {}),
    "ProdNeuron": ({"shape": N, "vth": 5, "exp": 1}, {}),
    "NormVecDelay": ({"shape": N, "vth": 5}, {}),
    "InvSqrt": ({"shape": N}, {}),
    "RFZero": ({"shape": N, "freqs": [10, 60, 90], "decay_tau": [0.1, 0.2, 0.05], "uth": 2}, {}),
    "NoveltyDetector": ({"t_wait": 2}, {"input_aval_in": 1, "output_aval_in": 1}),
    "Readout": ({"n_protos": N}, {"label_in": 1}),
    "Allocator": ({"n_protos": N}, {"trigger_in": 1}),
    "IdBroadcast": ({"shape": N}, {}),
    "RingBufferSource": ({"data": [[1, 2, 3], [4, 5, 6]]}, {}),
    "RingBufferSink": ({"shape": N, "buffer": 4}, {}),
    "Receiver": ({"shape": N}, {}),
    "Spiker": ({"shape": N, "period": 4, "payload": [1, 2, 3]}, {}),
    "Read": ({"buffer": 4, "interval": 2, "offset": 1}, {}),
    "Reset": ({"interval": 5, "offset": 3, "reset_value": 2}, {}),
    "BitCheck": ({"bits": 4}, {}),
    "SpikeStatistics": ({"shape": N, "label": "three"}, {}),
    "iaf_psc_exp": ({**PSC, "tau_syn_in": 1.5}, {}),
    "iaf_psc_alpha": ({**PSC, "tau_syn_in": 1.5}, {}),
    "iaf_psc_delta": (PSC, {}),
    "iaf_cond_exp": ({"shape": N, "I_e": [200, 500, 900], "dt": 0.5, "t_ref": 1}, {}),
    "izhikevich": ({"shape": N, "I_e": [10, 20, 40], "dt": 0.5}, {}),
    "aeif_cond_exp": ({"shape": N, "I_e": [500, 2000, 5000], "dt": 0.5, "t_ref": 1}, {}),
    "hh_psc_alpha": ({"shape": N, "I_e": [0, 1000, 3000], "dt": 0.05}, {}),
    "TsodyksSynapses": ({"weights": W, "delays": [[1, 2, 3, 4]] * 3, "tau_rec": 2.0, "tau_fac": 5.0}, {"s_in": 4}),
    "StdpSynapses": ({"weights": [[3, 2, 4, 0], [6, 5, 1, 2], [8, 0, 4, 7]], "delay": 3, "lambda": 0.1, "mu_plus": 0.5}, {"s_in": 4}),
    "StdpPlSynapses": ({"weights": [[3, 2, 4, 0], [6, 5, 1, 2], [8, 0, 4, 7]], "delay": 3}, {"s_in": 4}),
    "PoissonGenerator": ({"shape": N, "rate": 12000, "weight": 0.5}, {}),
    "DCGenerator": ({"shape": N, "amplitude": 5, "start": 0.5, "stop": 2}, {}),
    "StepCurrentGenerator": ({"shape": N, "amplitude_times": [0.5, 1.5], "amplitude_values": [3, -2.5]}, {}),
    "NetxLIF": ({"shape": N, "bias_mant": 3, "bias_exp": 6, "vth": 200, "reset_interval": 6}, {}),
    "NetxALIF": ({"shape": N, "bias_mant": 3, "bias_exp": 6, "vth": 20, "dth": 300, "dref": 900, "reset_interval": 9}, {}),
    "NetxADRF": ({"shape": N, "sin_decay": 2501, "cos_decay": 2981, "vth": 3, "vth_step": 2, "dth": 300, "dref": 900}, {}),
    "NetxADRF_IZ": ({"shape": N, "sin_decay": 2501, "cos_decay": 2981, "vth": 3, "dth": 300, "dref": 900}, {}),
    "NetxConvT": ({"input_shape": [3, 2, 1], "weight": KERNEL, "stride": [2, 1], "groups": 1}, {"s_in": [3, 2, 1]}),
    "NIR_Input": ({"data": [[1, 2, 3], [4, 5, 6]]}, {}),
    "NIR_Output": ({"shape": N}, {}),
    "NIR_Flatten": ({"shape": N}, {}),
    "NIR_Sum": ({"shape": N}, {}),
    "NIR_Previous": ({"shape": N}, {}),
    "NIR_Linear": ({"weight": W}, {"x": 4}),
    "NIR_LinearStack": ({"weight": [W, W]}, {"x": [2, 4]}),
    "NIR_AffineStack": ({"weight": [[W]], "bias": [[[0.5, 1, 2]]]}, {"x": [1, 1, 4]}),
    "NIR_Affine": ({"weight": W, "bias": [1, 2, 3]}, {"x": 4}),
    "NIR_Scale": ({"shape": N, "scale": [0.5, 1, 2]}, {}),
    "NIR_Threshold": ({"shape": N, "threshold": 0.5}, {}),
    "NIR_Delay": ({"shape": N, "dt": 0.5, "delay": [0, 1.1, 2]}, {}),
    "NIR_Conv2d": ({"input_shape": [2, 3, 4], "weight": [[[[1, -2], [0.5, 0]]], [[[3, 1], [-1, 2]]]], "groups": 2,
                    "padding": [1, 1], "skip": [0, 1], "bias": [0.5, -1]}, {"x": [2, 3, 4]}),
    "NIR_Conv1d": ({"input_shape": [2, 5], "weight": [[[1, 2], [-3, 0.5]]], "padding": 1, "skip": 1}, {"x": [2, 5]}),
    "NIR_SumPool2d": ({"input_shape": [2, 3, 4], "kernel_size": [2, 3], "stride": 1, "padding": [1, 0]}, {"x": [2, 3, 4]}),
    "NIR_AvgPool2d": ({"input_shape": [2, 3, 4], "kernel_size": 2, "stride": [1, 2]}, {"x": [2, 3, 4]}),
    "NIR_I": ({"shape": N, "dt": 0.1, "drive": "current"}, {}),
    "NIR_IF": ({"shape": N, "dt": 0.1, "reset": "subtract"}, {}),
    "NIR_LI": ({**NIR, "tau": 0.4}, {}),
    "NIR_LIF": ({**NIR, "tau": [0.3, 0.4, 0.5], "v_reset": -0.1, "integrator": "exp"}, {}),
    "NIR_CubaLI": ({**NIR, "tau_syn": 0.2, "tau_mem": 0.4}, {}),
    "NIR_CubaLIF": ({**NIR, "tau_syn": [0.2, 0.3, 0.4], "tau_mem": 0.4, "cuba_order": "v_first"}, {}),
    "SpikeGenerator": ({"shape": N, "spike_times": [2, 0.5, 1.5], "senders": [2, 0, 0], "weight": 1.5}, {}),
}
HELD = "  Held:\n    vars: {x: 'i32[2] = [5, -3]'}\n    models:\n      - phases: {spk: x += time_step}\n"


class Numbers:
    """The same on every machine."""

    def __init__(self):
        self.state = 12345

    def next(self, low, high):
        self.state = (self.state * 1103515245 + 12345) % 2**31
        return low + (self.state >> 8) % (high - low + 1)

    def array(self, shape, is_float, spikes):
        """Of the given extents (a number, or several), then time steps."""
        extents = shape if isinstance(shape, list) else [shape]
        if extents:
            return [self.array(extents[1:], is_float, spikes) for _ in range(extents[0])]
        values = [self.next(0, 1) if spikes else self.next(-3, 6) for _ in range(STEPS)]
        return [float(value) if spikes else value / 4 for value in values] if is_float else values


def declared(classes, name, section):
    """What a process declares, with what it takes over."""
    process = classes[name]
    own = process.sections.get(section, [])
    base = declared(classes, process.extends, section) if process.extends else []
    names = {entry[0] for entry in own}
    return [entry for entry in base if entry[0] not in names] + own


def has_model(process, tag):
    return not process.models or any(not tags or tag in tags for tags, _ in process.models)


def main():
    tag, spikes = sys.argv[1], "--spikes" in sys.argv
    is_float = tag != "fixed_pt"
    classes = {each.name: each for family in library.families() for each in family.processes}
    if set(classes) != set(INSTANCES):
        sys.exit(f"processes without instance, or the reverse: {set(classes) ^ set(INSTANCES)}")
    numbers, instances, connections, probes = Numbers(), [], [], []
    for name in [name for name in classes if has_model(classes[name], tag)]:
        params, shapes = INSTANCES[name]
        given = {k: v[not is_float] if isinstance(v, tuple) else v for k, v in params.items()}
        path = name.lower()
        instances.append(f"    {path}: {json.dumps({'class': name, **given})}")
        # Types of ports and Vars of a process without behaviour come from nowhere else.
        ports = declared(classes, name, "ports") if classes[name].models else []
        for port, text, _ in ports:
            if text.startswith("in "):
                data = numbers.array(shapes.get(port, N), is_float and "i32" not in text, spikes)
                source = f"{path}_{port}"
                instances.append(f"    {source}: {json.dumps({'class': 'RingBufferSource', 'data': data})}")
                connections.append(f"    - {source}.s_out -> {path}.{port}")
            elif text.startswith("ref "):
                instances.append(f"    {path}_held: Held")
                connections.append(f"    - {path}.{port} -> {path}_held.x")
                probes.append(f"{path}_held.x")
            else:
                probes.append(f"{path}.{port}")
        probes += [f"{path}.{var}" for var, _, _ in declared(classes, name, "vars")]
    print("basalt: 1\nprocesses:\n" + HELD + "network:\n  instances:")
    print("\n".join(instances) + "\n  connections:\n" + "\n".join(connections))
    print(f"run:\n  steps: {STEPS}\n  select_tag: {tag}\n  probes: {json.dumps(probes)}")


if __name__ == "__main__":
    main()
