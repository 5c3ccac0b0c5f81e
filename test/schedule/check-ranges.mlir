// RUN: basalt-opt --check-ranges=changing=set --verify-diagnostics --split-input-file %s

// Through the ops of tasks: exact bounds, cut to the type that is declared.
step.program @integers {
  // expected-note @+1 {{'a' is -5..7 and does not change}}
  step.state @a : tensor<2xsi16> = dense<[-5, 7]> : tensor<2xi16>
  // expected-note @+1 {{'b' is 2..3 and does not change}}
  step.state @b : tensor<2xui16> = dense<[2, 3]> : tensor<2xi16>
  step.state @x : tensor<2xsi4> = dense<0> : tensor<2xi4>
  step.phase spk {
    step.task "i" of "P" {
      %c3 = arith.constant dense<3> : tensor<2xi64>
      %a0 = step.get @a : tensor<2xi16>
      %a = arith.extsi %a0 : tensor<2xi16> to tensor<2xi64>
      %b0 = step.get @b : tensor<2xi16>
      %b = arith.extui %b0 : tensor<2xi16> to tensor<2xi64>
      // -15..21, then -13..24, then |.| 0..24, then 0..8, then 0..16 by shifts of 1.
      %0 = arith.muli %a, %b : tensor<2xi64>
      %1 = arith.addi %0, %b : tensor<2xi64>
      %2 = num.absi %1 : tensor<2xi64>
      %3 = num.floordiv %2, %c3 : tensor<2xi64>
      %c1 = arith.constant dense<1> : tensor<2xi64>
      %4 = num.shift %3, %c1 : tensor<2xi64>
      // expected-warning @+1 {{'x' (i4) holds -8..7, but gets 0..16, which wraps; `sat(x, i4)` clamps, and `i4(x)` says that it is meant}}
      %5 = arith.trunci %4 : tensor<2xi64> to tensor<2xi4>
      step.set @x, %5 : tensor<2xi4>
      step.yield
    }
  }
}

// -----

// Reductions, remainders, products and choices.
step.program @more {
  // expected-note @+1 {{'s' is 1 and does not change}}
  step.state @s : tensor<20xi1> = dense<true> : tensor<20xi1>
  // expected-note @+1 {{'w' is 100 and does not change}}
  step.state @w : tensor<2x20xsi8> = dense<100> : tensor<2x20xi8>
  step.state @x : tensor<si4> = dense<0> : tensor<i4>
  step.state @y : tensor<2xsi4> = dense<0> : tensor<2xi4>
  step.phase spk {
    step.task "i" of "P" {
      %s = step.get @s : tensor<20xi1>
      %spikes = arith.extui %s : tensor<20xi1> to tensor<20xi64>
      %n = num.reduce sum %spikes axes [0] : tensor<20xi64> to tensor<i64>
      // expected-warning @+1 {{'x' (i4) holds -8..7, but gets 20}}
      %0 = arith.trunci %n : tensor<i64> to tensor<i4>
      step.set @x, %0 : tensor<i4>
      %c5 = arith.constant dense<5> : tensor<i64>
      %rest = num.mod %n, %c5 : tensor<i64>
      %1 = arith.trunci %rest : tensor<i64> to tensor<i4>
      step.set @x, %1 : tensor<i4>
      %w0 = step.get @w : tensor<2x20xi8>
      %w = arith.extsi %w0 : tensor<2x20xi8> to tensor<2x20xi64>
      // One spike is certain to be possible; that it is 20 at once is not said.
      %sum = num.matvec %w, %spikes : tensor<2x20xi64>, tensor<20xi64> to tensor<2xi64>
      // expected-warning @+1 {{'y' (i4) holds -8..7, but gets 0..100}}
      %2 = arith.trunci %sum : tensor<2xi64> to tensor<2xi4>
      step.set @y, %2 : tensor<2xi4>
      %c7 = arith.constant dense<7> : tensor<2xi64>
      %above = arith.cmpi sgt, %sum, %c7 : tensor<2xi64>
      %clipped = arith.select %above, %c7, %sum : tensor<2xi1>, tensor<2xi64>
      %3 = arith.trunci %clipped : tensor<2xi64> to tensor<2xi4>
      step.set @y, %3 : tensor<2xi4>
      step.yield
    }
  }
}

// -----

// What is set from outside is not known, nor is what comes of it.
step.program @outside {
  // expected-note @+1 {{'set' is -32768..32767 and does not change}}
  step.state @set : tensor<si16> = dense<100> : tensor<i16>
  step.state @x : tensor<si4> = dense<0> : tensor<i4>
  step.phase spk {
    step.task "i" of "P" {
      %0 = step.get @set : tensor<i16>
      %1 = arith.extsi %0 : tensor<i16> to tensor<i64>
      // expected-warning @+1 {{'x' (i4) holds -8..7, but may get -32768..32767, which wraps; `sat(x, i4)` clamps, and `i4(x)` says that it is meant}}
      %2 = arith.trunci %1 : tensor<i64> to tensor<i4>
      step.set @x, %2 : tensor<i4>
      step.yield
    }
  }
}

// -----

// A leak settles: v = 15/16 v + 10 stays below 160. What is found is a little more.
step.program @leak {
  step.state @v : tensor<si32> = dense<0> : tensor<i32>
  // expected-note @-1 {{'v' is 0..175}}
  step.port @never : tensor<ui1>
  step.port @perhaps : tensor<ui1>
  step.phase spk {
    %0:2 = step.task "i" of "P" -> tensor<i1>, tensor<i1> {
      %k = arith.constant dense<15> : tensor<i64>
      %four = arith.constant dense<4> : tensor<i64>
      %in = arith.constant dense<10> : tensor<i64>
      %v0 = step.get @v : tensor<i32>
      %v = arith.extsi %v0 : tensor<i32> to tensor<i64>
      %decayed = num.mul_shr %v, %k, %four : tensor<i64>
      %next = arith.addi %decayed, %in : tensor<i64>
      %stored = arith.trunci %next : tensor<i64> to tensor<i32>
      step.set @v, %stored : tensor<i32>
      %far = arith.constant dense<200> : tensor<i64>
      // expected-warning @+1 {{'never' sends nothing but 0: 10..174 is never greater than 200}}
      %spike = arith.cmpi sgt, %next, %far : tensor<i64>
      %near = arith.constant dense<150> : tensor<i64>
      %other = arith.cmpi sgt, %next, %near : tensor<i64>
      step.yield %spike, %other : tensor<i1>, tensor<i1>
    }
    step.probe @never, %0#0 : tensor<i1>
    step.probe @perhaps, %0#1 : tensor<i1>
  }
}

// -----

// Conditions, loops and guards: nothing is certain within them.
step.program @control {
  step.state @x : tensor<si8> = dense<0> : tensor<i8>
  // expected-note @+1 {{'y' is -32768..32767}}
  step.state @y : tensor<si16> = dense<0> : tensor<i16>
  step.port @out : tensor<ui1>
  step.phase spk {
    %0 = step.task "i" of "P" -> tensor<i1> {
      %x0 = step.get @x : tensor<i8>
      %x = arith.extsi %x0 : tensor<i8> to tensor<i64>
      %c50 = arith.constant dense<50> : tensor<i64>
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c3 = arith.constant 3 : index
      scf.for %k = %c0 to %c3 step %c1 {
        %y0 = step.get @y : tensor<i16>
        %y = arith.extsi %y0 : tensor<i16> to tensor<i64>
        %more = arith.addi %y, %c50 : tensor<i64>
        // expected-warning @+1 {{'y' (i16) holds -32768..32767, but may get -32718..32817}}
        %m16 = arith.trunci %more : tensor<i64> to tensor<i16>
        step.set @y, %m16 : tensor<i16>
      }
      %over = arith.cmpi sgt, %x, %c50 : tensor<i64>
      %item = num.item %over : tensor<i1> to i1
      %r = scf.if %item -> (tensor<i64>) {
        scf.yield %x : tensor<i64>
      } else {
        scf.yield %c50 : tensor<i64>
      }
      %r8 = arith.trunci %r : tensor<i64> to tensor<i8>
      step.set @x, %r8 : tensor<i8>
      // Whatever a loop does to y, it is not said to be below 1000.
      %y1 = step.get @y : tensor<i16>
      %ye = arith.extsi %y1 : tensor<i16> to tensor<i64>
      %c1000 = arith.constant dense<1000> : tensor<i64>
      %reached = arith.cmpi sgt, %ye, %c1000 : tensor<i64>
      step.yield %reached : tensor<i1>
    }
    step.probe @out, %0 : tensor<i1>
  }
}

// -----

// Floats: messages of up to 2 are counted as spikes.
step.program @floats {
  step.state @a : tensor<2xf64> = dense<[0.5, 2.0]> : tensor<2xf64>
  step.state @sum : tensor<2xsi32> = dense<0> : tensor<2xi32>
  step.port @out : tensor<2xf64>
  step.phase spk {
    %0 = step.task "i" of "P" -> tensor<2xf64> {
      %a = step.get @a : tensor<2xf64>
      step.yield %a : tensor<2xf64>
    }
    // expected-note @+1 {{'out' sends 0.5..2}}
    step.probe @out, %0 : tensor<2xf64>
    step.task "j" of "Q" {
      %zero = arith.constant dense<0.0> : tensor<2xf64>
      // expected-warning @+1 {{messages of 0.5..2 are received as spikes: each that is not 0 counts 1}}
      %spike = arith.cmpf une, %0, %zero : tensor<2xf64>
      %n = arith.extui %spike : tensor<2xi1> to tensor<2xi64>
      %n32 = arith.trunci %n : tensor<2xi64> to tensor<2xi32>
      step.set @sum, %n32 : tensor<2xi32>
      step.yield
    }
  }
}
