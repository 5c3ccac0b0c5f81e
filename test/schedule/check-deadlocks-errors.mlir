// RUN: basalt-opt --check-deadlocks --verify-diagnostics --split-input-file %s

// Neurons that feed each other without a connection process in between.

proc.process @Neuron {
  proc.in_port @a_in : tensor<si32>
  proc.out_port @s_out : tensor<si32>
  proc.model @model {
    proc.phase spk {
      // expected-note @below {{'n2' waits here for what 'n2.a_in' receives}}
      // expected-note @below {{'n1' waits here for what 'n1.a_in' receives}}
      %0 = proc.recv @a_in : tensor<i32>
      // expected-note @below {{and sends on 'n2.s_out' only afterwards, here}}
      // expected-note @below {{and sends on 'n1.s_out' only afterwards, here}}
      proc.send @s_out, %0 : tensor<i32>
    }
  }
}
proc.network @net {
  proc.instance @outside of @Neuron
  proc.instance @n1 of @Neuron
  proc.instance @n2 of @Neuron
  // expected-note @below {{'n2.s_out' feeds 'n1.a_in' by this connection}}
  proc.connect @n2::@s_out to @n1::@a_in
  // expected-error @below {{processes feed each other within a time step, in the cycle n1 -> n2 -> n1: every process on it receives before it sends; insert a connection process, such as Dense, which sends before it receives}}
  // expected-note @below {{'n1.s_out' feeds 'n2.a_in' by this connection}}
  proc.connect @n1::@s_out to @n2::@a_in
  proc.connect @n2::@s_out to @outside::@a_in
}

// -----

// Each cycle has an error; of those with common processes the shortest one through the first.

proc.process @Neuron {
  proc.in_port @a_in : tensor<si32>
  proc.in_port @b_in : tensor<si32>
  proc.out_port @s_out : tensor<si32>
  proc.model @model {
    proc.phase spk {
      // expected-note @below {{'n' waits here for what 'n.a_in' receives}}
      // expected-note @below {{'a' waits here for what 'a.a_in' receives}}
      // expected-note @below {{'c' waits here for what 'c.a_in' receives}}
      %0 = proc.recv @a_in : tensor<i32>
      %1 = proc.recv @b_in : tensor<i32>
      // expected-note @below {{and sends on 'n.s_out' only afterwards, here}}
      // expected-note @below {{and sends on 'a.s_out' only afterwards, here}}
      // expected-note @below {{and sends on 'c.s_out' only afterwards, here}}
      proc.send @s_out, %0 : tensor<i32>
    }
  }
}
proc.network @net {
  proc.instance @a of @Neuron
  proc.instance @b of @Neuron
  proc.instance @c of @Neuron
  proc.instance @n of @Neuron
  // expected-error @below {{processes feed each other within a time step, in the cycle n -> n:}}
  // expected-note @below {{'n.s_out' feeds 'n.a_in' by this connection}}
  proc.connect @n::@s_out to @n::@a_in
  proc.connect @a::@s_out to @b::@a_in
  proc.connect @b::@s_out to @c::@b_in
  // expected-note @below {{'c.s_out' feeds 'a.a_in' by this connection}}
  proc.connect @c::@s_out to @a::@a_in
  // expected-error @below {{processes feed each other within a time step, in the cycle a -> c -> a:}}
  // expected-note @below {{'a.s_out' feeds 'c.a_in' by this connection}}
  proc.connect @a::@s_out to @c::@a_in
}

// -----

// A process that sends before it receives another port is on the cycle with what it sends afterwards.

proc.process @Relay {
  proc.in_port @early : tensor<si32>
  proc.in_port @late : tensor<si32>
  proc.out_port @first : tensor<si32>
  proc.out_port @second : tensor<si32>
  proc.model @model {
    proc.phase spk {
      // expected-note @below {{'r' waits here for what 'r.early' receives}}
      %0 = proc.recv @early : tensor<i32>
      proc.send @first, %0 : tensor<i32>
      %1 = proc.recv @late : tensor<i32>
      // expected-note @below {{and sends on 'r.second' only afterwards, here}}
      proc.send @second, %1 : tensor<i32>
    }
  }
}
proc.network @net {
  proc.instance @r of @Relay
  // expected-error @below {{processes feed each other within a time step, in the cycle r -> r:}}
  // expected-note @below {{'r.second' feeds 'r.early' by this connection}}
  proc.connect @r::@second to @r::@early
  proc.connect @r::@first to @r::@late
}

// -----

// A reads what B owns, B what C owns, C what A owns.

proc.process @Reader {
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
  proc.var_port @port of @v
  proc.ref_port @ref : tensor<si32>
  proc.model @model {
    proc.phase pre_mgmt {
      // expected-note @below {{'a' reads 'b.v' here, so it waits for 'b'}}
      // expected-note @below {{'b' reads 'c.v' here, so it waits for 'c'}}
      %0 = proc.read @ref : tensor<i32>
      proc.set @v, %0 : tensor<i32>
    }
  }
}
proc.process @Writer {
  proc.var @v : tensor<si32> = dense<0> : tensor<i32>
  proc.var_port @port of @v
  proc.ref_port @ref : tensor<si32>
  proc.model @model {
    proc.phase pre_mgmt {
      %0 = proc.get @v : tensor<i32>
      // expected-note @below {{'c' writes 'a.v' here, so it waits for 'a'}}
      proc.write @ref, %0 : tensor<i32>
    }
  }
}
proc.network @net {
  proc.instance @free of @Reader
  proc.instance @a of @Reader
  proc.instance @b of @Reader
  proc.instance @c of @Writer
  // expected-error @below {{processes wait for each other in pre_mgmt, in the cycle a -> b -> c -> a: the owner of a Var runs before those that access it; move one of the accesses to another phase, or send a message instead}}
  // expected-note @below {{'a.ref' leads to 'b.v' by this connection}}
  proc.connect @a::@ref to @b::@port
  // expected-note @below {{'b.ref' leads to 'c.v' by this connection}}
  proc.connect @b::@ref to @c::@port
  // expected-note @below {{'c.ref' leads to 'a.v' by this connection}}
  proc.connect @c::@ref to @a::@port
  proc.connect @free::@ref to @a::@port
}

// -----

// The names of a long cycle are not all in the first line.

proc.process @Neuron {
  proc.in_port @a_in : tensor<si32>
  proc.out_port @s_out : tensor<si32>
  proc.model @model {
    proc.phase spk {
      // expected-note @below {{'n0' waits here for what 'n0.a_in' receives}}
      // expected-note @below {{'n1' waits here for what 'n1.a_in' receives}}
      // expected-note @below {{'n2' waits here for what 'n2.a_in' receives}}
      // expected-note @below {{'n3' waits here for what 'n3.a_in' receives}}
      // expected-note @below {{'n4' waits here for what 'n4.a_in' receives}}
      // expected-note @below {{'n5' waits here for what 'n5.a_in' receives}}
      // expected-note @below {{'n6' waits here for what 'n6.a_in' receives}}
      // expected-note @below {{'n7' waits here for what 'n7.a_in' receives}}
      // expected-note @below {{'n8' waits here for what 'n8.a_in' receives}}
      // expected-note @below {{'n9' waits here for what 'n9.a_in' receives}}
      // expected-note @below {{'n10' waits here for what 'n10.a_in' receives}}
      // expected-note @below {{'n11' waits here for what 'n11.a_in' receives}}
      // expected-note @below {{'n12' waits here for what 'n12.a_in' receives}}
      // expected-note @below {{'n13' waits here for what 'n13.a_in' receives}}
      // expected-note @below {{'n14' waits here for what 'n14.a_in' receives}}
      // expected-note @below {{'n15' waits here for what 'n15.a_in' receives}}
      // expected-note @below {{'n16' waits here for what 'n16.a_in' receives}}
      // expected-note @below {{'n17' waits here for what 'n17.a_in' receives}}
      %0 = proc.recv @a_in : tensor<i32>
      // expected-note @below {{and sends on 'n0.s_out' only afterwards, here}}
      // expected-note @below {{and sends on 'n1.s_out' only afterwards, here}}
      // expected-note @below {{and sends on 'n2.s_out' only afterwards, here}}
      // expected-note @below {{and sends on 'n3.s_out' only afterwards, here}}
      // expected-note @below {{and sends on 'n4.s_out' only afterwards, here}}
      // expected-note @below {{and sends on 'n5.s_out' only afterwards, here}}
      // expected-note @below {{and sends on 'n6.s_out' only afterwards, here}}
      // expected-note @below {{and sends on 'n7.s_out' only afterwards, here}}
      // expected-note @below {{and sends on 'n8.s_out' only afterwards, here}}
      // expected-note @below {{and sends on 'n9.s_out' only afterwards, here}}
      // expected-note @below {{and sends on 'n10.s_out' only afterwards, here}}
      // expected-note @below {{and sends on 'n11.s_out' only afterwards, here}}
      // expected-note @below {{and sends on 'n12.s_out' only afterwards, here}}
      // expected-note @below {{and sends on 'n13.s_out' only afterwards, here}}
      // expected-note @below {{and sends on 'n14.s_out' only afterwards, here}}
      // expected-note @below {{and sends on 'n15.s_out' only afterwards, here}}
      // expected-note @below {{and sends on 'n16.s_out' only afterwards, here}}
      // expected-note @below {{and sends on 'n17.s_out' only afterwards, here}}
      proc.send @s_out, %0 : tensor<i32>
    }
  }
}
proc.network @net {
  proc.instance @n0 of @Neuron
  proc.instance @n1 of @Neuron
  proc.instance @n2 of @Neuron
  proc.instance @n3 of @Neuron
  proc.instance @n4 of @Neuron
  proc.instance @n5 of @Neuron
  proc.instance @n6 of @Neuron
  proc.instance @n7 of @Neuron
  proc.instance @n8 of @Neuron
  proc.instance @n9 of @Neuron
  proc.instance @n10 of @Neuron
  proc.instance @n11 of @Neuron
  proc.instance @n12 of @Neuron
  proc.instance @n13 of @Neuron
  proc.instance @n14 of @Neuron
  proc.instance @n15 of @Neuron
  proc.instance @n16 of @Neuron
  proc.instance @n17 of @Neuron
  // expected-error @below {{processes feed each other within a time step, in the cycle n0 -> n1 -> n2 -> n3 -> n4 -> n5 -> n6 -> n7 -> ... (2 more) -> n10 -> n11 -> n12 -> n13 -> n14 -> n15 -> n16 -> n17 -> n0: every}}
  // expected-note @below {{'n0.s_out' feeds 'n1.a_in' by this connection}}
  proc.connect @n0::@s_out to @n1::@a_in
  // expected-note @below {{'n1.s_out' feeds 'n2.a_in' by this connection}}
  proc.connect @n1::@s_out to @n2::@a_in
  // expected-note @below {{'n2.s_out' feeds 'n3.a_in' by this connection}}
  proc.connect @n2::@s_out to @n3::@a_in
  // expected-note @below {{'n3.s_out' feeds 'n4.a_in' by this connection}}
  proc.connect @n3::@s_out to @n4::@a_in
  // expected-note @below {{'n4.s_out' feeds 'n5.a_in' by this connection}}
  proc.connect @n4::@s_out to @n5::@a_in
  // expected-note @below {{'n5.s_out' feeds 'n6.a_in' by this connection}}
  proc.connect @n5::@s_out to @n6::@a_in
  // expected-note @below {{'n6.s_out' feeds 'n7.a_in' by this connection}}
  proc.connect @n6::@s_out to @n7::@a_in
  // expected-note @below {{'n7.s_out' feeds 'n8.a_in' by this connection}}
  proc.connect @n7::@s_out to @n8::@a_in
  // expected-note @below {{'n8.s_out' feeds 'n9.a_in' by this connection}}
  proc.connect @n8::@s_out to @n9::@a_in
  // expected-note @below {{'n9.s_out' feeds 'n10.a_in' by this connection}}
  proc.connect @n9::@s_out to @n10::@a_in
  // expected-note @below {{'n10.s_out' feeds 'n11.a_in' by this connection}}
  proc.connect @n10::@s_out to @n11::@a_in
  // expected-note @below {{'n11.s_out' feeds 'n12.a_in' by this connection}}
  proc.connect @n11::@s_out to @n12::@a_in
  // expected-note @below {{'n12.s_out' feeds 'n13.a_in' by this connection}}
  proc.connect @n12::@s_out to @n13::@a_in
  // expected-note @below {{'n13.s_out' feeds 'n14.a_in' by this connection}}
  proc.connect @n13::@s_out to @n14::@a_in
  // expected-note @below {{'n14.s_out' feeds 'n15.a_in' by this connection}}
  proc.connect @n14::@s_out to @n15::@a_in
  // expected-note @below {{'n15.s_out' feeds 'n16.a_in' by this connection}}
  proc.connect @n15::@s_out to @n16::@a_in
  // expected-note @below {{'n16.s_out' feeds 'n17.a_in' by this connection}}
  proc.connect @n16::@s_out to @n17::@a_in
  // expected-note @below {{'n17.s_out' feeds 'n0.a_in' by this connection}}
  proc.connect @n17::@s_out to @n0::@a_in
}
