// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Enumerations of the step dialect.
#ifndef BASALT_DIALECT_STEP_ENUMS
#define BASALT_DIALECT_STEP_ENUMS

include "mlir/IR/EnumAttr.td"

def Step_EntryRole : I32EnumAttr<"EntryRole", "what of a synapse an input of an update of entries has an element for", [
    I32EnumAttrCase<"Entry", 0, "entry">, I32EnumAttrCase<"Source", 1, "source">, I32EnumAttrCase<"Target", 2, "target">,
    I32EnumAttrCase<"Every", 3, "every">]> {
  let cppNamespace = "::basalt::step";
}

#endif // BASALT_DIALECT_STEP_ENUMS
