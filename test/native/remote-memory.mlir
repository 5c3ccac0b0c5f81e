// RUN: basalt-opt --lower-to-loops --convert-to-native --form-statements --check-native %s | basalt-translate --emitc-to-cpp > %t.cpp
// RUN: FileCheck %s --input-file=%t.cpp
// RUN: clang++-22 -O3 %t.cpp %simulator -o %t && %t --steps 5 --set "proc2.var=[5]" | FileCheck %s --check-prefix=OUT
// RUN: g++ -O3 %t.cpp %simulator -o %t && %t --steps 5 --set "proc2.var=[5]" | FileCheck %s --check-prefix=OUT
//
// Two processes: proc1 reads and writes a Var of proc2 through an implicit VarPort.
#state = loc("net.yaml":20:7)
#phase = loc("net.yaml":11:11)
#read = loc("net.yaml":12:13)
#print = loc("net.yaml":13:13)
#write = loc("net.yaml":14:13)
step.program @net {
  step.state @proc2.var : tensor<1xsi32> = dense<5> : tensor<1xi32> loc(#state)
  step.var_port @proc2.var_port of @proc2.var implicit
  step.phase post_mgmt {
    step.probe @proc2.var loc(#phase)
    step.task "proc1" of "P1" {
      %var = step.get @proc2.var via @proc2.var_port : tensor<1xi32> loc(#read)
      %value = arith.extsi %var : tensor<1xi32> to tensor<1xi64> loc(#read)
      %step = proc.time_step : tensor<i64> loc(#print)
      proc.print "Value of var: {} at time step: {}" (%value, %step : tensor<1xi64>, tensor<i64>) loc(#print)
      %one = num.broadcast %step : tensor<i64> to tensor<1xi64> loc(#write)
      %sum = arith.addi %value, %one : tensor<1xi64> loc(#write)
      %new = arith.trunci %sum : tensor<1xi64> to tensor<1xi32> loc(#write)
      step.set @proc2.var, %new via @proc2.var_port : tensor<1xi32> loc(#write)
      step.yield
    } loc(#phase)
  } loc(#phase)
}

// CHECK: #include "runtime/native/Generated.h"
// CHECK: class net {
// CHECK-NEXT: public:
// CHECK-NEXT: rt::Array<int32_t, 1> proc2_var;
// CHECK-NEXT: rt::StateInfo stateTable[1];
// CHECK: // net.yaml:11:11
// CHECK-NEXT: void post_mgmt(rt::Context &ctx) {
// CHECK-NEXT: rt::recordState(ctx, 0);
// CHECK: // net.yaml:13:13
// CHECK-NEXT: rt::print(ctx, "Value of var: {} at time step: {}", rt::view(proc2_var, 1), rt::scalar(ctx.timeStep));
// CHECK-NEXT: // net.yaml:14:13
// CHECK-NEXT: int32_t [[V:v[0-9]+]] = rt::wrap<32>(rt::add((int64_t) {{.*}}, ctx.timeStep));
// CHECK-NEXT: proc2_var[0] = [[V]];
// CHECK-NEXT: }

// CHECK: {"proc2.var", {rt::Kind::Signed, 32}, 1, kShape1, nullptr, true},
// CHECK: offsetof(net, proc2_var),
// CHECK: int main(int argc, char **argv) { return rt::runMain(argc, argv, kProgram); }

// OUT: Value of var: [5] at time step: 1
// OUT-NEXT: Value of var: [6] at time step: 2
// OUT-NEXT: Value of var: [8] at time step: 3
// OUT-NEXT: Value of var: [11] at time step: 4
// OUT-NEXT: Value of var: [15] at time step: 5
