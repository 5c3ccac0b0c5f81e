// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an import has to say of a file: errors, of which it finds as many as it can, warnings, and
// remarks.
#ifndef BASALT_COMPILER_IMPORT_REPORT_H
#define BASALT_COMPILER_IMPORT_REPORT_H

#include <string>
#include <vector>

namespace basalt::import {

struct Message {
  enum class Kind { Error, Warning, Remark };
  Kind kind;
  std::string text; ///< names the place in the file by its HDF5 path
};

class Report {
public:
  void error(std::string text) { add(Message::Kind::Error, std::move(text)); }
  void warning(std::string text) { add(Message::Kind::Warning, std::move(text)); }
  /// Comes before all that was said so far.
  void remark(std::string text) {
    list.insert(list.begin(), {Message::Kind::Remark, std::move(text)});
  }

  bool hasErrors() const { return errors; }
  const std::vector<Message> &messages() const { return list; }

private:
  void add(Message::Kind kind, std::string text) {
    errors |= kind == Message::Kind::Error;
    list.push_back({kind, std::move(text)});
  }

  std::vector<Message> list;
  bool errors = false;
};

/// `model.nir: error: text`, a line for each message; of errors only as many as the front end
/// prints.
std::string format(const std::vector<Message> &messages, const std::string &file);

} // namespace basalt::import

#endif // BASALT_COMPILER_IMPORT_REPORT_H
