// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// form-statements: one C++ expression where there was a chain of operations, and comments that name
// the source. See Passes.td.
//
//   %a = load %p; %b = cast %a; %c = call "rt::add"(%b, %k); assign %c to %q
//   => %c = expression %p, %k { load; cast; call }; assign %c to %q
#include "compiler/native/Functions.h"
#include "compiler/native/Native.h"
#include "compiler/native/Passes.h"
#include "compiler/native/Scalars.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/Path.h"

using namespace mlir;

namespace basalt {

#define GEN_PASS_DEF_FORMSTATEMENTS
#include "compiler/native/NativePasses.h.inc"

namespace {

/// Longer expressions do not fit a line.
constexpr unsigned maxOperations = 10;

/// Printed where it is used, and nowhere else.
bool isDeferred(Operation *op) { return isa<emitc::LiteralOp, emitc::SubscriptOp>(op); }

bool hasNoEffect(Operation *op) {
  if (isa<emitc::CallOpaqueOp>(op))
    return op->hasAttr(native::kPureAttr);
  return isa<emitc::CExpressionInterface>(op) || isDeferred(op);
}

/// `a < b & c` means what it should, but nobody likes to read it, C++ compilers included.
bool wouldNeedParentheses(Operation *op, Operation *user) {
  return isa<emitc::CmpOp>(op) &&
         isa<emitc::BitwiseAndOp, emitc::BitwiseOrOp, emitc::BitwiseXorOp>(user);
}

bool hasCall(Operation *op) { return isa<emitc::CallOpaqueOp>(op); }

/// The expressions of one block.
class BlockExpressions {
public:
  explicit BlockExpressions(Block &block) : block(block) {}
  void form();

private:
  void findRoots();
  bool joins(Operation *op, Operation *user);
  bool writesBetween(Operation *first, Operation *last);
  void build(Operation *root, ArrayRef<Operation *> members);

  Block &block;
  DenseMap<Operation *, Operation *> rootOf;
  DenseMap<Operation *, SmallVector<Operation *>> membersOf; // last first
  DenseMap<Operation *, unsigned> positions;
  SmallVector<unsigned> writes; // positions, ascending
};

bool BlockExpressions::writesBetween(Operation *first, Operation *last) {
  unsigned from = positions[first], to = positions[last];
  auto next = llvm::upper_bound(writes, from);
  return next != writes.end() && *next < to;
}

bool BlockExpressions::joins(Operation *op, Operation *user) {
  if (user->getBlock() != &block || !isa<emitc::CExpressionInterface>(user) ||
      user->getNumResults() != 1 || wouldNeedParentheses(op, user))
    return false;
  Operation *root = rootOf.lookup(user);
  if (membersOf[root].size() >= maxOperations)
    return false;
  return !isa<emitc::LoadOp>(op) || !writesBetween(op, root);
}

/// Users come after what they use, so their roots are known when their operands are looked at.
void BlockExpressions::findRoots() {
  unsigned position = 0;
  for (Operation &op : block) {
    positions[&op] = position++;
    if (!hasNoEffect(&op))
      writes.push_back(positions[&op]);
  }
  for (Operation &op : llvm::reverse(block)) {
    if (isDeferred(&op) || !isa<emitc::CExpressionInterface>(op))
      continue;
    Operation *root = &op;
    if (hasNoEffect(&op) && op.hasOneUse() && joins(&op, *op.user_begin()))
      root = rootOf.lookup(*op.user_begin());
    rootOf[&op] = root;
    membersOf[root].push_back(&op);
  }
}

void BlockExpressions::build(Operation *root, ArrayRef<Operation *> members) {
  OpBuilder builder(root);
  llvm::SetVector<Value> inputs;
  DenseSet<Operation *> inside(members.begin(), members.end());
  for (Operation *op : llvm::reverse(members))
    for (Value operand : op->getOperands())
      if (!inside.contains(operand.getDefiningOp()))
        inputs.insert(operand);

  // An expression may be printed inside its user, past whatever is between; not if something is
  // written there.
  Operation *user = root->hasOneUse() ? *root->user_begin() : nullptr;
  bool loads = llvm::any_of(members, [](Operation *op) { return isa<emitc::LoadOp>(op); });
  bool stays = llvm::any_of(members, hasCall) || !user || user->getBlock() != &block ||
               (loads && writesBetween(root, user));
  auto expression = emitc::ExpressionOp::create(
      builder, root->getLoc(), root->getResult(0).getType(), inputs.getArrayRef(), stays);
  Block &body = expression.createBody();
  IRMapping mapping;
  for (auto [input, argument] : llvm::zip(inputs, body.getArguments()))
    mapping.map(input, argument);
  builder.setInsertionPointToEnd(&body);
  for (Operation *op : llvm::reverse(members))
    builder.clone(*op, mapping);
  emitc::YieldOp::create(builder, root->getLoc(), mapping.lookup(root->getResult(0)));
  root->getResult(0).replaceAllUsesWith(expression.getResult());
  for (Operation *op : members)
    op->erase();
}

void BlockExpressions::form() {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (hasNoEffect(&op) && op.use_empty() && op.getNumResults() == 1)
      op.erase();
  findRoots();
  SmallVector<Operation *> roots;
  for (Operation &op : block)
    if (rootOf.lookup(&op) == &op && op.getNumResults() == 1)
      roots.push_back(&op);
  for (Operation *root : roots)
    build(root, membersOf[root]);
}

/// Puts a comment before each statement that comes from another line than the one before.
class SourceComments {
public:
  explicit SourceComments(const native::SourceLine &sourceLine) : sourceLine(sourceLine) {}

  void mark(Operation *op);
  void markBlock(Block &block) {
    for (Operation &op : llvm::make_early_inc_range(block))
      if (isStatement(&op))
        mark(&op);
  }

private:
  static bool isStatement(Operation *op);

  const native::SourceLine &sourceLine;
  std::string lastFile;
  unsigned lastLine = 0;
};

bool SourceComments::isStatement(Operation *op) {
  if (auto expression = dyn_cast<emitc::ExpressionOp>(op))
    return expression.getDoNotInline();
  // What was computed in a statement of its own is stored without further words.
  if (auto assign = dyn_cast<emitc::AssignOp>(op))
    if (auto value = assign.getValue().getDefiningOp<emitc::ExpressionOp>())
      return !value.getDoNotInline();
  return !isDeferred(op) && !isa<emitc::YieldOp, emitc::ReturnOp, emitc::VariableOp>(op);
}

void SourceComments::mark(Operation *op) {
  native::Place place = native::placeOf(op->getLoc());
  if (!place.file.empty() && (place.file != lastFile || place.line != lastLine)) {
    lastFile = place.file;
    lastLine = place.line;
    std::string text = "// " + llvm::sys::path::filename(place.file).str() + ":" +
                       std::to_string(place.line) + ":" + std::to_string(place.column);
    if (sourceLine)
      // A backslash at the end of a // comment would take in the next line.
      if (StringRef line = sourceLine(place.file, place.line).trim(" \t\r\n\\"); !line.empty())
        text += "  " + line.str();
    OpBuilder builder(op);
    emitc::VerbatimOp::create(builder, op->getLoc(), text);
  }
  for (Region &region : op->getRegions())
    if (!isa<emitc::ExpressionOp>(op))
      for (Block &block : region)
        markBlock(block);
}

struct FormStatements : impl::FormStatementsBase<FormStatements> {
  FormStatements() = default;
  explicit FormStatements(native::SourceLine sourceLine) : sourceLine(std::move(sourceLine)) {}

  void runOnOperation() override {
    SmallVector<emitc::FuncOp> functions;
    getOperation().walk([&](emitc::FuncOp function) { functions.push_back(function); });
    for (emitc::FuncOp function : functions) {
      SmallVector<Block *> blocks;
      function.walk([&](Block *block) { blocks.push_back(block); });
      for (Block *block : blocks)
        BlockExpressions(*block).form();
      SourceComments(sourceLine).mark(function);
    }
  }

  native::SourceLine sourceLine;
};

} // namespace

std::unique_ptr<Pass> createFormStatements(native::SourceLine sourceLine) {
  return std::make_unique<FormStatements>(std::move(sourceLine));
}

} // namespace basalt
