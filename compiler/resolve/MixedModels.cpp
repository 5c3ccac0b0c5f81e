// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Comparing the tags of models that were taken for want of a wish.
#include "compiler/resolve/MixedModels.h"
#include "compiler/support/EmitWarning.h"

using namespace mlir;

namespace basalt {

static void addTags(proc::ModelOp model, llvm::SmallSetVector<StringAttr, 4> &tags) {
  if (std::optional<ArrayAttr> list = model.getTags())
    tags.insert_range(list->getAsRange<StringAttr>());
}

void MixedModels::add(proc::InstanceOp instance, StringRef path, StringRef process,
                      ArrayRef<proc::ModelOp> models, proc::ModelOp chosen) {
  Choice &choice = choices.emplace_back();
  choice.instance = instance;
  choice.path = path;
  choice.process = process;
  choice.model = chosen.getSymNameAttr();
  addTags(chosen, choice.tags);
  for (proc::ModelOp model : models)
    if (model != chosen)
      addTags(model, choice.others);
}

void MixedModels::warn() const {
  for (const Choice &first : choices)
    for (const Choice &only : choices) {
      if (only.others.size() + first.tags.size() == 0 || !only.others.empty())
        continue;
      auto isShared = [&](StringAttr tag) { return first.tags.contains(tag); };
      const auto *tag =
          llvm::find_if(only.tags, [&](StringAttr tag) { return first.others.contains(tag); });
      if (tag == only.tags.end() || llvm::any_of(only.tags, isShared))
        continue;
      InFlightDiagnostic warning =
          emitWarning(proc::InstanceOp(first.instance).getLoc(), Warning::MixedModels)
          << "'" << first.path << "' (" << first.process << ") has the model '"
          << first.model.getValue()
          << "', its first, since no tag is asked for; it does not go "
             "with '"
          << only.path << "' (" << only.process << "), which has '" << only.model.getValue()
          << "' alone; 'select_tag: " << tag->getValue() << "' selects models of one kind";
      warning.attachNote(proc::InstanceOp(only.instance).getLoc())
          << "'" << only.path << "' is here";
      return;
    }
}

} // namespace basalt
