// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A stream that passes everything on to another one and keeps the text, so that the warnings of a
// compilation can be repeated when its result comes from the cache.
#ifndef BASALT_TOOLS_BASALT_TEE_H
#define BASALT_TOOLS_BASALT_TEE_H

#include "llvm/Support/raw_ostream.h"
#include <string>

namespace basalt::driver {

class Tee : public llvm::raw_ostream {
public:
  explicit Tee(llvm::raw_ostream &target) : raw_ostream(/*unbuffered=*/true), target(target) {}

  const std::string &text() const { return kept; }

  // Colours reach the target only.
  llvm::raw_ostream &changeColor(Colors color, bool bold, bool background) override {
    target.changeColor(color, bold, background);
    return *this;
  }
  llvm::raw_ostream &resetColor() override {
    target.resetColor();
    return *this;
  }
  llvm::raw_ostream &reverseColor() override {
    target.reverseColor();
    return *this;
  }
  bool is_displayed() const override { return target.is_displayed(); }
  bool has_colors() const override { return target.has_colors(); }

private:
  void write_impl(const char *data, size_t size) override {
    target.write(data, size);
    kept.append(data, size);
  }
  uint64_t current_pos() const override { return kept.size(); }

  llvm::raw_ostream &target;
  std::string kept;
};

} // namespace basalt::driver

#endif // BASALT_TOOLS_BASALT_TEE_H
