// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The num dialect: what values are and what is computed from them. Its ops stand in the phases of proc
// and in the tasks of step alike, so an op has one meaning at every level.
#ifndef BASALT_DIALECT_NUM_OPS
#define BASALT_DIALECT_NUM_OPS

include "mlir/IR/OpBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"

def Num_Dialect : Dialect {
  let name = "num";
  let cppNamespace = "::basalt::num";
  let dependentDialects = ["::mlir::arith::ArithDialect"];
  let hasConstantMaterializer = 1;
  let summary = "Total arithmetic and tensor operations of behaviours";
  let description = [{
    The values of behaviours are tensors of static shape; a scalar has rank 0. Integers are signless and
    arithmetic on them happens in 64 bits and is *total*: every operand has a result. What `arith` leaves
    undefined or poison (division, shifts, conversion of floats) has an op here; its one definition
    is an inline function of `runtime/native/Arithmetic.h` that interpreter, constant folding and generated code share.

    Elementwise ops take operands of one shape; `num.broadcast` is the only op that changes it in NumPy's way.
    They also work on scalars (`i64` in place of `tensor<i64>`), which is what kernels are made of.
  }];
}

class Num_Op<string mnemonic, list<Trait> traits = []> :
    Op<Num_Dialect, mnemonic, !listconcat([Pure], traits)>;

//===--- Elementwise ---===//

class Num_Elementwise<string mnemonic, list<Trait> traits = []> :
    Num_Op<mnemonic, !listconcat(ElementwiseMappable.traits, traits)>;

class Num_IntBinary<string mnemonic, string text> :
    Num_Elementwise<mnemonic, [SameOperandsAndResultType]> {
  let summary = text;
  let arguments = (ins SignlessIntegerLike:$lhs, SignlessIntegerLike:$rhs);
  let results = (outs SignlessIntegerLike:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($result)";
}
class Num_IntUnary<string mnemonic, string text> :
    Num_Elementwise<mnemonic, [SameOperandsAndResultType]> {
  let summary = text;
  let arguments = (ins SignlessIntegerLike:$operand);
  let results = (outs SignlessIntegerLike:$result);
  let assemblyFormat = "$operand attr-dict `:` type($result)";
}
class Num_FloatBinary<string mnemonic, string text> :
    Num_Elementwise<mnemonic, [SameOperandsAndResultType]> {
  let summary = text;
  let arguments = (ins FloatLike:$lhs, FloatLike:$rhs);
  let results = (outs FloatLike:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($result)";
}
class Num_FloatUnary<string mnemonic, string text> :
    Num_Elementwise<mnemonic, [SameOperandsAndResultType]> {
  let summary = text;
  let arguments = (ins FloatLike:$operand);
  let results = (outs FloatLike:$result);
  let assemblyFormat = "$operand attr-dict `:` type($result)";
}

def FloorDivOp : Num_IntBinary<"floordiv", "quotient rounded to minus infinity; 0 for a divisor 0">;
def ModOp : Num_IntBinary<"mod", "remainder of floordiv, with the sign of the divisor; 0 for a divisor 0">;
def ShiftOp : Num_IntBinary<"shift", "x * 2^k; floor for k < 0; beyond 63 all bits are gone"> {
  let hasFolder = 1;
}
def PowIOp : Num_IntBinary<"powi", "x to the power of k, wrapping; 0 for k < 0">;
def AbsIOp : Num_IntUnary<"absi", "absolute value, wrapping">;
def SignIOp : Num_IntUnary<"signi", "-1, 0 or 1">;
def FloorDivFOp : Num_FloatBinary<"floordivf", "floor of the quotient as NumPy's floor_divide">;
def ModFOp : Num_FloatBinary<"modf", "remainder with the sign of the divisor as NumPy's remainder">;
def PowFOp : Num_FloatBinary<"powf", "x to the power of y">;
def AbsFOp : Num_FloatUnary<"absf", "absolute value">;
def SignFOp : Num_FloatUnary<"signf", "-1, 0 or 1; NaN stays NaN">;
def FloorOp : Num_FloatUnary<"floor", "largest whole number not above">;
def CeilOp : Num_FloatUnary<"ceil", "smallest whole number not below">;
def RoundOp : Num_FloatUnary<"round", "nearest whole number, ties to even">;
def TruncOp : Num_FloatUnary<"trunc", "whole number toward zero">;
def SqrtOp : Num_FloatUnary<"sqrt", "square root, correctly rounded">;
def ExpOp : Num_FloatUnary<"exp", "e to the power of x, by the one implementation of the runtime">;
def LogOp : Num_FloatUnary<"log", "natural logarithm, by the one implementation of the runtime">;
def SinOp : Num_FloatUnary<"sin", "sine, by the one implementation of the runtime">;
def CosOp : Num_FloatUnary<"cos", "cosine, by the one implementation of the runtime">;
def TanhOp : Num_FloatUnary<"tanh", "hyperbolic tangent, by the one implementation of the runtime">;

def MulShrOp : Num_Elementwise<"mul_shr", [SameOperandsAndResultType]> {
  let summary = "a * b / 2^k rounded toward zero, with an exact product";
  let description = [{The decay of fixed-point neuron models. Any `k` has a meaning: a negative one multiplies. What does not fit wraps.}];
  let arguments = (ins SignlessIntegerLike:$a, SignlessIntegerLike:$b, SignlessIntegerLike:$k);
  let results = (outs SignlessIntegerLike:$result);
  let assemblyFormat = "$a `,` $b `,` $k attr-dict `:` type($result)";
}

def ToIntOp : Num_Elementwise<"to_int", [SameOperandsAndResultShape]> {
  let summary = "float to integer toward zero; NaN is 0, out of range saturates to 64 bits";
  let arguments = (ins FloatLike:$operand);
  let results = (outs SignlessIntegerLike:$result);
  let assemblyFormat = "$operand attr-dict `:` type($operand) `to` type($result)";
}

//===--- Scalars: what scf.if and scf.for need ---===//

def ItemOp : Num_Op<"item"> {
  let summary = "the element of a tensor of rank 0, e.g. as condition of scf.if";
  let arguments = (ins AnyStaticShapeTensor:$operand);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$operand attr-dict `:` type($operand) `to` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def FromScalarOp : Num_Op<"from_scalar"> {
  let summary = "a tensor of rank 0 from a scalar, e.g. from the i64 counter of scf.for";
  let arguments = (ins AnyType:$operand);
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = "$operand attr-dict `:` type($operand) `to` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

//===--- Shapes ---===//

def BroadcastOp : Num_Op<"broadcast"> {
  let summary = "NumPy's broadcasting to a given shape";
  let description = [{Shapes are aligned at the right; an extent of 1 or a missing axis is repeated.}];
  let arguments = (ins StaticShapeTensorOf<[AnyType]>:$operand);
  let results = (outs StaticShapeTensorOf<[AnyType]>:$result);
  let assemblyFormat = "$operand attr-dict `:` type($operand) `to` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def ReshapeOp : Num_Op<"reshape"> {
  let summary = "the same elements, row-major, in another shape";
  let arguments = (ins StaticShapeTensorOf<[AnyType]>:$operand);
  let results = (outs StaticShapeTensorOf<[AnyType]>:$result);
  let assemblyFormat = "$operand attr-dict `:` type($operand) `to` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def TransposeOp : Num_Op<"transpose"> {
  let summary = "axes permuted: result axis i is operand axis permutation[i]";
  let arguments = (ins StaticShapeTensorOf<[AnyType]>:$operand, DenseI64ArrayAttr:$permutation);
  let results = (outs StaticShapeTensorOf<[AnyType]>:$result);
  let assemblyFormat = "$operand $permutation attr-dict `:` type($operand) `to` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def ExtractOp : Op<Num_Dialect, "extract", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
    DeclareOpInterfaceMethods<ConditionallySpeculatable>]> {
  let summary = "NumPy's basic indexing: a part of a tensor";
  let description = [{
    For each axis an offset, a size and a stride (which may be negative). An offset that is not a constant is
    `?` (the minimum of i64) in `offsets` and is given as a scalar operand, in order; such an axis has
    size 1. A computed offset counts from the end when negative, as in NumPy, and is checked when it
    runs: out of range stops the run, so the op is not speculatable. Axes in `dropped` (of size 1) are absent from the result.
  }];
  let arguments = (ins StaticShapeTensorOf<[AnyType]>:$operand, Variadic<0DTensorOf<[I64]>>:$dynamic,
    DenseI64ArrayAttr:$offsets, DenseI64ArrayAttr:$sizes, DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$dropped);
  let results = (outs StaticShapeTensorOf<[AnyType]>:$result);
  let assemblyFormat = [{
    $operand (`[` $dynamic^ `:` type($dynamic) `]`)? `offsets` $offsets `sizes` $sizes `strides` $strides `drop` $dropped attr-dict
    `:` type($operand) `to` type($result)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def InsertOp : Op<Num_Dialect, "insert", [AllTypesMatch<["dest", "result"]>,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>, DeclareOpInterfaceMethods<ConditionallySpeculatable>]> {
  let summary = "a tensor with a part replaced; the counterpart of num.extract";
  let arguments = (ins StaticShapeTensorOf<[AnyType]>:$source, StaticShapeTensorOf<[AnyType]>:$dest, Variadic<0DTensorOf<[I64]>>:$dynamic,
    DenseI64ArrayAttr:$offsets, DenseI64ArrayAttr:$sizes, DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$dropped);
  let results = (outs StaticShapeTensorOf<[AnyType]>:$result);
  let assemblyFormat = [{
    $source `into` $dest (`[` $dynamic^ `:` type($dynamic) `]`)? `offsets` $offsets `sizes` $sizes `strides` $strides `drop` $dropped attr-dict
    `:` type($source) `into` type($dest)
  }];
  let hasVerifier = 1;
}

def GatherOp : Op<Num_Dialect, "gather", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
    DeclareOpInterfaceMethods<ConditionallySpeculatable>]> {
  let summary = "NumPy's index with a tensor of integers: elements picked along one axis";
  let description = [{
    `result[i..., j..., k...]` is `operand[i..., indices[j...], k...]`, where `i` are the axes before `axis` and `k` those after it. An index counts from the
    end when negative and is checked when it runs: out of range stops the run, so the op is not speculatable.
  }];
  let arguments = (ins StaticShapeTensorOf<[AnyType]>:$operand, StaticShapeTensorOf<[I64]>:$indices, I64Attr:$axis);
  let results = (outs StaticShapeTensorOf<[AnyType]>:$result);
  let assemblyFormat = "$operand `at` $indices `axis` $axis attr-dict `:` type($operand) `,` type($indices) `to` type($result)";
  let hasVerifier = 1;
}

def ReduceKind : I32EnumAttr<"ReduceKind", "what a reduction does", [
    I32EnumAttrCase<"Sum", 0, "sum">, I32EnumAttrCase<"Prod", 1, "prod">, I32EnumAttrCase<"Min", 2, "min">,
    I32EnumAttrCase<"Max", 3, "max">, I32EnumAttrCase<"Any", 4, "any">, I32EnumAttrCase<"All", 5, "all">]> {
  let cppNamespace = "::basalt::num";
}

/// A number of elements.
def Num_Count : Type<0DTensorOf<[I64]>.predicate, "0D tensor of i64">,
    BuildableType<"::mlir::RankedTensorType::get({}, $_builder.getI64Type())">;

def ReduceOp : Num_Op<"reduce"> {
  let summary = "reduction along axes, in index order";
  let description = [{
    `sum` and `prod` of integers wrap; of floats they go in index order along the reduced axes (row-major). `min` and `max` of
    floats propagate NaN and need at least one element. `any` and `all` take `i1`. `axes` is sorted.

    With `first` only so many elements count, from the beginning of the one axis: of a sparse Var that has room for more entries than it has. The extremum of none is 0.
  }];
  let arguments = (ins ReduceKind:$kind, StaticShapeTensorOf<[AnyType]>:$operand, DenseI64ArrayAttr:$axes, Optional<Num_Count>:$first);
  let results = (outs StaticShapeTensorOf<[AnyType]>:$result);
  let assemblyFormat = "$kind $operand `axes` $axes (`first` $first^)? attr-dict `:` type($operand) `to` type($result)";
  let builders = [OpBuilder<(ins "::mlir::Type":$result, "ReduceKind":$kind, "::mlir::Value":$operand, "::llvm::ArrayRef<int64_t>":$axes), [{
    build($_builder, $_state, result, kind, operand, axes, ::mlir::Value());
  }]>];
  let hasVerifier = 1;
}

def MatVecOp : Num_Op<"matvec"> {
  let summary = "matrix times vector, by the elements of the vector that are not zero";
  let description = [{
    `result[i]` is the sum over `j`, in index order from 0, of `matrix[i, j] * vector[j]` for those `j` whose
    element is not zero. Absent spikes add nothing (so an infinite weight does no harm) and cost nothing.
  }];
  let arguments = (ins 2DTensorOf<[AnyType]>:$matrix, 1DTensorOf<[AnyType]>:$vector);
  let results = (outs 1DTensorOf<[AnyType]>:$result);
  let assemblyFormat = "$matrix `,` $vector attr-dict `:` type($matrix) `,` type($vector) `to` type($result)";
  let hasVerifier = 1;
}

def Conv2DOp : Num_Op<"conv2d"> {
  let summary = "two-dimensional cross-correlation, by the elements of the input that are not zero";
  let description = [{
    `input` is (x, y, channel), `kernel` (output channel, kx, ky, channel of its group), the result (x, y, output channel) with
    `x' = (x + 2 * padding - dilation * (kx - 1) - 1) / stride + 1`. Each output is the sum, in index order of the kernel from 0, of
    `input[ox * stride + i * dilation - padding, ..., c] * kernel[o, i, j, c]` for those elements of the input that are not zero. Output channels
    are split over `groups` evenly, and so are the channels of the input.
  }];
  let arguments = (ins 3DTensorOf<[AnyType]>:$input, 4DTensorOf<[AnyType]>:$kernel, DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$padding,
    DenseI64ArrayAttr:$dilation, I64Attr:$groups);
  let results = (outs 3DTensorOf<[AnyType]>:$result);
  let assemblyFormat = [{
    $input `,` $kernel `stride` $stride `padding` $padding `dilation` $dilation `groups` $groups attr-dict
    `:` type($input) `,` type($kernel) `to` type($result)
  }];
  let hasVerifier = 1;
}

def DeliverOp : Num_Op<"deliver"> {
  let summary = "matrix times vector, with the products sorted by delay";
  let description = [{
    `result[i, k]` is the sum over `j`, in index order from 0, of `matrix[i, j] * vector[j]` for those `j` whose element is not zero and
    whose `delays[i, j]` is `k`. Delays outside the columns of the result deliver nothing. With `onto`, each sum begins with the element there instead of 0.
  }];
  let arguments = (ins 2DTensorOf<[AnyType]>:$matrix, 2DTensorOf<[I64]>:$delays, 1DTensorOf<[AnyType]>:$vector, Optional<2DTensorOf<[AnyType]>>:$onto);
  let results = (outs 2DTensorOf<[AnyType]>:$result);
  let assemblyFormat = [{
    $matrix `after` $delays `,` $vector (`onto` $onto^)? attr-dict `:` type($matrix) `after` type($delays) `,` type($vector) (`onto` type($onto)^)? `to` type($result)
  }];
  let hasVerifier = 1;
}

//===--- Synapses: matrices of which only some entries are stored ---===//

class Num_Synapses<string mnemonic> : Num_Op<mnemonic>;

def SparseMatVecOp : Num_Synapses<"sparse_matvec"> {
  let summary = "matvec with a matrix of which only some entries are stored";
  let description = [{
    Entry `e` of a sparse matrix of n targets and m sources has the weight `values[e]`; it belongs to the source `j` with `offsets[j] <= e < offsets[j + 1]` and to
    the target `targets[e]`, so entries lie source by source and a spike costs as much as it has synapses. There may be
    several entries at one place. The sum of a target goes in order of the entries, for those sources whose element is not zero.
    `offsets` has m + 1 elements, does not decrease, begins with 0 and ends with the number of entries; `targets` are below n.
  }];
  let arguments = (ins 1DTensorOf<[AnyType]>:$values, 1DTensorOf<[AnyInteger]>:$offsets, 1DTensorOf<[AnyInteger]>:$targets, 1DTensorOf<[AnyType]>:$vector);
  let results = (outs 1DTensorOf<[AnyType]>:$result);
  let assemblyFormat = [{
    $values `at` `(` $offsets `,` $targets `)` `,` $vector attr-dict `:` type($values) `at` `(` type($offsets) `,` type($targets) `)` `,` type($vector) `to` type($result)
  }];
  let hasVerifier = 1;
}

def SparseDeliverOp : Num_Synapses<"sparse_deliver"> {
  let summary = "deliver with a matrix of which only some entries are stored";
  let description = [{As `num.sparse_matvec`, but the products of entry `e` go to column `delays[e]`; delays outside the columns of the result deliver nothing. With
    `onto`, each sum begins with the element there instead of 0.}];
  let arguments = (ins 1DTensorOf<[AnyType]>:$values, 1DTensorOf<[I64]>:$delays, 1DTensorOf<[AnyInteger]>:$offsets,
    1DTensorOf<[AnyInteger]>:$targets, 1DTensorOf<[AnyType]>:$vector, Optional<2DTensorOf<[AnyType]>>:$onto);
  let results = (outs 2DTensorOf<[AnyType]>:$result);
  let assemblyFormat = [{
    $values `after` $delays `at` `(` $offsets `,` $targets `)` `,` $vector (`onto` $onto^)? attr-dict
    `:` type($values) `after` type($delays) `at` `(` type($offsets) `,` type($targets) `)` `,` type($vector) (`onto` type($onto)^)? `to` type($result)
  }];
  let hasVerifier = 1;
}

def AtSynapsesOp : Num_Synapses<"at_synapses"> {
  let summary = "the elements of a matrix at the stored entries of a sparse one";
  let description = [{`result[e]` is `matrix[targets[e], j]` for the source `j` of entry `e`; see `num.sparse_matvec`.}];
  let arguments = (ins 2DTensorOf<[AnyType]>:$matrix, 1DTensorOf<[AnyInteger]>:$offsets, 1DTensorOf<[AnyInteger]>:$targets);
  let results = (outs 1DTensorOf<[AnyType]>:$result);
  let assemblyFormat = "$matrix `at` `(` $offsets `,` $targets `)` attr-dict `:` type($matrix) `at` `(` type($offsets) `,` type($targets) `)` `to` type($result)";
  let hasVerifier = 1;
}

def ToDenseOp : Num_Synapses<"to_dense"> {
  let summary = "a sparse matrix with all its entries";
  let description = [{Entries at one place are added up in order (`i1`: or); where there is none stands 0. See `num.sparse_matvec`.}];
  let arguments = (ins 1DTensorOf<[AnyType]>:$values, 1DTensorOf<[AnyInteger]>:$offsets, 1DTensorOf<[AnyInteger]>:$targets);
  let results = (outs 2DTensorOf<[AnyType]>:$result);
  let assemblyFormat = "$values `at` `(` $offsets `,` $targets `)` attr-dict `:` type($values) `at` `(` type($offsets) `,` type($targets) `)` `to` type($result)";
  let hasVerifier = 1;
}

//===--- Random draws ---===//

def RandomBitsOp : Num_Op<"random_bits"> {
  let summary = "64 random bits for each element, a pure function of keys";
  let description = [{
    Element `i` is a function of `stream`, the `keys` (in order: seed, key of the instance, time step, counters of the loops around the draw) and `i` alone: Philox4x32-10
    (Salmon et al., Parallel random numbers: as easy as 1, 2, 3; SC 2011). So a draw depends neither on threads nor on other draws.
  }];
  let arguments = (ins I64Attr:$stream, Variadic<AnyTypeOf<[I64, 0DTensorOf<[I64]>]>>:$keys);
  let results = (outs StaticShapeTensorOf<[I64]>:$result);
  let assemblyFormat = "$stream `keys` `(` $keys `:` type($keys) `)` attr-dict `:` type($result)";
}

def RandomPoissonOp : Num_Op<"random_poisson"> {
  let summary = "Poisson numbers, a pure function of means and keys";
  let description = [{
    As `num.random_bits`, but element `i` is a Poisson number: of mean `lambda`, which is one for all (of rank 0) or has the shape of the result. A mean that is not above 0,
    and NaN, gives 0. What is above 2^31 - 1 is 2^31 - 1. Inversion for small means, else transformed rejection (Hoermann, The transformed rejection method for generating Poisson
    random variables, 1993); `runtime/native/Poisson.h` has the definition.
  }];
  let arguments = (ins StaticShapeTensorOf<[F64]>:$lambda, I64Attr:$stream, Variadic<AnyTypeOf<[I64, 0DTensorOf<[I64]>]>>:$keys);
  let results = (outs StaticShapeTensorOf<[I32]>:$result);
  let assemblyFormat = "$stream `keys` `(` $keys `:` type($keys) `)` `lambda` $lambda attr-dict `:` type($lambda) `to` type($result)";
  let hasVerifier = 1;
}

#endif // BASALT_DIALECT_NUM_OPS
