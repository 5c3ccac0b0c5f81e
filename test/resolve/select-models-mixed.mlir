// RUN: basalt-opt --select-models --verify-diagnostics --split-input-file %s
// RUN: basalt-opt --select-models=tag=fixed_pt --split-input-file %s 2>&1 | FileCheck %s

// Without a tag each process has its first model; those may not go together. With one there is nothing to say.

// CHECK-NOT: : warning:

proc.process @Neuron {
  proc.model @floating_pt tags ["floating_pt"] {}
  proc.model @fixed_pt tags ["fixed_pt", "bit_accurate_loihi"] {}
}
proc.process @Graded {
  proc.model @fixed_pt tags ["fixed_pt"] {}
}
proc.network @net {
  // expected-warning @below {{'n' (Neuron) has the model 'floating_pt', its first, since no tag is asked for; it does not go with 'g' (Graded), which has 'fixed_pt' alone; 'select_tag: fixed_pt' selects models of one kind}}
  proc.instance @n of @Neuron
  // expected-note @below {{'g' is here}}
  proc.instance @g of @Graded
}

// -----

// These go together: a tag in common, a model without tags, a first model of the right kind.

proc.process @Neuron {
  proc.model @fixed_pt tags ["fixed_pt"] {}
  proc.model @floating_pt tags ["floating_pt"] {}
}
proc.process @Both {
  proc.model @a tags ["floating_pt", "fixed_pt"] {}
  proc.model @b tags ["fixed_pt"] {}
}
proc.process @Untagged {
  proc.model @model {}
}
proc.process @Graded {
  proc.model @fixed_pt tags ["fixed_pt"] {}
}
proc.network @net {
  proc.instance @n of @Neuron
  proc.instance @b of @Both
  proc.instance @u of @Untagged
  proc.instance @g of @Graded
}
