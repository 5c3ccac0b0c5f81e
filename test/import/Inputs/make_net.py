# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes small .net files of lava-dl, some of them wrong.

    make_net.py CASE FILE
"""

import sys

import h5py
import numpy as np

CUBA = {"type": "CUBA", "iDecay": 1024, "vDecay": 300, "vThMant": 20, "refDelay": 1, "gradedSpike": False}
SDNN = {"type": "SDNN", "activation": "relu", "vThMant": 2}
RF = {"type": "RF_PHASE", "sinDecay": 2501, "cosDecay": 2981, "vThMant": 30, "gradedSpike": False}


def numbers(*shape, scale=8):
    """The same on every machine: even integers of both signs."""
    count = int(np.prod(shape))
    return (((np.arange(count) * 37 + 11) % 9 - 3) * scale).reshape(shape).astype("f4")


def put_layer(file, number, type, neuron=None, **datasets):
    group = file.create_group(f"layer/{number}")
    group.create_dataset("type", (1,), "S10", [type.encode()])
    for name, value in datasets.items():
        group[name] = value
    for name, value in (neuron or {}).items():
        group[f"neuron/{name}"] = value


def dense(file, number, targets, sources, neuron=CUBA, type="dense", **more):
    more = {"weight": numbers(targets, sources)} | more
    put_layer(file, number, type, neuron, shape=[targets], inFeatures=sources, outFeatures=targets, **more)


def conv(file, number, weight, shape, neuron=CUBA, **more):
    more = {"stride": [1, 1], "padding": [0, 0], "dilation": [1, 1], "groups": 1} | more
    put_layer(file, number, "conv", neuron, shape=shape, weight=weight, **more)


def case_mlp(file):
    """Dense layers: odd weights, a bias, a flat matrix, one without a neuron."""
    dense(file, 0, 5, 6, bias=numbers(5))
    dense(file, 1, 4, 5, weight=numbers(4, 5, scale=7))
    dense(file, 2, 1, 4, weight=np.array([40.0, -20.0, 30.0, 40.0]), neuron=CUBA | {"iDecay": 4096})
    put_layer(file, 3, "dense", None, shape=[2, 1, 1], weight=numbers(2, 1))


def case_images(file):
    """Layers from 0 to 11, so that 10 and 2 are told apart; groups, dilation, padding; a flatten layer."""
    put_layer(file, 0, "input", CUBA | {"type": "LOIHI"}, shape=[2, 5, 6], weight=[20.0], bias=[3.0])
    conv(file, 1, numbers(4, 1, 2, 3), [4, 2, 8], groups=2, padding=[0, 2], stride=[2, 1], bias=numbers(4))
    conv(file, 2, numbers(3, 4, 2, 2)[..., None], [3, 1, 3], dilation=[1, 2], stride=[1, 2])
    put_layer(file, 3, "flatten", shape=[9, 1, 1])
    for number in range(4, 12):
        targets = 9 if number < 11 else 2
        dense(file, number, targets, 9, weight=numbers(targets, 9, scale=16), bias=10 + numbers(targets))


def case_recurrent(file):
    dense(file, 0, 4, 3, weight=numbers(4, 3, scale=16))
    dense(file, 1, 5, 4, type="dense_rec", weight_rec=numbers(5, 5, scale=11))


def case_delays(file):
    dense(file, 0, 4, 3, delay=[0.0, 3.0, 1.0])
    dense(file, 1, 5, 4, delay=[5.0, 0.0, 2.0, 2.0, 1.0])
    dense(file, 2, 2, 5, delay=4.0)
    dense(file, 3, 2, 2, weight=np.full((2, 2), 60.0), delay=[0.0, 70.0])


def complex_weights(file, number, targets, sources, neuron):
    put_layer(file, number, "dense", neuron, shape=[targets])
    file[f"layer/{number}/weight/real"] = numbers(targets, sources)
    file[f"layer/{number}/weight/imag"] = -numbers(targets, sources)


def case_resonators(file):
    complex_weights(file, 0, 4, 3, RF)
    complex_weights(file, 1, 3, 4, RF | {"type": "RF_IZHIKEVICH", "cosDecay": 3395, "sinDecay": 1635})


def case_sigma_delta(file):
    put_layer(file, 0, "input", SDNN, shape=[1, 3, 4])
    conv(file, 1, numbers(2, 1, 2, 2), [2, 2, 3], SDNN | {"vThMant": 1}, bias=numbers(2))
    put_layer(file, 2, "flatten", shape=[12, 1, 1])
    dense(file, 3, 4, 12, SDNN | {"vThMant": 3}, bias=numbers(4))
    dense(file, 4, 2, 4, SDNN | {"sigma_output": True})


ADAPTIVE = {"thDecay": 300, "refDecay": 900, "vThMant": 20, "vThStep": 7, "gradedSpike": False}
ALIF = ADAPTIVE | {"type": "ALIF", "iDecay": 1024, "vDecay": 300, "refDelay": 1}
ADRF = ADAPTIVE | {"type": "ADRF_PHASE", "sinDecay": 2501, "cosDecay": 2981}


def case_adaptive(file):
    """Adaptive thresholds and refractory states."""
    dense(file, 0, 5, 3, ALIF, weight=numbers(5, 3, scale=16), bias=numbers(5))
    dense(file, 1, 4, 5, ALIF | {"vDecay": 4096}, type="dense_rec", weight_rec=numbers(4, 4))
    complex_weights(file, 2, 4, 4, ADRF)
    complex_weights(file, 3, 3, 4, ADRF | {"type": "ADRF_IZHIKEVICH"})


def case_pools(file):
    """All layers that move a window over an image."""
    put_layer(file, 0, "input", CUBA, shape=[2, 4, 6])
    window = {"padding": [0, 0], "dilation": [1, 1]}
    put_layer(file, 1, "pool", CUBA, shape=[2, 2, 2], weight=np.full((1, 1, 2, 3, 1), 12.0), kernelSize=[2, 3],
              stride=[2, 3], **window)  # fmt: skip
    put_layer(file, 2, "convT", ALIF, shape=[6, 2, 7], weight=numbers(2, 3, 3, 2)[..., None], kernelSize=[3, 2],
              stride=[1, 3], padding=[1, 0], dilation=[1, 3], groups=2, bias=numbers(6))  # fmt: skip
    put_layer(file, 3, "unpool", CUBA, shape=[6, 4, 7], weight=np.full((1, 1, 2, 1), 25.0), kernelSize=[2, 1],
              stride=[2, 1], **window)  # fmt: skip
    put_layer(file, 4, "convT", SDNN, shape=[2, 4, 7], weight=np.abs(numbers(6, 2, 1, 1, scale=200)), groups=1)
    put_layer(file, 5, "pool", SDNN, shape=[2, 2, 4], weight=np.full((1, 1, 2, 2), 9.0), stride=[2, 2])


# ---- files that are wrong


def case_no_layers(file):
    file.create_group("layer")


def case_gap(file):
    dense(file, 0, 2, 3)
    dense(file, 2, 2, 2)
    file["layer/x"] = 1


def case_types(file):
    put_layer(file, 0, "poool", shape=[2])


def case_average(file):
    dense(file, 0, 2, 3)
    put_layer(file, 1, "average", shape=[2, 1, 1])


def case_concat(file):
    put_layer(file, 0, "concat", shape=[2])


def case_pool_window(file):
    put_layer(file, 0, "input", CUBA, shape=[2, 5, 6])
    put_layer(file, 1, "pool", CUBA, shape=[2, 3, 3], weight=np.ones((1, 1, 3, 2)), stride=[3, 2])


def case_pool_weight(file):
    put_layer(file, 0, "input", CUBA, shape=[2, 4, 6])
    put_layer(file, 1, "unpool", CUBA, shape=[2, 8, 12], weight=np.ones((2, 1, 2, 2)), stride=[2, 2])


def case_transposed(file):
    put_layer(file, 0, "input", CUBA, shape=[2, 4, 6])
    put_layer(file, 1, "convT", CUBA, shape=[3, 2, 4], weight=numbers(2, 3, 1, 1), padding=[1, 1])


def case_alif(file):
    dense(file, 0, 2, 3, ALIF | {"vThStep": -1})


def case_no_type(file):
    file["layer/0/shape"] = [3]


def case_neurons(file):
    dense(file, 0, 2, 3, {"type": "ALIV"})


def case_decays(file):
    dense(file, 0, 2, 3, CUBA | {"iDecay": 5000, "vDecay": [1, 2], "vThMant": "x"})


def case_weights(file):
    dense(file, 0, 2, 3)
    dense(file, 1, 2, 4)


def case_axes(file):
    dense(file, 0, 2, 3, weight=numbers(2, 3, 1, 1))


def case_huge_weight(file):
    dense(file, 0, 2, 3, weight=np.full((2, 3), 1e12))


def case_recurrent_shape(file):
    dense(file, 0, 2, 3, type="dense_rec", weight_rec=numbers(2, 3))


def case_unknown_data(file):
    dense(file, 0, 2, 3, CUBA | {"vThMan": 3}, wieght=numbers(2))


def case_wide(file):
    """Right but for warnings: weights out of range and between integers, an activation of another name."""
    dense(file, 0, 2, 3, SDNN | {"activation": "tanh"}, weight=numbers(2, 3, scale=70) + 0.5)


def case_shape(file):
    dense(file, 0, 2, 3)
    del file["layer/0/shape"]
    file["layer/0/shape"] = [7]


def case_delay_count(file):
    dense(file, 0, 2, 3, delay=np.zeros(4))


def case_delay_sign(file):
    dense(file, 0, 2, 3, delay=-1)


def case_sigma_bias(file):
    dense(file, 0, 2, 3, SDNN | {"sigma_output": True}, bias=numbers(2))


def case_complex(file):
    complex_weights(file, 0, 2, 3, CUBA)


def case_not_complex(file):
    dense(file, 0, 2, 3, RF)


def case_growing(file):
    complex_weights(file, 0, 2, 3, RF | {"sinDecay": 4000})


def case_image_unknown(file):
    conv(file, 0, numbers(2, 1, 2, 2), [2, 2, 3])


def case_image_channels(file):
    put_layer(file, 0, "input", CUBA, shape=[2, 5, 6])
    conv(file, 1, numbers(2, 3, 2, 2), [2, 4, 5])


def case_image_kernel(file):
    put_layer(file, 0, "input", CUBA, shape=[2, 5, 6])
    conv(file, 1, numbers(2, 2, 2, 9), [2, 4, 5])


def case_image_axes(file):
    put_layer(file, 0, "input", CUBA, shape=[2, 5, 6])
    conv(file, 1, numbers(2, 2, 2), [2, 4, 5], stride=[0, 1])


def case_image_delay(file):
    put_layer(file, 0, "input", CUBA, shape=[2, 5, 6])
    conv(file, 1, numbers(2, 2, 2, 2), [2, 4, 5], delay=1)


def case_image_resonators(file):
    put_layer(file, 0, "input", CUBA, shape=[2, 5, 6])
    conv(file, 1, numbers(2, 2, 2, 2), [2, 4, 5], RF)


def case_not_flat(file):
    put_layer(file, 0, "input", CUBA, shape=[2, 5, 6])
    dense(file, 1, 2, 60)


def case_flatten_first(file):
    put_layer(file, 0, "flatten", shape=[60])


def case_input_later(file):
    dense(file, 0, 2, 3)
    put_layer(file, 1, "input", CUBA, shape=[2])


def case_input_resonators(file):
    put_layer(file, 0, "input", RF, shape=[2])


def case_input_shape(file):
    put_layer(file, 0, "input", CUBA, shape=[0])


def case_input_large(file):
    put_layer(file, 0, "input", CUBA, shape=[10**8, 10**8, 10**8])


def case_image_padding(file):
    put_layer(file, 0, "input", CUBA, shape=[2, 5, 6])
    conv(file, 1, numbers(2, 2, 2, 2), [2, 4, 5], padding=[2**20, 2**20])


def main():
    name, path = sys.argv[1:]
    with h5py.File(path, "w") as file:
        globals()["case_" + name.replace("-", "_")](file)


if __name__ == "__main__":
    main()
