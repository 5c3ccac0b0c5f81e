// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- LanguageSchema.cpp - the keys of the language ----------------------===//
//
// Tables only, from the outside in. A new key of the language is a line here.
//
//===----------------------------------------------------------------------===//

#include "compiler/frontend/yaml/Schema.h"

using llvm::StringLiteral;
using namespace basalt::frontend::yaml;

// What stands at a key.
static constexpr ValueSpec text{KindString};
static constexpr ValueSpec prose{KindScalar};
static constexpr ValueSpec count{KindCount};
static constexpr ValueSpec number{KindNumber};
static constexpr ValueSpec flag{KindFlag};
static constexpr ValueSpec literalFlag{KindBool};
static constexpr ValueSpec textList{KindSequence, nullptr, &text};
static constexpr ValueSpec guard{KindString | KindBool};
static constexpr ValueSpec anyMapping{KindMapping};
static constexpr ValueSpec scalarItem{KindScalar};
static constexpr ValueSpec limit{KindString | KindSequence, nullptr, &scalarItem};
static constexpr ValueSpec shape{KindInt | KindString | KindSequence};
/// A scalar, a list of lists of them, or one of the mappings that stand for a value.
static constexpr ValueSpec anyValue{KindAny, &schema::value};
/// A number, a distribution of numbers, or a list of them.
static constexpr ValueSpec listOrRandom{KindNumber | KindSequence | KindMapping, &schema::value};
/// The same for all synapses of a block.
static constexpr ValueSpec numberOrRandom{KindNumber | KindMapping, &schema::randomValue};
/// A list of numbers, also in a file.
static constexpr ValueSpec list{KindExpression | KindSequence | KindMapping, &schema::fileValue};

static constexpr ValueSpec mappingOf(const Schema &schema) { return {KindMapping, &schema}; }
/// A short form in a string, or the long form.
static constexpr ValueSpec textOr(const Schema &schema) {
  return {KindString | KindMapping, &schema};
}

//===----------------------------------------------------------------------===//
// Top level
//===----------------------------------------------------------------------===//

static constexpr KeySpec topLevelKeys[] = {
    {"basalt", {KindInt}, "Version of the language that the file is written in.", true},
    {"import", textList, "Library files, relative to this file, or installed library names."},
    {"params", mappingOf(schema::parameters),
     "Named values of this file, overridable on the command line."},
    {"functions", text, "Pure functions for behaviours and expressions."},
    {"records", mappingOf(schema::records), "Named groups of parameters, e.g. learning rules."},
    {"processes", mappingOf(schema::processes), "Process types by name."},
    {"network", mappingOf(schema::network), "The root network."},
    {"run", mappingOf(schema::run), "How to run the network."},
    {"target", mappingOf(schema::target), "Defaults for the neurocore target."},
};
constexpr Schema schema::topLevel{"a Basalt file", "A program or a library.", topLevelKeys};

constexpr Schema schema::parameters{"the parameters",
                                    "Compile-time constants: a value, or a declaration.",
                                    {},
                                    NameForm::Identifier,
                                    {KindAny, &schema::parameterMapping},
                                    "a parameter"};

constexpr Schema schema::records{"the records",        "Groups of parameters by name.", {},
                                 NameForm::Identifier, mappingOf(schema::record),       "a record"};

static constexpr KeySpec recordKeys[] = {
    {"doc", prose, "What the record is."},
    {"extends", text, "A record whose parameters and limits this one takes over."},
    {"limits", mappingOf(schema::limits), "Allowed values of parameters."},
};
constexpr Schema schema::record{"a record",
                                "A group of parameters.",
                                recordKeys,
                                NameForm::Identifier,
                                {KindAny, &schema::parameterMapping},
                                "a parameter"};

static constexpr KeySpec targetKeys[] = {
    {"chip", text, "Description of the chip: a name, or a file, relative to this one."},
    {"neurons_per_core", count, "At most so many neurons on a core."},
    {"place", mappingOf(schema::places), "Where instances of neurons stand, by path."},
};
constexpr Schema schema::target{"the target", "Defaults for the neurocore target.", targetKeys};

constexpr Schema schema::places{"the places",
                                "Where instances of neurons stand, by path.",
                                {},
                                NameForm::Path,
                                mappingOf(schema::place),
                                "an instance"};

static constexpr StringLiteral coreOrCores[] = {"core", "cores"};
static constexpr KeySpec placeKeys[] = {
    {"chip", count, "Number of the chip: 0 if not given. Without cores: any of that chip."},
    {"core", count, "Number of the core on which all neurons stand."},
    {"cores", {KindSequence, nullptr, &count}, "Numbers of the cores on which they stand."},
};
constexpr Schema schema::place{
    "a place", "Where neurons stand.", placeKeys, NameForm::None, {}, "a name", coreOrCores};

//===----------------------------------------------------------------------===//
// Processes
//===----------------------------------------------------------------------===//

constexpr Schema schema::processes{"the processes",      "Process types by name.",   {},
                                   NameForm::Identifier, mappingOf(schema::process), "a process"};

static constexpr ValueSpec modelItem{KindMapping, &schema::model};
static constexpr KeySpec processKeys[] = {
    {"doc", prose, "What the process is."},
    {"extends", text, "A process whose params, limits, Vars and ports this one takes over."},
    {"params", mappingOf(schema::parameters), "Compile-time constants that an instance may give."},
    {"limits", mappingOf(schema::limits), "Allowed values of parameters and Vars."},
    {"vars", mappingOf(schema::variables), "State."},
    {"ports", mappingOf(schema::ports), "InPorts, OutPorts, RefPorts and VarPorts."},
    {"models", {KindSequence, nullptr, &modelItem}, "Behaviours to select from, in this order."},
};
constexpr Schema schema::process{"a process", "A type of process.", processKeys};

constexpr Schema schema::variables{"the Vars",           "State by name.",         {},
                                   NameForm::Identifier, textOr(schema::variable), "a Var"};

constexpr Schema schema::ports{"the ports",          "Ports by name.",     {},
                               NameForm::Identifier, textOr(schema::port), "a port"};

constexpr Schema schema::limits{"the limits", "Inclusive ranges (`0..9`, `1..`) or lists by name.",
                                {},           NameForm::Identifier,
                                limit,        "a parameter or Var"};

static constexpr KeySpec parameterKeys[] = {
    {"type", text, "Type of the elements.", true},
    {"shape", shape, "Extents."},
    {"value", anyValue, "Value unless another is given."},
    {"doc", prose, "What the parameter is."},
};
constexpr Schema schema::parameter{"a parameter", "Long form of a declaration.", parameterKeys};

static constexpr KeySpec variableKeys[] = {
    {"type", text, "Type of the elements.", true},
    {"shape", shape, "Extents."},
    {"init", anyValue, "Initial value unless another is given."},
    {"shareable", flag, "Whether RefPorts may access it; true if not given."},
    {"sparse", flag, "Whether only the nonzeros are stored."},
    {"doc", prose, "What the Var is."},
};
constexpr Schema schema::variable{"a Var", "Long form of a declaration.", variableKeys};

static constexpr StringLiteral directions[] = {"in", "out", "ref", "var"};
static constexpr KeySpec portKeys[] = {
    {"direction", {KindString, nullptr, nullptr, directions}, "`in`, `out`, `ref` or `var`.", true},
    {"type", text, "Type of the elements."},
    {"shape", shape, "Extents."},
    {"var", text, "The Var of a VarPort."},
    {"doc", prose, "What the port is."},
};
constexpr Schema schema::port{"a port", "Long form of a declaration.", portKeys};

//===----------------------------------------------------------------------===//
// Models
//===----------------------------------------------------------------------===//

static constexpr StringLiteral requirements[] = {"cpu", "neurocore"};
static constexpr StringLiteral behaviourOrNetwork[] = {"phases", "network"};
static constexpr KeySpec modelKeys[] = {
    {"doc", prose, "What the model is."},
    {"tags", textList, "Words to select it by."},
    {"requires", {KindString, nullptr, nullptr, requirements}, "What it can be expressed on."},
    {"types", mappingOf(schema::types), "Types that the process left open."},
    {"limits", mappingOf(schema::limits), "Allowed values of parameters and Vars."},
    {"expects", mappingOf(schema::limits), "Ranges of Vars beyond which a given value changes."},
    {"phases", mappingOf(schema::phases), "Behaviour by phase."},
    {"network", mappingOf(schema::network), "Instances that together make up the process."},
};
constexpr Schema schema::model{
    "a model",         "One behaviour of a process.", modelKeys, NameForm::None, {}, "a name",
    behaviourOrNetwork};

constexpr Schema schema::types{"the types", "Types by the name the process has for them.",
                               {},          NameForm::Identifier,
                               text,        "a type"};

static constexpr KeySpec phasesKeys[] = {
    {"init", text, "Once, when the first step begins."},
    {"spk", text, "In every step, first."},
    {"pre_guard", guard, "Whether the step has a pre-learning management phase."},
    {"pre_mgmt", text, "Management before learning."},
    {"lrn_guard", guard, "Whether the step has a learning phase."},
    {"lrn", text, "Learning."},
    {"post_guard", guard, "Whether the step has a post-learning management phase."},
    {"post_mgmt", text, "Management after learning."},
    {"host", text, "After the last step of each stage."},
};
constexpr Schema schema::phases{"the phases", "Behaviour by phase.", phasesKeys};

//===----------------------------------------------------------------------===//
// Networks
//===----------------------------------------------------------------------===//

static constexpr KeySpec networkKeys[] = {
    {"doc", prose, "What the network is."},
    {"instances", mappingOf(schema::instances), "Instances of processes by name."},
    {"connections", textList, "`source -> destination`."},
    {"aliases", mappingOf(schema::aliases), "Vars of the process that are Vars of a child."},
};
constexpr Schema schema::network{"a network", "Instances and their connections.", networkKeys};

constexpr Schema schema::instances{"the instances",
                                   "A class, or the long form, by name.",
                                   {},
                                   NameForm::Identifier,
                                   textOr(schema::instance),
                                   "an instance"};

static constexpr KeySpec classKeys[] = {
    {"class", text, "Name of the process type or of the record.", true},
};
constexpr Schema schema::instance{
    "an instance", "A class, and values of its parameters and Vars by name.",
    classKeys,     NameForm::Identifier,
    anyValue,      "a parameter or Var"};

constexpr Schema schema::aliases{
    "the aliases", "Vars of children by the name they have here.", {}, NameForm::Identifier, text,
    "an alias"};

//===----------------------------------------------------------------------===//
// Runs
//===----------------------------------------------------------------------===//

static constexpr ValueSpec stageItem{KindMapping, &schema::stage};
static constexpr StringLiteral stepsOrStages[] = {"steps", "stages"};
static constexpr KeySpec runKeys[] = {
    {"steps", count, "Number of time steps."},
    {"stages", {KindSequence, nullptr, &stageItem}, "Stages, and settings between them, in order."},
    {"select_tag", text, "Only models with this tag."},
    {"select_sub_proc_model", literalFlag, "Prefer models that are networks."},
    {"exception_proc_model_map", anyMapping, "Models by process, against the rules of selection."},
    {"seed", count, "Seed of all random draws."},
    {"set", mappingOf(schema::settings), "Values of Vars by path."},
    {"probes", textList, "Vars and ports to record in every step."},
    {"get", textList, "Vars to write after the last step."},
    {"threads", count, "Number of threads."},
    {"out", text, "Directory of the results."},
    {"print", literalFlag, "Whether `print` prints."},
    {"strict", literalFlag, "Whether lost updates are errors."},
};
constexpr Schema schema::run{
    "the run", "How to run the network.", runKeys, NameForm::None, {}, "a name", stepsOrStages};

static constexpr KeySpec stageKeys[] = {
    {"steps", count, "Number of time steps."},
    {"set", mappingOf(schema::settings), "Values of Vars by path, before the steps."},
};
constexpr Schema schema::stage{"a stage", "Settings, steps, or both.", stageKeys};

constexpr Schema schema::settings{
    "the settings", "Values of Vars by path.", {}, NameForm::Path, anyValue, "a Var"};

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

static constexpr KeySpec fileKeys[] = {
    {"file", text, "Path, relative to the file that this stands in.", true},
    {"member", text, "Which array of an .npz file."},
    {"dataset", text, "Which dataset of an HDF5 file."},
};
constexpr Schema schema::fileValue{"a value from a file", "An array in a file.", fileKeys};

static constexpr StringLiteral distributions[] = {"normal",      "uniform",  "lognormal",
                                                  "exponential", "integers", "poisson"};
static constexpr KeySpec randomKeys[] = {
    {"random", {KindString, nullptr, nullptr, distributions}, "The distribution.", true},
    {"mean", number, "Mean of `normal`; of the logarithm of `lognormal`."},
    {"std", number, "Standard deviation of `normal`; of the logarithm of `lognormal`."},
    {"scale", number, "Mean of `exponential`."},
    {"low", number, "Lower bound of `uniform` and `integers`, included."},
    {"high", number, "Upper bound of `uniform` and `integers`, excluded."},
    {"lam", number, "Mean of `poisson`."},
    {"min", number, "Smaller draws are drawn again."},
    {"max", number, "Larger draws are drawn again."},
};
constexpr Schema schema::randomValue{"a random value", "Independent draws.", randomKeys};

static constexpr StringLiteral rules[] = {
    "all_to_all",     "one_to_one",      "pairwise_bernoulli", "fixed_total_number",
    "fixed_indegree", "fixed_outdegree", "from_list",          "blocks",
};
static constexpr StringLiteral rulesOfBlocks[] = {
    "all_to_all",         "one_to_one",     "pairwise_bernoulli",
    "fixed_total_number", "fixed_indegree", "fixed_outdegree",
};
static constexpr KeySpec ruleBlockKeys[] = {
    {"rule",
     {KindString, nullptr, nullptr, rulesOfBlocks},
     "How targets and sources are chosen.",
     true},
    {"targets", shape, "Where the targets begin and end: all unless it is given."},
    {"sources", shape, "Where the sources begin and end: all unless it is given."},
    {"p", number, "Probability of `pairwise_bernoulli`."},
    {"N", count, "Number of synapses of `fixed_total_number`."},
    {"indegree", count, "Synapses per target of `fixed_indegree`."},
    {"outdegree", count, "Synapses per source of `fixed_outdegree`."},
    {"value", numberOrRandom, "Value of each synapse: 1 unless another is given."},
    {"allow_autapses", flag, "Whether a neuron may have itself as source."},
    {"allow_multapses", flag, "Whether two synapses may have one source and one target."},
};
static constexpr Schema ruleBlock{"a block", "A part of a matrix with a rule of its own.",
                                  ruleBlockKeys};
static constexpr ValueSpec aRuleBlock{KindMapping, &ruleBlock};
static constexpr KeySpec ruleKeys[] = {
    {"rule", {KindString, nullptr, nullptr, rules}, "How targets and sources are chosen.", true},
    {"p", number, "Probability of `pairwise_bernoulli`."},
    {"N", count, "Number of synapses of `fixed_total_number`."},
    {"indegree", count, "Synapses per target of `fixed_indegree`."},
    {"outdegree", count, "Synapses per source of `fixed_outdegree`."},
    {"sources", list, "Source of each synapse of `from_list`, counted from 0."},
    {"targets", list, "Target of each synapse of `from_list`, counted from 0."},
    {"blocks", {KindSequence, nullptr, &aRuleBlock}, "Parts of the matrix, each with a rule."},
    {"value", listOrRandom, "Value of each synapse: 1 unless another is given."},
    {"shape", shape, "Targets and sources, where nothing else says how many there are."},
    {"allow_autapses", flag, "Whether a neuron may have itself as source."},
    {"allow_multapses", flag, "Whether two synapses may have one source and one target."},
};
constexpr Schema schema::ruleValue{"a connection rule", "Synapses by rule.", ruleKeys};

static constexpr KeySpec blocksKeys[] = {
    {"blocks",
     {KindSequence, nullptr, &numberOrRandom},
     "A value for each block of a rule `blocks`, in that order.",
     true},
};
constexpr Schema schema::blocksValue{"values of blocks",
                                     "What the synapses of each block of a rule have.", blocksKeys};

constexpr Schema schema::recordValue{"a record", "A record, and values of its parameters by name.",
                                     classKeys,  NameForm::Identifier,
                                     anyValue,   "a parameter"};

static constexpr const Schema *valueForms[] = {&schema::fileValue, &schema::randomValue,
                                               &schema::ruleValue, &schema::blocksValue,
                                               &schema::recordValue};
constexpr Schema schema::value{
    "a value", "A mapping that stands for a value.", {}, NameForm::None, {}, "a name", {},
    valueForms};

static constexpr const Schema *parameterForms[] = {&schema::parameter,   &schema::fileValue,
                                                   &schema::randomValue, &schema::ruleValue,
                                                   &schema::blocksValue, &schema::recordValue};
constexpr Schema schema::parameterMapping{"a declaration or a value",
                                          "What a mapping is as parameter.",
                                          {},
                                          NameForm::None,
                                          {},
                                          "a name",
                                          {},
                                          parameterForms};
