// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The probes of a run: each writes one row a time step into its .npy file.
#ifndef BASALT_RUNTIME_NATIVE_RECORDER_H
#define BASALT_RUNTIME_NATIVE_RECORDER_H

#include "runtime/native/Npy.h"
#include "runtime/native/Simulation.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace basalt::rt {

/// What to record: a state or a port by its index, and when.
struct ProbeRequest {
  bool isPort;
  size_t index;
  /// The phase at whose end a state is taken; none: the default moment.
  std::optional<Phase> phase;
  std::string path; // of the file
};

class Recorder {
public:
  /// Creates all files (under temporary names); throws InputError if one cannot be.
  Recorder(Simulation &simulation, const std::vector<ProbeRequest> &requests);

  /// Tells the program, through `ctx`, what it must report.
  void attach(Context &ctx);

  bool empty() const { return probes.empty(); }
  bool watchesPort(size_t index) const { return !ofPort[index].empty(); }

  /// From the program and its scheduler, during a step.
  void recordState(size_t index);
  void recordPort(size_t index, const void *data);
  /// Some elements; by several threads at once for different ranges.
  void recordPort(size_t index, const void *data, Range range);
  void recordPhase(Phase phase);

  /// After the last phase of a step: writes a row of every probe.
  void endStep();
  /// After the run: completes the files, then gives them their names. Without both they vanish with
  /// the recorder.
  void finish();
  void publish();

private:
  struct Probe {
    ProbeRequest request;
    Element element;
    std::vector<int64_t> shape; // of a row
    size_t count;               // elements of a row
    bool byProgram;             // the program says when
    bool taken = false;         // `row` holds this step's values
    std::vector<char> row;      // in the form of the file
    std::unique_ptr<NpyWriter> writer;
  };

  void take(Probe &probe);
  void take(Probe &probe, const void *data);

  Simulation &simulation;
  Table<StateInfo> states;
  std::vector<Probe> probes;
  // By index of the state or port, the probes that the program reports to.
  std::vector<std::vector<size_t>> ofState, ofPort;
  int64_t rows = 0;
};

} // namespace basalt::rt

#endif // BASALT_RUNTIME_NATIVE_RECORDER_H
