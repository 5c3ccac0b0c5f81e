// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Filling the fields of a compartment. See Fields.h.
#include "compiler/neurocore/select/Fields.h"

#include "dialect/neurocore/Neurocore.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"

#include "llvm/ADT/bit.h"

using namespace mlir;

namespace basalt::neurocore {

Location Fields::locationOf(StringAttr state) const {
  return state ? step::StateOp(flat.states.lookup(state)).getLoc() : population.loc;
}

InFlightDiagnostic Fields::refuse(Location loc, const Twine &why) const {
  InFlightDiagnostic diagnostic = emitError(loc)
                                  << "'" << population.name << "' is no compartment of '"
                                  << target.name << "': " << why;
  const auto &neuron = target.neuron;
  int64_t decays = int64_t(1) << neuron.decayBits, most = (int64_t(1) << (neuron.vBits - 1)) - 1;
  diagnostic.attachNote() << "cores of '" << target.name
                          << "' have no programs; what they have is u = mulshr(u, " << decays - 1
                          << " - du, " << neuron.decayBits << ") + (input << "
                          << neuron.thresholdShift << "), wrapped to " << neuron.uBits
                          << " bits, v = clip(mulshr(v, " << decays << " - dv, " << neuron.decayBits
                          << ") + u + (bias << exponent), -" << most << ", " << most
                          << "), and where v > vth << " << neuron.thresholdShift
                          << " a spike and v = 0, like LIF of the library (fixed_pt)";
  return diagnostic;
}

const Argument *Fields::argumentOf(Value value) const {
  auto argument = dyn_cast<BlockArgument>(value);
  return argument ? &population.arguments[argument.getArgNumber()] : nullptr;
}

/// The one number for all neurons that the only term of the sum is; null if it is something else.
const SharedNumber *Fields::sharedOf(const Sum &value) const {
  const Argument *argument = value.terms.size() == 1 ? argumentOf(value.terms[0].value) : nullptr;
  return argument && argument->role == Role::Constant ? &population.constants[argument->index]
                                                      : nullptr;
}

LogicalResult Fields::setDecay(SharedNumber &field, const Sum &factor, int64_t most, Location loc) {
  if (factor.terms.empty()) {
    field.value = most - factor.constant;
    return success();
  }
  const Argument *argument = argumentOf(factor.terms[0].value);
  if (argument && argument->role == Role::Parameter)
    return refuse(loc, "'" + population.parameters[argument->index].name +
                           "' is a number of each neuron, where " + field.name +
                           " is one for all neurons of a compartment's kind");
  const SharedNumber *number = sharedOf(factor);
  int64_t by = factor.terms[0].factor;
  if (!number || number->affine.shift != 0 || std::abs(by) != 1)
    return refuse(loc, "what is computed for " + field.name +
                           " is no number or Var that could stand there");
  field.name = number->name;
  field.state = number->state;
  field.affine.scale = -by * number->affine.scale;
  field.affine.offset = most - factor.constant - by * number->affine.offset;
  return success();
}

LogicalResult Fields::setThreshold(const Sum &value, Location loc) {
  int64_t shift = target.neuron.thresholdShift, unit = int64_t(1) << shift;
  if (value.terms.empty()) {
    if (value.constant % unit != 0)
      return refuse(loc, "the threshold is " + Twine(value.constant) +
                             ", where that of a compartment is a multiple of " + Twine(unit));
    vth.value = value.constant / unit;
    return success();
  }
  const Argument *argument = argumentOf(value.terms[0].value);
  if (argument && argument->role == Role::Parameter)
    return refuse(loc, "'" + population.parameters[argument->index].name +
                           "' is a threshold of each neuron, where a compartment's is one for all");
  if (value.constant == -1)
    return refuse(loc, "it spikes at the threshold, where a compartment spikes above it ('>')");
  const SharedNumber *number = sharedOf(value);
  int64_t factor = value.terms[0].factor;
  if (!number || value.constant != 0 || factor < 1 || !llvm::isPowerOf2_64(uint64_t(factor)))
    return refuse(loc, "what the voltage is compared with is no number or Var");
  vth = *number;
  vth.affine.shift += int64_t(llvm::countr_zero(uint64_t(factor)));
  if (vth.affine.shift < shift)
    return refuse(loc, "the threshold '" + number->name + "' is shifted by " +
                           Twine(vth.affine.shift) + " bits, that of a compartment by " +
                           Twine(shift) + " ('" + StringRef(number->name).rsplit('.').second +
                           " << " + Twine(shift) + "')");
  vth.affine.shift -= shift;
  return success();
}

LogicalResult Fields::setBias(int64_t number) {
  int64_t shift = 0, half = int64_t(1) << (target.neuron.biasBits - 1);
  while ((number >= half || number < -half) && number % 2 == 0 &&
         shift < target.neuron.biasExponentMost) {
    number /= 2;
    ++shift;
  }
  bias.all = {"bias", {}, {}, number};
  exponent.all = {"exponent", {}, {}, shift};
  return success();
}

/// `value`, an argument or a constant, as it is.
void Fields::setEither(PerField &field, Value value) {
  const Argument *argument = argumentOf(value);
  if (!argument || argument->role == Role::Constant) {
    if (!argument)
      field.all.value = *getConstantIntValue(value);
    else
      field.all = population.constants[argument->index];
    return;
  }
  field.each = population.parameters[argument->index];
}

/// One for all as one for each.
LogicalResult Fields::makeEach(PerField &field, Location loc) {
  if (field.each)
    return success();
  PerNeuron each;
  each.name = field.all.name;
  if (field.all.state && !(field.all.affine == Affine()))
    return refuse(loc, "'" + field.all.name + "' is not taken as it is for the bias");
  if (field.all.state) {
    each.state = field.all.state;
    each.initial = step::StateOp(flat.states.lookup(field.all.state)).getInit();
    each.scalar = true;
  } else {
    auto type = IntegerType::get(population.loc.getContext(), 64);
    each.initial = DenseElementsAttr::get(RankedTensorType::get({1}, type),
                                          APInt(64, uint64_t(field.all.value), true));
  }
  field.each = std::move(each);
  return success();
}

LogicalResult Fields::setBias(Value mantissa, Value shift, int64_t factor, Location loc) {
  bias.all.name = "bias";
  exponent.all.name = "exponent";
  setEither(bias, mantissa);
  if (shift)
    setEither(exponent, shift);
  // Powers of two are exponents.
  if (!shift && factor < 0 && !bias.each && bias.all.state) {
    bias.all.affine.scale = -bias.all.affine.scale;
    bias.all.affine.offset = -bias.all.affine.offset;
    factor = -factor;
  }
  if (!shift && (factor < 1 || !llvm::isPowerOf2_64(uint64_t(factor))))
    return refuse(loc, "the bias is " + Twine(factor) + " times '" +
                           (bias.each ? bias.each->name : bias.all.name) +
                           "', where that of a compartment is a number times a power of two");
  if (!shift)
    exponent.all.value = llvm::countr_zero(uint64_t(factor)) + bias.all.affine.shift;
  else if (bias.all.affine.shift != 0)
    return refuse(loc, "'" + bias.all.name + "' is shifted twice for the bias");
  bias.all.affine.shift = 0;
  // An exponent of each neuron comes with a bias of each neuron.
  return exponent.each ? makeEach(bias, loc) : success();
}

int64_t Fields::valueOf(const SharedNumber &number) const {
  if (!number.state)
    return number.value;
  step::StateOp state = flat.states.lookup(number.state);
  auto type = cast<IntegerType>(cast<ShapedType>(state.getType()).getElementType());
  return number.affine.rawOf(integersOf(state.getInit(), !type.isUnsigned())[0]);
}

LogicalResult Fields::checkNumber(const SharedNumber &number, int64_t low, int64_t high,
                                  StringRef field) const {
  int64_t value = valueOf(number);
  if (value >= low && value <= high)
    return success();
  InFlightDiagnostic diagnostic =
      number.state ? refuse(locationOf(number.state), "'" + number.name + "' makes " + field + " " +
                                                          Twine(value) + ", which goes from " +
                                                          Twine(low) + " to " + Twine(high))
                   : refuse(population.loc, field + " is " + Twine(value) + ", which goes from " +
                                                Twine(low) + " to " + Twine(high));
  attachSameBias(diagnostic);
  return diagnostic;
}

LogicalResult Fields::checkEach(const PerNeuron &numbers, int64_t low, int64_t high,
                                StringRef field) const {
  bool isSigned = !numbers.type || !numbers.type.isUnsigned();
  SmallVector<int64_t> values = integersOf(numbers.initial, isSigned);
  for (auto [neuron, value] : llvm::enumerate(values)) {
    if (value >= low && value <= high)
      continue;
    InFlightDiagnostic diagnostic =
        refuse(locationOf(numbers.state),
               "'" + numbers.name + "' is " + Twine(value) +
                   (values.size() == 1 ? "" : " at neuron " + std::to_string(neuron)) + ", and " +
                   field + " goes from " + Twine(low) + " to " + Twine(high));
    attachSameBias(diagnostic);
    return diagnostic;
  }
  return success();
}

/// What would be the same bias, if there is something.
void Fields::attachSameBias(InFlightDiagnostic &diagnostic) const {
  auto all = [&](const PerField &field) {
    if (!field.each)
      return SmallVector<int64_t>{valueOf(field.all)};
    return integersOf(field.each->initial, true);
  };
  SmallVector<int64_t> mantissas = all(bias), exponents = all(exponent);
  int64_t half = int64_t(1) << (target.neuron.biasBits - 1), most = target.neuron.biasExponentMost;
  for (size_t i = 0, end = std::max(mantissas.size(), exponents.size()); i < end; ++i) {
    int64_t m = mantissas[mantissas.size() == 1 ? 0 : i],
            e = exponents[exponents.size() == 1 ? 0 : i];
    if (e >= 0 && e <= most && m >= -half && m < half)
      continue;
    if (e < 0) {
      m >>= std::min<int64_t>(-e, 63);
      e = 0;
    }
    while (e > most && std::abs(m) < half) {
      m *= 2;
      --e;
    }
    while (m % 2 == 0 && (m < -half || m >= half)) {
      m /= 2;
      ++e;
    }
    if (e <= most && m >= -half && m < half)
      diagnostic.attachNote() << "a bias of " << m << " with the exponent " << e << " is the same";
    return;
  }
}

/// Current and voltage, in the bits that they have.
LogicalResult Fields::finishSlots(std::optional<unsigned> u, unsigned v) {
  MLIRContext *context = population.loc.getContext();
  PerNeuron current, voltage = std::move(population.slots[v]);
  if (u) {
    current = std::move(population.slots[*u]);
  } else {
    current.name = population.name + ".current";
    auto type = RankedTensorType::get({1}, IntegerType::get(context, 32));
    current.initial = DenseElementsAttr::get(type, APInt(32, 0));
  }
  auto typeOf = [&](int64_t bits) {
    return IntegerType::get(context, unsigned(bits), IntegerType::Signed);
  };
  int64_t uHalf = int64_t(1) << (target.neuron.uBits - 1), vHalf = int64_t(1)
                                                                   << (target.neuron.vBits - 1);
  int64_t up = population.wrapsUp ? 1 : 0;
  if (failed(checkEach(current, -uHalf + up, uHalf - 1 + up, "a current")) ||
      failed(checkEach(voltage, -vHalf + 1, vHalf - 1, "a voltage")))
    return failure();
  current.type = typeOf(target.neuron.uBits);
  voltage.type = typeOf(target.neuron.vBits);
  population.slots.clear();
  population.slots.push_back(std::move(current));
  population.slots.push_back(std::move(voltage));
  return success();
}

LogicalResult Fields::finish(std::optional<unsigned> u, unsigned v) {
  const auto &neuron = target.neuron;
  MLIRContext *context = population.loc.getContext();
  int64_t decay = (int64_t(1) << neuron.decayBits) - 1,
          threshold = (int64_t(1) << neuron.thresholdBits) - 1,
          half = int64_t(1) << (neuron.biasBits - 1);
  if (failed(checkNumber(du, 0, decay, "du")) || failed(checkNumber(dv, 0, decay, "dv")) ||
      failed(checkNumber(vth, 0, threshold, "vth")) ||
      failed(bias.each ? checkEach(*bias.each, -half, half - 1, "a bias")
                       : checkNumber(bias.all, -half, half - 1, "the bias")) ||
      failed(
          exponent.each
              ? checkEach(*exponent.each, 0, neuron.biasExponentMost, "the exponent of a bias")
              : checkNumber(exponent.all, 0, neuron.biasExponentMost, "the exponent of the bias")))
    return failure();
  // A Var that nothing is computed with has no field.
  auto isKept = [&](StringAttr state) {
    return state == du.state || state == dv.state || state == vth.state ||
           state == bias.all.state || state == exponent.all.state ||
           (bias.each && state == bias.each->state) ||
           (exponent.each && state == exponent.each->state);
  };
  for (const SharedNumber &number : population.constants)
    if (number.state && !isKept(number.state))
      return refuse(locationOf(number.state), "there is no place for '" + number.name + "'");
  for (const PerNeuron &number : population.parameters)
    if (!number.state || !isKept(number.state))
      return refuse(locationOf(number.state), "there is no place for '" + number.name + "'");
  if (failed(finishSlots(u, v)))
    return failure();
  population.constants = {du, dv, vth, bias.all, exponent.all};
  population.parameters.clear();
  if (bias.each) {
    population.constants[3] = {"bias", {}, {}, 0};
    bias.each->type = IntegerType::get(context, unsigned(neuron.biasBits), IntegerType::Signed);
    population.parameters.push_back(*bias.each);
  }
  if (exponent.each) {
    population.constants[4] = {"exponent", {}, {}, 0};
    unsigned bits = std::max(1u, unsigned(llvm::bit_width(uint64_t(neuron.biasExponentMost))));
    exponent.each->type = IntegerType::get(context, bits, IntegerType::Unsigned);
    population.parameters.push_back(*exponent.each);
  }
  population.isFixed = true;
  return success();
}

} // namespace basalt::neurocore
