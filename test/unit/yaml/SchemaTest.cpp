// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===- SchemaTest.cpp - which keys stand where ----------------------------===//

#include "YamlTestSupport.h"
#include <set>

using namespace basalt::frontend::yaml;

/// The errors of a document without their notes.
static Lines check(llvm::StringRef text) {
  Document doc(text);
  if (!doc.root)
    return doc.errors;
  const Form form = checkDocument(*doc.root);
  EXPECT_EQ(form != Form::Right, !doc.errors.empty()) << text.str();
  Lines errors;
  for (const std::string &line : doc.errors)
    if (line.rfind("note", 0) != 0)
      errors.push_back(line);
  return errors;
}

TEST(YamlSchema, WholeLanguage) {
  EXPECT_EQ(check(R"(
basalt: 1
import: [other.yaml, std]
params:
  order: 2500
  name: AUTO
  w: {file: w.npy}
  long: {type: i64, shape: [3], value: {random: normal, mean: 0, std: $s}}
functions: |
  fn f(x) = x
records:
  STDP: {extends: Rule, dw: rule = 0, tau: $t}
processes:
  LIF:
    doc: Leaky.
    extends: AbstractLIF
    params: {shape: required, mode: 3, on: true}
    limits: {du: 0..4095, n: 1.., mode: [A, B]}
    vars:
      u: num[shape] = 0
      w: {type: i16, shape: [n], init: 0, shareable: false, sparse: true}
    ports:
      a_in: in num[shape]
      p: {direction: var, var: u}
    models:
      - tags: [fixed_pt]
        requires: neurocore
        types: {num: i32}
        limits: {dv: 0..9}
        phases: {init: u = 0, spk: u = 1, pre_guard: true, pre_mgmt: x, lrn_guard: $t, lrn: x,
                 post_guard: time_step > 1, post_mgmt: x, host: x}
      - network:
          instances: {a: B, c: {class: D, du: 400, w: [[1]]}}
          connections: [a.x -> c.y]
          aliases: {v: a.v}
network:
  instances:
    e:
      class: DelaySparse
      weights: {rule: fixed_indegree, indegree: $n, value: {random: uniform, low: 0, high: 1}}
      rule: {class: STDP, tau: 3}
  connections:
    - e.a -> e.b
run:
  stages: [{steps: 10}, {set: {e.bias_mant: 5, e.w: {file: a.npz, member: w}}}, {steps: $n}]
  select_tag: fixed_pt
  select_sub_proc_model: true
  seed: 1
  probes: [e.v, e.v@spk]
  get: [e.w]
  threads: 2
target: {chip: loihi1.yaml, neurons_per_core: $n}
)"),
            Lines{});
}

TEST(YamlSchema, UnknownKeys) {
  Document doc("basalt: 1\nnetwork:\n  conections: [a -> b]\n");
  ASSERT_TRUE(doc.root);
  EXPECT_EQ(checkDocument(*doc.root), Form::Wrong);
  EXPECT_EQ(doc.errors,
            (Lines{"3:3: unknown key 'conections'; did you mean 'connections'?",
                   "note 3:3: the keys of a network are 'doc', 'instances', 'connections' and "
                   "'aliases'"}));
  EXPECT_EQ(
      check("basalt: 1\nprocess: {}\nfoo: 1\n"),
      (Lines{"2:1: unknown key 'process'; did you mean 'processes'?", "3:1: unknown key 'foo'"}));
  EXPECT_EQ(check("basalt: 1\nprocesses: {A: {models: [{phases: {spike: x}}]}}\n"),
            (Lines{"2:36: unknown key 'spike'; did you mean 'spk'?"}));
}

/// What a check finds of a document whose `basalt:` is right.
static Form formOf(llvm::StringRef text) {
  Document doc(("basalt: 1\n" + text).str());
  return doc.root ? checkDocument(*doc.root) : Form::Wrong;
}

TEST(YamlSchema, StrayKeys) {
  EXPECT_EQ(formOf("run: {steps: 1}\n"), Form::Right);
  EXPECT_EQ(formOf("foo: 1\n"), Form::StrayKeys);
  EXPECT_EQ(formOf("process: {}\nprocesses: {}\n"), Form::StrayKeys);
  // Most likely the processes, which are not there.
  EXPECT_EQ(formOf("process: {}\n"), Form::Wrong);
  EXPECT_EQ(formOf("foo: 1\nrun: {step: 1}\n"), Form::Wrong);
}

TEST(YamlSchema, Kinds) {
  EXPECT_EQ(check("[1]"), (Lines{"1:1: expected a mapping (a Basalt file), found a list"}));
  EXPECT_EQ(check("basalt: one\n"),
            (Lines{"1:9: expected an integer for 'basalt', found the string 'one'"}));
  EXPECT_EQ(check("basalt: 1\nprocesses: [A]\nnetwork: x\n"),
            (Lines{"2:12: expected a mapping for 'processes', found a list",
                   "3:10: expected a mapping for 'network', found the string 'x'"}));
  EXPECT_EQ(
      check("basalt: 1\nrun: {steps: 1.5, threads: many, probes: a.b}\n"),
      (Lines{"2:14: expected an integer or an expression ('$...') for 'steps', found the number "
             "'1.5'",
             "2:28: expected an integer or an expression ('$...') for 'threads', found the "
             "string 'many'",
             "2:42: expected a list for 'probes', found the string 'a.b'"}));
  EXPECT_EQ(check("basalt: 1\nnetwork: {instances: {a: [B]}, connections: [{a: b}, x -> y]}\n"),
            (Lines{"2:26: expected a string or a mapping for 'a', found a list",
                   "2:46: expected a string for 'connections', found a mapping"}));
  EXPECT_EQ(check("basalt: 1\nprocesses: {A: {models: [{phases: {spk: 5}}, B]}}\n"),
            (Lines{"2:41: expected a string for 'spk', found the integer '5'",
                   "2:46: expected a mapping for 'models', found the string 'B'"}));
}

TEST(YamlSchema, RequiredAndExclusive) {
  EXPECT_EQ(check("network: {}\n"), (Lines{"1:1: a Basalt file needs the key 'basalt'"}));
  EXPECT_EQ(check("basalt: 1\nnetwork: {instances: {a: {du: 5}}}\n"),
            (Lines{"2:26: an instance needs the key 'class'"}));
  EXPECT_EQ(check("basalt: 1\nrun: {steps: 5, stages: []}\n"),
            (Lines{"2:17: the run cannot have both 'steps' and 'stages'"}));
  EXPECT_EQ(check("basalt: 1\nprocesses: {A: {models: [{phases: {}, network: {}}]}}\n"),
            (Lines{"2:39: a model cannot have both 'phases' and 'network'"}));
}

TEST(YamlSchema, Names) {
  EXPECT_EQ(
      check("basalt: 1\nprocesses: {2P: {}, P-1: {}, 'ok_2': {}, _x: {}}\n"),
      (Lines{"2:13: '2P' is no name for a process: expected letters, digits and '_', no digit "
             "first",
             "2:21: 'P-1' is no name for a process: expected letters, digits and '_', no digit "
             "first"}));
  EXPECT_EQ(check("basalt: 1\nnetwork: {instances: {a.b: C}}\n"),
            (Lines{"2:23: 'a.b' is no name for an instance: expected letters, digits and '_', no "
                   "digit first"}));
  EXPECT_EQ(check("basalt: 1\nrun: {set: {a.b.c: 1, a..b: 2, .x: 3}}\n"),
            (Lines{"2:23: 'a..b' is no name for a Var: expected names joined by dots",
                   "2:32: '.x' is no name for a Var: expected names joined by dots"}));
}

TEST(YamlSchema, Values) {
  const std::string head = "basalt: 1\nnetwork: {instances: {a: {class: C, w: ";
  EXPECT_EQ(check(head + "{fil: x}}}}\n"),
            (Lines{"2:40: expected a value, a mapping with the key 'file', 'random', 'rule', "
                   "'blocks' or 'class', found 'fil'; did you mean 'file'?"}));
  EXPECT_EQ(check(head + "{rule: fixed_indegre, value: [1]}}}}\n"),
            (Lines{"2:47: expected 'all_to_all', 'one_to_one', 'pairwise_bernoulli', "
                   "'fixed_total_number', 'fixed_indegree', 'fixed_outdegree', 'from_list' or "
                   "'blocks' for 'rule', "
                   "found the string 'fixed_indegre'; did you mean 'fixed_indegree'?"}));
  EXPECT_EQ(check(head + "{file: w.npy, membr: x}}}}\n"),
            (Lines{"2:54: unknown key 'membr'; did you mean 'member'?"}));
  EXPECT_EQ(check(head + "{}}}}\n").size(), 1u);
  EXPECT_EQ(check("basalt: 1\nprocesses: {A: {vars: {u: {shape: 3}}}}\n"),
            (Lines{"2:27: a Var needs the key 'type'"}));
  EXPECT_EQ(check("basalt: 1\nprocesses: {A: {ports: {u: {direction: inn}}}}\n"),
            (Lines{"2:40: expected 'in', 'out', 'ref' or 'var' for 'direction', found the string "
                   "'inn'; did you mean 'in'?"}));
}

TEST(YamlSchema, Identifiers) {
  for (const char *name : {"a", "_", "lif_1", "LIF", "_9"})
    EXPECT_TRUE(isIdentifier(name)) << name;
  for (const char *name : {"", "9a", "a-b", "a.b", "a b", "\xc3\xbc", "a$"})
    EXPECT_FALSE(isIdentifier(name)) << name;
}

/// Every schema that can be reached from the top.
static void collect(const Schema &schema, std::set<const Schema *> &seen) {
  if (!seen.insert(&schema).second)
    return;
  auto visit = [&](const ValueSpec &spec) {
    if (spec.mapping)
      collect(*spec.mapping, seen);
    if (spec.items && spec.items->mapping)
      collect(*spec.items->mapping, seen);
  };
  for (const KeySpec &key : schema.keys)
    visit(key.value);
  visit(schema.named);
  for (const Schema *alternative : schema.alternatives)
    collect(*alternative, seen);
}

TEST(YamlSchema, TablesAreSound) {
  std::set<const Schema *> all;
  collect(schema::topLevel, all);
  EXPECT_GE(all.size(), 25u);
  for (const Schema *one : all) {
    const std::string name = one->what.str();
    EXPECT_FALSE(one->what.empty());
    EXPECT_FALSE(one->doc.empty()) << name;
    std::set<std::string> keys;
    for (const KeySpec &key : one->keys) {
      EXPECT_TRUE(isIdentifier(key.name)) << name;
      EXPECT_TRUE(keys.insert(key.name.str()).second) << name << ": " << key.name.str();
      EXPECT_FALSE(key.doc.empty()) << name << ": " << key.name.str();
    }
    for (llvm::StringRef key : one->exclusive)
      EXPECT_TRUE(keys.count(key.str())) << name << ": " << key.str();
    for (const Schema *alternative : one->alternatives)
      EXPECT_TRUE(alternative->keys.front().required) << name;
  }
}
