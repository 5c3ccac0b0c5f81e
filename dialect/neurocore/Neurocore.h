// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The neurocore dialect: what is on a chip. See NeurocoreOps.td.
#ifndef BASALT_DIALECT_NEUROCORE_NEUROCORE_H
#define BASALT_DIALECT_NEUROCORE_NEUROCORE_H

#include "runtime/neurocore/Microcode.h"
#include "runtime/neurocore/Target.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/RegionKindInterface.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialect/neurocore/NeurocoreDialect.h.inc"

#define GET_OP_CLASSES
#include "dialect/neurocore/NeurocoreOps.h.inc"

namespace basalt::nc {
enum class StoreMode : uint8_t; // runtime/neurocore/Image.h
}

namespace basalt::neurocore {

/// The operand of microcode that is written so (`s0`, `timers`); nothing if none is.
std::optional<uint8_t> operandNamed(llvm::StringRef name);
std::optional<nc::Op> opNamed(llvm::StringRef name);
/// `floor`, `tz`, `nearest`.
std::optional<nc::Round> roundNamed(llvm::StringRef name);

/// `wrap`, `wrap_up`, `saturate`, `saturate_symmetric`.
std::optional<nc::StoreMode> storeNamed(llvm::StringRef name);

/// On a module that becomes a network of neurons: a list of what `place` of the target section
/// says, each with `instance`, `chip`, perhaps `cores`, and `loc`, its place in the text.
inline constexpr llvm::StringLiteral kPinsAttr = "neurocore.pins";

/// Numbers of an entry of neurocore.synapses.
enum SynapseField : unsigned { Source, Target, Weight, Delay, WeightElement, DelayElement };
inline constexpr unsigned kSynapseFields = 6;

/// All numbers of 32 bits that `values` has; in `storage` if it has one for all of them.
llvm::ArrayRef<int32_t> wordsOf(mlir::DenseIntElementsAttr values, std::vector<int32_t> &storage);

/// The integers of `values`, which are held sign-extended or, of unsigned type, zero-extended.
llvm::SmallVector<int64_t> integersOf(mlir::ElementsAttr values, bool isSigned);

} // namespace basalt::neurocore

#endif // BASALT_DIALECT_NEUROCORE_NEUROCORE_H
