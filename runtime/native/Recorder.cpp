// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Recording: rows are converted when they are taken and written when the step ends, so that all
// probes have the same number of rows.
#include "runtime/native/Recorder.h"

#include "runtime/native/Layout.h"
#include "runtime/native/Outside.h"
#include "runtime/native/Rows.h"

#include <algorithm>

using namespace basalt::rt;

Recorder::Recorder(Simulation &simulation, const std::vector<ProbeRequest> &requests)
    : simulation(simulation), states(simulation.states()), ofState(simulation.states().size()),
      ofPort(simulation.ports().size()) {
  for (const ProbeRequest &request : requests) {
    Probe probe;
    probe.request = request;
    if (request.isPort) {
      const PortInfo &port = simulation.ports()[request.index];
      probe.element = port.element;
      probe.shape.assign(port.shape, port.shape + port.rank);
      probe.byProgram = true;
      ofPort[request.index].push_back(probes.size());
    } else {
      const StateInfo &state = states[request.index];
      probe.element = state.element;
      probe.shape = outsideShape(state);
      probe.byProgram = state.probedInPhase && !request.phase;
      if (probe.byProgram)
        ofState[request.index].push_back(probes.size());
    }
    probe.count = elementCount(uint8_t(probe.shape.size()), probe.shape.data());
    probe.row.resize(probe.count * fileElementSize(probe.element));
    probe.writer = std::make_unique<NpyWriter>(request.path, fileType(probe.element));
    probes.push_back(std::move(probe));
  }
}

void Recorder::attach(Context &ctx) {
  ctx.recorder = this;
  for (const Probe &probe : probes) {
    ctx.recording |= probe.byProgram;
    if (probe.request.phase)
      ctx.watchedPhases |= uint32_t(*probe.request.phase);
  }
}

void Recorder::take(Probe &probe, const void *data) {
  convertRow(probe.element, data, probe.count, probe.row.data());
  probe.taken = true;
}

/// Of a state.
void Recorder::take(Probe &probe) {
  simulation.refresh(probe.request.index);
  readOutside(states, probe.request.index, probe.row.data());
  probe.taken = true;
}

void Recorder::recordState(size_t index) {
  for (size_t i : ofState[index])
    take(probes[i]);
}

void Recorder::recordPort(size_t index, const void *data) {
  for (size_t i : ofPort[index])
    take(probes[i], data);
}

void Recorder::recordPort(size_t index, const void *data, Range range) {
  for (size_t i : ofPort[index]) {
    Probe &probe = probes[i];
    convertRow(probe.element,
               static_cast<const char *>(data) + range.low * storageSize(probe.element),
               range.size(), probe.row.data() + range.low * fileElementSize(probe.element));
    if (range.low == 0 && range.high > 0) // one thread says so
      probe.taken = true;
  }
}

void Recorder::recordPhase(Phase phase) {
  for (Probe &probe : probes)
    if (probe.request.phase == phase)
      take(probe);
}

void Recorder::endStep() {
  for (Probe &probe : probes) {
    if (!probe.taken && !probe.request.isPort)
      take(probe);
    else if (!probe.taken)
      std::fill(probe.row.begin(), probe.row.end(), char(0)); // a port on which nothing was sent
    probe.writer->write(probe.row.data(), probe.row.size());
    probe.taken = false;
  }
  ++rows;
}

void Recorder::finish() {
  for (Probe &probe : probes) {
    std::vector<int64_t> shape = probe.shape;
    shape.insert(shape.begin(), rows);
    probe.writer->finish(shape);
  }
}

void Recorder::publish() {
  for (Probe &probe : probes)
    probe.writer->publish();
}
