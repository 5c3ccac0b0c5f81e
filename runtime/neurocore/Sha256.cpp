// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The hash function as its standard defines it. Its constants are the fractional parts of square
// and cube roots of primes and are computed as such.
#include "runtime/neurocore/Sha256.h"

#include <array>
#include <cstdint>
#include <cstring>

using namespace basalt::nc;

namespace {
__extension__ typedef unsigned __int128 Wide;

struct Constants {
  std::array<uint32_t, 8> start;
  std::array<uint32_t, 64> rounds;
};

/// The first 32 bits behind the point of the square (or cube) root of n: the root of n * 2^64
/// (2^96), found bit by bit.
constexpr uint32_t rootBits(uint32_t n, bool cube) {
  uint64_t root = 0;
  for (int bit = 36; bit >= 0; --bit) {
    uint64_t next = root | uint64_t(1) << bit;
    // Of a cube root only 35 bits are left of 2^32 * cbrt(311), so this stays below 2^128.
    Wide power = Wide(next) * next;
    bool fits = false;
    if (!cube)
      fits = power <= Wide(n) << 64;
    else
      fits = next < uint64_t(1) << 36 && power * next <= Wide(n) << 96;
    root = fits ? next : root;
  }
  return uint32_t(root);
}

constexpr Constants makeConstants() {
  Constants result{};
  unsigned count = 0;
  for (uint32_t n = 2; count < 64; ++n) {
    bool prime = true;
    for (uint32_t d = 2; d * d <= n; ++d)
      prime = prime && n % d != 0;
    if (!prime)
      continue;
    if (count < 8)
      result.start[count] = rootBits(n, false);
    result.rounds[count++] = rootBits(n, true);
  }
  return result;
}

constexpr Constants kConstants = makeConstants();
static_assert(kConstants.start[0] == 0x6a09e667 && kConstants.rounds[0] == 0x428a2f98 &&
                  kConstants.rounds[63] == 0xc67178f2,
              "the constants of the standard");
} // namespace

static uint32_t rotate(uint32_t x, unsigned n) { return x >> n | x << (32 - n); }

static void addBlock(std::array<uint32_t, 8> &hash, const unsigned char *block) {
  uint32_t w[64];
  for (unsigned i = 0; i < 16; ++i)
    w[i] = uint32_t(block[4 * i]) << 24 | uint32_t(block[4 * i + 1]) << 16 |
           uint32_t(block[4 * i + 2]) << 8 | block[4 * i + 3];
  for (unsigned i = 16; i < 64; ++i) {
    uint32_t low = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
    uint32_t high = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
    w[i] = w[i - 16] + low + w[i - 7] + high;
  }
  std::array<uint32_t, 8> s = hash;
  for (unsigned i = 0; i < 64; ++i) {
    uint32_t high = rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25);
    uint32_t choice = (s[4] & s[5]) ^ (~s[4] & s[6]);
    uint32_t first = s[7] + high + choice + kConstants.rounds[i] + w[i];
    uint32_t low = rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22);
    uint32_t majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
    s = {first + low + majority, s[0], s[1], s[2], s[3] + first, s[4], s[5], s[6]};
  }
  for (unsigned i = 0; i < 8; ++i)
    hash[i] += s[i];
}

std::string basalt::nc::sha256(std::string_view bytes) {
  std::array<uint32_t, 8> hash = kConstants.start;
  const auto *data = reinterpret_cast<const unsigned char *>(bytes.data());
  size_t whole = bytes.size() / 64 * 64, rest = bytes.size() - whole;
  for (size_t at = 0; at < whole; at += 64)
    addBlock(hash, data + at);
  unsigned char tail[128] = {};
  if (rest != 0)
    std::memcpy(tail, data + whole, rest);
  tail[rest] = 0x80;
  size_t size = rest < 56 ? 64 : 128;
  for (unsigned i = 0; i < 8; ++i)
    tail[size - 1 - i] = (unsigned char)(uint64_t(bytes.size()) * 8 >> (8 * i));
  for (size_t at = 0; at < size; at += 64)
    addBlock(hash, tail + at);
  std::string text;
  for (uint32_t word : hash)
    for (int shift = 28; shift >= 0; shift -= 4)
      text += "0123456789abcdef"[word >> shift & 15];
  return text;
}
