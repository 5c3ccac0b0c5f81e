// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an HDF5 file holds as lines of text, so that changes of lines and words (TextMutator) are
// changes of groups and datasets. A line below another and indented more is in that group:
//
//     node
//       @version s 1.0
//       nodes
//         lif
//           type s LIF
//           tau f[2] 0.01 0.02
//
// An attribute begins with '@'. Kinds are f, i, u, b as of NumPy, s for strings, and ? for what
// cannot be read. Fewer elements than the shape has are repeated.
#ifndef BASALT_TEST_FUZZ_TREETEXT_H
#define BASALT_TEST_FUZZ_TREETEXT_H

#include "compiler/import/Hdf5Tree.h"

#include "llvm/ADT/StringRef.h"

namespace basalt::fuzz {

/// Any text has a meaning, and one that the reader of HDF5 files could have given.
import::Hdf5Node parseTree(llvm::StringRef text);

} // namespace basalt::fuzz

#endif // BASALT_TEST_FUZZ_TREETEXT_H
