// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What stands in the fields of a compartment: numbers of the code, or Vars, as far as fields hold
// them.
#ifndef BASALT_COMPILER_NEUROCORE_SELECT_FIELDS_H
#define BASALT_COMPILER_NEUROCORE_SELECT_FIELDS_H

#include "compiler/neurocore/form/Population.h"
#include "compiler/neurocore/select/Terms.h"
#include "runtime/neurocore/Target.h"

namespace basalt::neurocore {

class Fields {
public:
  Fields(const Flat &flat, Population &population, const nc::Target &target)
      : flat(flat), population(population), target(target) {}

  SharedNumber du{"du", {}, {}, 0}, dv{"dv", {}, {}, 0}, vth{"vth", {}, {}, 0};

  /// field = most - factor, where `factor` is made of one argument of the kernel, or of none.
  llvm::LogicalResult setDecay(SharedNumber &field, const Sum &factor, int64_t most,
                               mlir::Location loc);
  /// vth << shift = value.
  llvm::LogicalResult setThreshold(const Sum &value, mlir::Location loc);
  /// bias << exponent = number, or mantissa * factor, or mantissa << exponent if that is not null.
  llvm::LogicalResult setBias(int64_t number);
  llvm::LogicalResult setBias(mlir::Value mantissa, mlir::Value exponent, int64_t factor,
                              mlir::Location loc);

  /// Gives the population what has been set, and the slots u, if it has one, and v. Reports initial
  /// values that are too wide.
  llvm::LogicalResult finish(std::optional<unsigned> u, unsigned v);

  /// "'lif' is no compartment of 'loihi1-like': why", with what a compartment is.
  mlir::InFlightDiagnostic refuse(mlir::Location loc, const llvm::Twine &why) const;
  /// Of a state; of the population, if there is none.
  mlir::Location locationOf(mlir::StringAttr state) const;

private:
  /// A bias or its exponent: of each neuron, or of all.
  struct PerField {
    std::optional<PerNeuron> each;
    SharedNumber all{"", {}, {}, 0};
  };

  const Argument *argumentOf(mlir::Value value) const;
  const SharedNumber *sharedOf(const Sum &value) const;
  void setEither(PerField &field, mlir::Value value);
  llvm::LogicalResult makeEach(PerField &field, mlir::Location loc);
  llvm::LogicalResult checkNumber(const SharedNumber &number, int64_t low, int64_t high,
                                  llvm::StringRef field) const;
  llvm::LogicalResult checkEach(const PerNeuron &numbers, int64_t low, int64_t high,
                                llvm::StringRef field) const;
  int64_t valueOf(const SharedNumber &number) const;
  void attachSameBias(mlir::InFlightDiagnostic &diagnostic) const;
  llvm::LogicalResult finishSlots(std::optional<unsigned> u, unsigned v);

  const Flat &flat;
  Population &population;
  const nc::Target &target;
  PerField bias, exponent;
};

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_SELECT_FIELDS_H
