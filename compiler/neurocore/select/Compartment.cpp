// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Matching a kernel with the compartment: from what is sent and kept backwards, term by term. Each
// term finds its place in the compartment or is reported. See Compartment.h.
#include "compiler/neurocore/select/Compartment.h"

#include "compiler/neurocore/select/Fields.h"
#include "compiler/neurocore/select/Select.h"
#include "compiler/neurocore/select/Terms.h"
#include "dialect/num/Num.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;

namespace basalt::neurocore {

namespace {
class Matcher {
public:
  Matcher(const Flat &flat, Population &population, const nc::Target &target,
          function_ref<void(unsigned)> drop)
      : population(population), neuron(target.neuron), drop(drop),
        fields(flat, population, target) {}

  LogicalResult run();

private:
  LogicalResult checkParts();
  void assumeRanges();
  void findSlots();
  LogicalResult matchReset();
  LogicalResult matchThreshold();
  LogicalResult matchLimits();
  LogicalResult matchVoltage();
  LogicalResult matchCurrent();
  int64_t mostInput() const;
  LogicalResult checkInput();
  LogicalResult matchInput(Sum &sum, StringRef into);
  LogicalResult matchDecay(Sum &sum, unsigned slot, SharedNumber &field, int64_t most);
  LogicalResult matchProduct(num::MulShrOp product, Value old, unsigned slot, SharedNumber &field,
                             int64_t most);
  LogicalResult matchBias(Sum &sum);
  LogicalResult matchOutputs();

  InFlightDiagnostic refuse(Location loc, const Twine &why);
  LogicalResult refuseRest(const Sum &sum, StringRef into);
  Value old(unsigned slot) const;
  Value next(unsigned slot) { return strip(yielded(slot), widths); }
  Value yielded(unsigned number) const { return yield->getOperand(number); }
  const Argument *argumentOf(Value value) const;
  std::string describe(Value value) const;
  bool isSpike(Value value);
  StringRef nameOf(unsigned slot) const { return population.slots[slot].name; }

  Population &population;
  const decltype(nc::Target::neuron) &neuron;
  function_ref<void(unsigned)> drop;
  Fields fields;
  native::Widths widths;
  Block *block = nullptr;
  Operation *yield = nullptr;
  std::optional<unsigned> u; ///< the slots of current and voltage
  unsigned v = 0;
  Value condition; ///< of the spike
  Value limited;   ///< the voltage before it is reset
  Sum voltage;
};
} // namespace

InFlightDiagnostic Matcher::refuse(Location loc, const Twine &why) {
  return fields.refuse(loc, why);
}

Value Matcher::old(unsigned slot) const {
  for (auto [value, argument] : llvm::zip_equal(block->getArguments(), population.arguments))
    if (argument.role == Role::Slot && argument.index == slot)
      return value;
  return {};
}

const Argument *Matcher::argumentOf(Value value) const {
  auto argument = dyn_cast<BlockArgument>(value);
  return argument ? &population.arguments[argument.getArgNumber()] : nullptr;
}

/// As the user calls it, or what kind of operation it is.
std::string Matcher::describe(Value value) const {
  const Argument *argument = argumentOf(value);
  if (!argument)
    return "the result of '" + value.getDefiningOp()->getName().getStringRef().str() + "'";
  switch (argument->role) {
  case Role::Slot:
    return "'" + population.slots[argument->index].name + "'";
  case Role::Parameter:
    return "'" + population.parameters[argument->index].name + "'";
  case Role::Constant:
    return "'" + population.constants[argument->index].name + "'";
  case Role::Accumulator:
    return "'" + population.inputs[argument->index].buffer->state.str() + "'";
  case Role::Step:
    return "the number of the step";
  case Role::Timer:
    return "a condition on the number of the step";
  case Role::Site:
    return "a random number";
  }
  llvm_unreachable("all roles are above");
}

/// What no compartment has, however it is used.
LogicalResult Matcher::checkParts() {
  if (population.slots.empty())
    return refuse(population.loc, population.inputs.empty()
                                      ? "it has no state, where a compartment has a voltage"
                                      : "it only adds up what arrives, and has no voltage");
  if (population.inputs.size() > 1)
    return refuse(population.loc, "it gets '" + population.inputs[0].buffer->state.getValue() +
                                      "' and '" + population.inputs[1].buffer->state.getValue() +
                                      "' apart from each other, where a compartment has one input");
  if (population.slots.size() > 2) {
    const PerNeuron &third = population.slots[2];
    return refuse(fields.locationOf(third.state),
                  "it has the states '" + population.slots[0].name + "', '" +
                      population.slots[1].name + "' and '" + third.name +
                      "', where a compartment has a current and a voltage");
  }
  for (auto [value, argument] : llvm::zip_equal(block->getArguments(), population.arguments))
    if (!value.use_empty() && argument.role >= Role::Step)
      return refuse(value.getLoc(),
                    "it uses " + describe(value) + ", which a compartment does not have");
  return success();
}

/// What a factor of a decay is computed from: nothing but a difference from a constant lies
/// between.
static bool isFactor(Operation *user) {
  if (isa<num::MulShrOp>(user))
    return true;
  bool isDifference = isa<arith::SubIOp, arith::AddIOp>(user) &&
                      llvm::any_of(user->getOperands(), [](Value operand) {
                        return getConstantIntValue(operand).has_value();
                      });
  return isDifference && llvm::all_of(user->getUsers(), llvm::IsaPred<num::MulShrOp>);
}

/// Fields hold no more than this: what does not fit them is reported, when it is written as well.
void Matcher::assumeRanges() {
  auto atMost = [&](Value value, native::Range range) {
    native::Range type = num::signedRange(value.getType().getIntOrFloatBitWidth());
    widths.assume(value, {std::max(range.low, type.low), std::min(range.high, type.high)});
  };
  for (auto [value, argument] : llvm::zip_equal(block->getArguments(), population.arguments)) {
    if (argument.role == Role::Accumulator) {
      InputRange range = rangeOf(population, argument.index);
      if (u) // whatever its current takes in without wrapping twice
        range.given = std::max(
            range.given, native::Range::Number(mostInput() - (range.addsUp ? range.arriving : 0)));
      widths.assume(value, range.held());
      continue;
    }
    if (argument.role == Role::Slot) {
      int64_t half = int64_t(1) << (std::max(neuron.uBits, neuron.vBits) - 1);
      atMost(value, {-half, half});
      continue;
    }
    SmallVector<OpOperand *> uses;
    for (OpOperand &use : value.getUses()) {
      Operation *op = use.getOwner();
      if (!isa<arith::ExtSIOp, arith::ExtUIOp>(op))
        uses.push_back(&use);
      else
        for (OpOperand &further : op->getUses())
          uses.push_back(&further);
    }
    bool scales = false, shifts = false, adds = false;
    for (OpOperand *use : uses) {
      bool isAmount = use->getOperandNumber() == 1 && isa<num::ShiftOp>(use->getOwner());
      scales |= isFactor(use->getOwner());
      shifts |= isAmount;
      adds |= !isAmount && !isFactor(use->getOwner()) && !isa<arith::CmpIOp>(use->getOwner());
    }
    if (scales)
      atMost(value, {0, native::Range::Number(1) << neuron.decayBits});
    else if (shifts)
      atMost(value, {0, neuron.biasExponentMost});
    else if (adds)
      atMost(value,
             num::shifted(num::signedRange(unsigned(neuron.biasBits)), neuron.biasExponentMost));
  }
}

/// The voltage takes in the current.
void Matcher::findSlots() {
  if (population.slots.size() < 2)
    return;
  bool isSecond = old(0) && dependsOn(yielded(1), old(0));
  if (isSecond && old(1) && dependsOn(yielded(0), old(1)))
    isSecond = dependsOn(yielded(1), next(0));
  v = isSecond ? 1 : 0;
  u = 1 - v;
}

/// v = spike ? 0 : limited
LogicalResult Matcher::matchReset() {
  auto choice = next(v).getDefiningOp<arith::SelectOp>();
  std::optional<Above> above =
      choice ? aboveOf(choice.getCondition(), widths) : std::optional<Above>();
  if (!above)
    return refuse(yielded(v).getLoc(), "'" + nameOf(v) +
                                           "' is not reset by a comparison with a threshold, "
                                           "where a compartment resets its voltage to 0");
  Value reset = choice.getTrueValue(), rest = choice.getFalseValue();
  if (above->isNot)
    std::swap(reset, rest);
  limited = strip(rest, widths);
  condition = choice.getCondition();
  std::optional<int64_t> number = getConstantIntValue(strip(reset, widths));
  if (!number)
    return refuse(choice.getLoc(), "'" + nameOf(v) +
                                       "' is reset to something that is no constant, where a "
                                       "compartment resets its voltage to 0");
  if (*number != 0)
    return refuse(choice.getLoc(), "'" + nameOf(v) + "' is reset to " + Twine(*number) +
                                       ", where a compartment resets its voltage to 0");
  return success();
}

/// limited > vth << 6
LogicalResult Matcher::matchThreshold() {
  Above above = *aboveOf(condition, widths);
  Location loc = condition.getLoc();
  if (above.lhs != limited) {
    if (above.rhs == limited)
      return refuse(loc, "it spikes where '" + nameOf(v) +
                             "' is below a threshold, where a compartment spikes above one");
    return refuse(loc, "what is compared with the threshold is not what '" + nameOf(v) +
                           "' would become, as it is in a compartment");
  }
  Sum threshold = sumOf(above.rhs, widths);
  threshold.constant += above.by;
  return fields.setThreshold(threshold, loc);
}

/// What is between the limits is a sum.
LogicalResult Matcher::matchLimits() {
  int64_t most = (int64_t(1) << (neuron.vBits - 1)) - 1;
  std::optional<Limited> found = limitedOf(limited, widths);
  auto expected = [&] {
    return " a compartment keeps its voltage from " + std::to_string(-most) + " to " +
           std::to_string(most) + " ('clip')";
  };
  if (!found)
    return refuse(limited.getLoc(), "'" + nameOf(v) + "' is not limited, where" + expected());
  if (found->low != -most || found->high != most)
    return refuse(limited.getLoc(), "'" + nameOf(v) + "' is kept from " + Twine(found->low) +
                                        " to " + Twine(found->high) + ", where" + expected());
  voltage = sumOf(found->value, widths);
  return success();
}

LogicalResult Matcher::matchProduct(num::MulShrOp product, Value from, unsigned slot,
                                    SharedNumber &field, int64_t most) {
  Value a = strip(product.getA(), widths), b = strip(product.getB(), widths);
  std::optional<int64_t> k = getConstantIntValue(product.getK());
  if (k != neuron.decayBits) {
    std::string bits = k ? std::to_string(*k) : "varying";
    return refuse(product.getLoc(), "'" + nameOf(slot) + "' decays by a multiplication with " +
                                        bits + " bits after the point; the compartment has " +
                                        Twine(neuron.decayBits));
  }
  return fields.setDecay(field, sumOf(a == from ? b : a, widths), most, product.getLoc());
}

/// x * factor / 2^12, rounded toward zero.
LogicalResult Matcher::matchDecay(Sum &sum, unsigned slot, SharedNumber &field, int64_t most) {
  Value from = old(slot);
  for (const Term &term : from ? ArrayRef(sum.terms) : ArrayRef<Term>()) {
    if (!dependsOn(term.value, from))
      continue;
    Value value = term.value;
    int64_t factor = sum.take(value);
    auto product = value.getDefiningOp<num::MulShrOp>();
    if (product && factor == 1 &&
        (strip(product.getA(), widths) == from || strip(product.getB(), widths) == from))
      return matchProduct(product, from, slot, field, most);
    // Without any decay the factor is 1.
    field.value = most - (int64_t(1) << neuron.decayBits);
    if (value == from && factor == 1 && field.value >= 0)
      return success();
    if (value == from && factor == 1)
      return refuse(value.getLoc(), "'" + nameOf(slot) +
                                        "' does not decay; the current of a compartment loses at "
                                        "least 1 part in " +
                                        Twine(int64_t(1) << neuron.decayBits) + " in each step");
    return refuse(value.getLoc(),
                  "'" + nameOf(slot) + "' decays by " +
                      (value == from ? "a factor of " + std::to_string(factor) : describe(value)) +
                      "; the compartment has a product that is rounded toward zero: mulshr(" +
                      StringRef(nameOf(slot)).rsplit('.').second + ", factor, " +
                      Twine(neuron.decayBits) + ")");
  }
  // Nothing is left of it.
  field.value = most;
  if (field.value < (int64_t(1) << neuron.decayBits))
    return success();
  return refuse(yielded(slot).getLoc(), "nothing is left of '" + nameOf(slot) +
                                            "' in each step; the voltage of a compartment keeps "
                                            "at least 1 part in " +
                                            Twine(int64_t(1) << neuron.decayBits));
}

/// input << 6
LogicalResult Matcher::matchInput(Sum &sum, StringRef into) {
  if (population.inputs.empty())
    return success();
  for (const Term &term : sum.terms) {
    const Argument *argument = argumentOf(term.value);
    if (!argument || argument->role != Role::Accumulator)
      continue;
    Value value = term.value;
    int64_t factor = sum.take(value), expected = int64_t(1) << neuron.thresholdShift;
    if (factor == expected)
      return success();
    return refuse(value.getLoc(), describe(value) + " counts " + Twine(factor) + "-fold in '" +
                                      into + "'; the input of a compartment counts " +
                                      Twine(expected) + "-fold");
  }
  return refuse(population.loc, "'" + into + "' does not take in '" +
                                    population.inputs[0].buffer->state.getValue() +
                                    "' as it is, as a compartment does");
}

/// Nothing else is added.
LogicalResult Matcher::refuseRest(const Sum &sum, StringRef into) {
  if (!sum.terms.empty())
    return refuse(sum.terms[0].value.getLoc(), "'" + into + "' takes in " +
                                                   describe(sum.terms[0].value) +
                                                   ", for which a compartment has no place");
  return refuse(population.loc, "'" + into + "' takes in the constant " + Twine(sum.constant) +
                                    ", for which a compartment has no place");
}

/// A current that is not there cannot wrap; one that is there wraps once.
int64_t Matcher::mostInput() const {
  int64_t half = int64_t(1) << (neuron.uBits - 1);
  return (u ? 2 * half : half - 1) >> neuron.thresholdShift;
}

LogicalResult Matcher::checkInput() {
  if (population.inputs.empty())
    return success();
  Input &input = population.inputs[0];
  InputRange range = rangeOf(population, 0);
  int64_t most = mostInput();
  if (range.held().high > most)
    return refuse(population.loc,
                  "the sums in '" + input.buffer->state.getValue() + "' can be " +
                      Twine(int64_t(range.held().high)) +
                      " with these weights and initial values, and a compartment takes in up to " +
                      Twine(most));
  input.settable = u ? most - int64_t(range.addsUp ? range.arriving : 0) : int64_t(range.given);
  return success();
}

LogicalResult Matcher::matchCurrent() {
  int64_t decays = int64_t(1) << neuron.decayBits, half = int64_t(1) << (neuron.uBits - 1);
  if (failed(checkInput()))
    return failure();
  if (!u) {
    fields.du.value = decays - 1;
    return matchInput(voltage, nameOf(v));
  }
  std::string name = nameOf(*u).str();
  // A current that cannot wrap is a sum of terms itself.
  Sum current = sumOf(next(*u), widths);
  voltage.constant -= current.constant;
  for (const Term &term : current.terms)
    if (voltage.take(term.value) != term.factor)
      return refuse(yielded(v).getLoc(), "'" + nameOf(v) + "' does not take in '" + name +
                                             "' as it is after this step, as a compartment does");
  Value x = wrappedOnce(yielded(*u), neuron.uBits, widths);
  population.wrapsUp = bool(x);
  auto cut = next(*u).getDefiningOp<arith::TruncIOp>();
  if (!x && cut && cut.getType().isInteger(unsigned(neuron.uBits)))
    x = cut.getIn();
  // What is limited does not wrap, but a compartment has no such limits.
  bool isLimited =
      next(*u).getDefiningOp<arith::MinSIOp>() || next(*u).getDefiningOp<arith::MaxSIOp>();
  native::Range range = widths.range(next(*u));
  if (!x && !isLimited && range.low >= -half && range.high < half)
    x = next(*u);
  if (!x)
    return refuse(yielded(*u).getLoc(), "'" + name + "' does not wrap to " + Twine(neuron.uBits) +
                                            " bits, as the current of a compartment does");
  Sum sum = sumOf(x, widths);
  if (failed(matchDecay(sum, *u, fields.du, decays - 1)) || failed(matchInput(sum, name)))
    return failure();
  return sum.terms.empty() && sum.constant == 0 ? success() : refuseRest(sum, name);
}

/// A bias, which may be shifted.
LogicalResult Matcher::matchBias(Sum &sum) {
  if (sum.terms.empty())
    return fields.setBias(sum.constant);
  Term term = sum.terms[0];
  if (sum.terms.size() > 1 || sum.constant != 0)
    return sum.terms.size() > 1 ? refuseRest({{sum.terms[1]}, 0}, nameOf(v))
                                : refuseRest({{}, sum.constant}, nameOf(v));
  Value mantissa = term.value, exponent;
  if (auto shift = mantissa.getDefiningOp<num::ShiftOp>(); shift && term.factor == 1) {
    exponent = strip(shift.getRhs(), widths);
    mantissa = strip(shift.getLhs(), widths);
  }
  auto isNumber = [&](Value value) {
    const Argument *argument = argumentOf(value);
    bool isOwn =
        argument &&
        (argument->role == Role::Constant ||
         (argument->role == Role::Parameter && !population.parameters[argument->index].message));
    return isOwn || getConstantIntValue(value);
  };
  if (!isNumber(mantissa) || (exponent && !isNumber(exponent)))
    return refuseRest(sum, nameOf(v));
  return fields.setBias(mantissa, exponent, term.factor, term.value.getLoc());
}

LogicalResult Matcher::matchVoltage() {
  if (failed(matchDecay(voltage, v, fields.dv, int64_t(1) << neuron.decayBits)))
    return failure();
  return matchBias(voltage);
}

bool Matcher::isSpike(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isa<arith::ExtUIOp>(op))
      break;
    value = op->getOperand(0);
  }
  std::optional<Above> sent =
      value.getType().isInteger(1) ? aboveOf(value, widths) : std::optional<Above>();
  std::optional<Above> own = aboveOf(condition, widths);
  return sent && !sent->isNot && sent->lhs == own->lhs && sent->rhs == own->rhs &&
         sent->by == own->by;
}

/// The spike, once; what is sent just to be recorded is not.
LogicalResult Matcher::matchOutputs() {
  size_t slots = population.slots.size();
  std::optional<size_t> spike;
  for (bool optional : {false, true})
    for (auto [i, output] : llvm::enumerate(population.outputs)) {
      if (output.optional != optional)
        continue;
      if (isSpike(yielded(unsigned(slots + i))) && !spike)
        spike = i;
      else if (!optional)
        return refuse(output.value.getLoc(),
                      "'" + output.name +
                          "' sends something else than the spikes, and a compartment sends these "
                          "alone");
    }
  for (size_t i = population.outputs.size(); i-- > 0;)
    if (spike != i)
      drop(unsigned(i));
  if (!spike)
    population.outputs.push_back({population.name + ".spikes", Value(), IntegerType()});
  population.outputs[0].type = IntegerType::get(yield->getContext(), 1, IntegerType::Unsigned);
  return success();
}

LogicalResult Matcher::run() {
  block = &step::KernelOp(population.kernel).getBody().front();
  yield = block->getTerminator();
  if (failed(checkParts()))
    return failure();
  assumeRanges();
  findSlots();
  if (failed(matchReset()) || failed(matchThreshold()) || failed(matchLimits()) ||
      failed(matchCurrent()) || failed(matchVoltage()) || failed(matchOutputs()))
    return failure();
  return fields.finish(u, v);
}

LogicalResult matchCompartment(const Flat &flat, Population &population, const nc::Target &target,
                               function_ref<void(unsigned)> drop) {
  return Matcher(flat, population, target, drop).run();
}

} // namespace basalt::neurocore
