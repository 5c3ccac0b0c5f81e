# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Damages files of make_nir.py and make_net.py at random places: whatever becomes of them, `basalt import` ends with a
network or with an error.

    damage.py FOLDER COUNT [SEED]
"""

import os
import random
import subprocess
import sys

import h5py
import make_net
import make_nir

FILES = [("nir", "neurons"), ("nir", "recurrent"), ("nir", "images"), ("net", "images"), ("net", "resonators")]
WORDS = [b"type", b"NIRGraph", b"LIF", b"Input", b"edges", b"weight", b"in", b"out", b"dense", b"conv", b"CUBA", b"SDNN"]


def damage(data, numbers):
    """Some bytes become others, are cut off, or are those of another place; or a word becomes another."""
    data = bytearray(data)
    for _ in range(numbers.randint(1, 4)):
        place, size = numbers.randrange(len(data)), numbers.choice([1, 1, 2, 4, 8, 64])
        kind = numbers.randrange(5)
        if kind == 0:
            data[place : place + size] = numbers.randbytes(len(data[place : place + size]))
        elif kind == 1:
            data[place] ^= 1 << numbers.randrange(8)
        elif kind == 2:
            value = numbers.choice([0, 1, 2**31 - 1, 2**32 - 1, 2**63 - 1, 2**64 - 1])
            data[place : place + 8] = value.to_bytes(8, "little")[: len(data[place : place + 8])]
        elif kind == 3:
            found = data.find(numbers.choice(WORDS), place)
            if found >= 0:
                word = numbers.choice(WORDS)
                data[found : found + len(word)] = word
        elif numbers.randrange(8) == 0:
            del data[place:]
            break
    return bytes(data)


def main():
    folder, count = sys.argv[1], int(sys.argv[2])
    numbers = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    os.makedirs(folder, exist_ok=True)
    os.chdir(folder)
    originals = []
    for suffix, name in FILES:
        with h5py.File(f"{name}.{suffix}", "w") as file:
            getattr(make_nir if suffix == "nir" else make_net, "case_" + name)(file)
        with open(f"{name}.{suffix}", "rb") as file:
            originals.append((suffix, file.read()))
    outcomes, problems = {0: 0, 1: 0}, 0
    for number in range(count):
        suffix, data = numbers.choice(originals)
        file = f"damaged.{suffix}"
        with open(file, "wb") as output:
            output.write(damage(data, numbers))
        command = ["basalt", "import", file, "-o", "damaged.yaml"]
        result = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
        if result.returncode in outcomes and (result.returncode == 0 or "error: " in result.stderr):
            outcomes[result.returncode] += 1
            continue
        problems += 1
        os.rename(file, f"problem{number}.{suffix}")
        print(f"problem{number}.{suffix}: exit code {result.returncode}\n{result.stderr}")
    print(f"{outcomes[0]} networks, {outcomes[1]} errors, {problems} problems")


if __name__ == "__main__":
    main()
