// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The making of an image, part by part. See BuildImage.h.
#ifndef BASALT_COMPILER_NEUROCORE_IMAGE_BUILDER_H
#define BASALT_COMPILER_NEUROCORE_IMAGE_BUILDER_H

#include "compiler/neurocore/image/BuildImage.h"
#include "compiler/neurocore/place/Axons.h"
#include "compiler/neurocore/place/Placement.h"
#include "dialect/step/Step.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringMap.h"

namespace basalt::neurocore {

/// A type of tensors as images have it.
void describe(mlir::Type declared, rt::Kind &kind, uint8_t &bits, std::vector<uint32_t> &shape);

class ImageBuilder {
public:
  ImageBuilder(mlir::ModuleOp module, const ImageOptions &options)
      : module(module), options(options) {}

  llvm::FailureOr<nc::Image> build();

private:
  /// A part of a population on a core.
  struct Part {
    uint32_t core, group;
    int64_t first, count;
  };
  /// A list of synapses in memory, for the Vars that its weights and delays are.
  struct List {
    unsigned projection;
    uint32_t core, group;
    CoreList::Key entries;
    uint32_t word;
  };

  void readNetwork();
  void buildPrograms();
  uint32_t layoutOf(PopulationOp population);
  void buildCores();
  nc::Group buildGroup(PopulationOp population, unsigned number, int64_t first, int64_t count);
  nc::Values valuesOf(mlir::ElementsAttr all, bool isSigned, const nc::Group &group);
  nc::SourceLocation locate(mlir::Location loc);

  llvm::LogicalResult buildSynapses();
  void connect(unsigned projection, const Part &part);
  void addAxons(const Projection &projection, uint32_t core, llvm::ArrayRef<SourceList> of,
                uint32_t firstAxon);
  void sortAxons();

  void buildVars();
  void buildPorts();
  void addFragments(PlaceOp place, std::vector<nc::Fragment> &fragments);
  void addSynapseFragments(llvm::StringRef var, bool weights, nc::Var &into);
  void addListFragments(const List &list, SynapseField field, nc::Space space, nc::Var &into);
  void addEmbeddedFragments(PlaceOp place, llvm::StringRef state, nc::Var &into);

  llvm::LogicalResult buildEmbedded();
  mlir::OwningOpRef<mlir::ModuleOp> embeddedModule(EmbeddedOp part, llvm::StringSet<> &remotes);
  void buildChannels();
  llvm::LogicalResult buildEmbeddedProgram(EmbeddedOp part);
  void buildCalls();

  mlir::ModuleOp module;
  const ImageOptions &options;
  NetworkOp network;
  step::ProgramOp program;
  nc::Target target;
  nc::Image image;
  llvm::StringMap<uint32_t> files, programs, injectors, varNumbers, channels;
  llvm::DenseMap<mlir::StringAttr, std::vector<Part>> parts; ///< by population
  /// Values of populations, with a sign or without, while cores are built.
  llvm::DenseMap<std::pair<mlir::Attribute, unsigned>, llvm::SmallVector<int64_t>> widened;
  std::vector<Projection> projections;
  std::vector<List> lists;
  /// Of an embedded program: addresses and bytes of an element of its states, and addresses of its
  /// entries, by phase and instance, in order.
  struct Embedded {
    llvm::StringMap<std::pair<uint32_t, uint32_t>> states;
    llvm::StringMap<std::vector<uint32_t>> entries;
  };
  std::vector<Embedded> embedded;            ///< as Image::embedded
  llvm::StringMap<uint32_t> embeddedNumbers; ///< by symbol
  llvm::StringMap<uint32_t> programOf;       ///< of instances
};

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_IMAGE_BUILDER_H
