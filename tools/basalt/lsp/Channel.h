// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where messages of the editor come from. While there is none, work in the background goes on.
#ifndef BASALT_TOOLS_BASALT_LSP_CHANNEL_H
#define BASALT_TOOLS_BASALT_LSP_CHANNEL_H

#include "llvm/Support/LSP/Transport.h"

#include <chrono>
#include <optional>

namespace basalt::lsp {

/// What is done while the editor is silent.
class Background {
public:
  using Clock = std::chrono::steady_clock;
  virtual ~Background() = default;
  /// A descriptor that may become readable, or -1.
  virtual int descriptor() const = 0;
  /// When to call `wake` at the latest.
  virtual std::optional<Clock::time_point> deadline() const = 0;
  /// Called when the descriptor is readable, or the time has come.
  virtual void wake() = 0;
};

class Channel : public llvm::lsp::JSONTransportInput {
public:
  Channel(int input, Background &background) : input(input), background(background) {}

  bool hasError() const override { return false; }
  bool isEndOfInput() const override { return ended; }
  llvm::LogicalResult readStandardMessage(std::string &json) override;
  llvm::LogicalResult readDelimitedMessage(std::string &json) override {
    return readStandardMessage(json);
  }

private:
  enum class Taken { Nothing, Message, Garbage };
  /// Takes the next message out of what has been read.
  Taken take(std::string &json);
  /// Waits for more, and reads it.
  void wait();
  void read();

  int input;
  Background &background;
  std::string pending;
  bool ended = false;
};

} // namespace basalt::lsp

#endif // BASALT_TOOLS_BASALT_LSP_CHANNEL_H
