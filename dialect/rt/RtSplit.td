// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The interface of operations whose work threads can share: each does a range of the elements of an
// axis. form-parallel-regions puts such operations into rt.parallel.
#ifndef BASALT_DIALECT_RT_SPLIT
#define BASALT_DIALECT_RT_SPLIT

include "mlir/IR/OpBase.td"

def Rt_SplitOpInterface : OpInterface<"SplitOpInterface"> {
  let cppNamespace = "::basalt::rtop";
  let description = [{
    The operation has `getSplitExtent()` elements, and can do any range of them, that starts at a multiple of 64, by itself: what it does there depends on no other
    range, and the results are the same bits however the elements are cut.

    An operation of this interface belongs to a region with others if all memory that one writes and another uses is, for both, memory of which a range of
    elements uses its own part alone (`SplitAccess::isOwn`), and the extents are the same.
  }];
  let methods = [
    InterfaceMethod<"The number of elements; 0: one thread does it all, and what it uses is known all the same.", "int64_t", "getSplitExtent">,
    InterfaceMethod<"All memory that is used, and how.", "void", "getSplitAccesses", (ins "::llvm::SmallVectorImpl<::basalt::rtop::SplitAccess> &":$accesses)>,
    InterfaceMethod<"A guess at what all elements cost in a step, in nanoseconds. What cheap work costs is not worth a barrier.", "double", "getSplitWork">,
    InterfaceMethod<"Whether it may stop the run.", "bool", "canFail", (ins), "", "return false;">,
    InterfaceMethod<"Makes the operation do the elements from `low` to before `high` (of type index) alone.", "void", "split", (ins "::mlir::Value":$low, "::mlir::Value":$high)>,
  ];
}

#endif // BASALT_DIALECT_RT_SPLIT
