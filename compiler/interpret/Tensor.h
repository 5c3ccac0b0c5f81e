// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A value of a behaviour, as the evaluator and the interpreter hold it: one element type, a shape,
// and the elements in row-major order, each in the widest form. Obvious rather than fast.
#ifndef BASALT_COMPILER_INTERPRET_TENSOR_H
#define BASALT_COMPILER_INTERPRET_TENSOR_H

#include "runtime/native/Arithmetic.h"
#include "runtime/native/Contract.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

#include <memory>
#include <vector>

namespace basalt::interp {

/// A tensor of static shape; a scalar has rank 0. Elements of integer types are held sign-extended
/// in 64 bits (those of `i1` as 0 or 1), elements of `f32` and `f64` as doubles. Copies share their
/// elements until one of them is written to, so that handing on a large one costs nothing.
class Tensor {
public:
  Tensor() = default;
  /// Zeros. `type` is a ranked tensor of static shape or a scalar type, with elements `iN` (N up to
  /// 64, any signedness, which is dropped), `index` (held as i64), `f32` or `f64`.
  explicit Tensor(mlir::Type type);
  /// Zeros of the given element type and shape.
  Tensor(mlir::Type element, llvm::ArrayRef<int64_t> shape);

  /// The value of a constant. Its element type is that of `value` without signedness; unsigned
  /// elements are read as such, then wrapped to their width.
  static Tensor fromAttr(mlir::ElementsAttr value);
  /// The value of a scalar constant (IntegerAttr, BoolAttr or FloatAttr).
  static Tensor fromScalarAttr(mlir::TypedAttr value);

  /// The value as a constant of its own type, `type()`.
  mlir::DenseElementsAttr toAttr() const;

  /// Whether there is a value at all.
  explicit operator bool() const { return static_cast<bool>(element); }
  /// The signless element type.
  mlir::Type elementType() const { return element; }
  llvm::ArrayRef<int64_t> shape() const { return extents; }
  mlir::RankedTensorType type() const;
  int64_t rank() const { return static_cast<int64_t>(extents.size()); }
  int64_t size() const { return count; }
  bool isFloat() const { return hasReals; }
  bool isSingle() const { return hasReals && bits == 32; }
  /// Bits of an element.
  unsigned width() const { return bits; }

  /// Element `i` of an integer tensor, sign-extended; of i1: 0 or 1.
  int64_t integer(int64_t i) const { return elements->integers[i]; }
  /// Element `i` of an integer tensor as the op that reads it sees it: bits zero-extended, or
  /// sign-extended also for i1, whose 1 is then -1 (the view of signed ops of arith).
  int64_t zeroExtended(int64_t i) const { return rt::mask(integer(i), int(bits)); }
  int64_t signExtended(int64_t i) const { return bits == 1 ? -integer(i) : integer(i); }
  /// Element `i` of a float tensor; exact also for f32.
  double real(int64_t i) const { return elements->reals[i]; }

  /// Store element `i`, wrapped to the width or rounded to the precision of the type.
  void setInteger(int64_t i, int64_t value) { own().integers[i] = rt::wrap(value, int(bits)); }
  void setReal(int64_t i, double value) {
    own().reals[i] = isSingle() ? double(static_cast<float>(value)) : value;
  }
  /// The same for all elements: `element(i)` for each.
  template <typename Function> void setIntegers(Function element) {
    std::vector<int64_t> &integers = own().integers;
    for (int64_t i = 0; i < count; ++i)
      integers[i] = rt::wrap(element(i), int(bits));
  }
  /// Element `i` becomes element `j` of `from`, which has the same element type.
  void copy(int64_t i, const Tensor &from, int64_t j);

  /// The one element of a truth value of one element.
  bool truth() const;

  /// Same type and same bits (so NaN equals itself, and 0.0 is not -0.0).
  bool operator==(const Tensor &other) const;
  bool operator!=(const Tensor &other) const { return !(*this == other); }

private:
  struct Elements {
    std::vector<int64_t> integers; // of integer types; else empty
    std::vector<double> reals;     // of float types; else empty
  };

  /// The elements, as those of this tensor alone.
  Elements &own() {
    if (elements.use_count() != 1)
      elements = std::make_shared<Elements>(*elements);
    return *elements;
  }

  mlir::Type element;
  llvm::SmallVector<int64_t, 4> extents;
  int64_t count = 0;
  unsigned bits = 0;
  bool hasReals = false;
  std::shared_ptr<Elements> elements;
};

//===--- Memory of the run-time library ---===//

/// How a declared element type (`si24`, `ui1`, `i1`, `f32`, …) lies in memory.
rt::Element storageElement(mlir::Type declaredElement);
/// Bytes of a value of the declared type in memory.
size_t storageSize(mlir::RankedTensorType declared);

/// The value of a declared tensor type that lies at `data`, in the signless value type.
Tensor loadTensor(mlir::RankedTensorType declared, const void *data);
/// Stores `value`, whose type is the value type of `declared`.
void storeTensor(const Tensor &value, mlir::RankedTensorType declared, void *data);

/// The same for constants, of which there may be many: `loadTensor(declared, data).toAttr()`, and
/// storing `Tensor::fromAttr(value)`.
mlir::DenseElementsAttr loadAttr(mlir::RankedTensorType declared, const void *data);
void storeAttr(mlir::ElementsAttr value, mlir::RankedTensorType declared, void *data);

} // namespace basalt::interp

#endif // BASALT_COMPILER_INTERPRET_TENSOR_H
