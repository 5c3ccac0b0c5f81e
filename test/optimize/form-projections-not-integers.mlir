// As form-projections-not.mlir, for what only integers have.
// DEFINE: %{form} = basalt-opt --pass-pipeline='builtin.module(step.program(form-projections))'
// RUN: %{form} %s | FileCheck %s
// CHECK: step.projection @s.line.projection of @s.line

// What is stored of an unsigned number looks negative.
// RUN: sed 's/step.state @s.w : tensor<2xsi16>/step.state @s.w : tensor<2xui16>/' %s | %{form} | FileCheck %s --check-prefix=NONE
// RUN: sed 's/step.state @s.d : tensor<2xsi8>/step.state @s.d : tensor<2xui8>/' %s | %{form} | FileCheck %s --check-prefix=NONE
// RUN: sed 's/extsi %w/extui %w/' %s | %{form} | FileCheck %s --check-prefix=NONE
// RUN: sed 's/extsi %d/extui %d/' %s | %{form} | FileCheck %s --check-prefix=NONE
// RUN: sed 's/extsi %line/extui %line/' %s | %{form} | FileCheck %s --check-prefix=NONE
// Sums are made in 32 or 64 bits, not less; wider weights and truth values are left alone.
// RUN: sed '/@s.line/s/si32/si24/; s/x3xi32/x3xi24/g' %s | %{form} | FileCheck %s --check-prefix=NONE
// RUN: sed '/@s.w :/s/i16/i48/g; /%w/s/2xi16/2xi48/g' %s | %{form} | FileCheck %s --check-prefix=NONE
// RUN: sed '/@s.w :/s/i16/i1/g; /@s.w :/s/dense<1>/dense<true>/; /%w/s/2xi16/2xi1/g' %s | %{form} | FileCheck %s --check-prefix=NONE
// What is cut below the line's type.
// RUN: sed 's/^ *%wide = .*/%cut16 = arith.trunci %line : tensor<2x3xi32> to tensor<2x3xi16>\n%wide = arith.extsi %cut16 : tensor<2x3xi16> to tensor<2x3xi64>/' %s | %{form} | FileCheck %s --check-prefix=NONE
// Truth values that are added as -1.
// RUN: sed 's/extui %fired/extsi %fired/' %s | %{form} | FileCheck %s --check-prefix=NONE
// NONE-NOT: step.projection
// NONE: num.sparse_deliver
// NONE-NOT: step.projection
step.program @net {
  step.state @n.s : tensor<2xui1> = dense<false> : tensor<2xi1>
  step.state @s.w : tensor<2xsi16> = dense<1> : tensor<2xi16> {sparse = #proc.sparse<[2, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<3xsi64> = dense<[0, 1, 2]> : tensor<3xi64>
  step.state @s.w.targets : tensor<2xsi32> = dense<[1, 0]> : tensor<2xi32>
  step.state @s.d : tensor<2xsi8> = dense<1> : tensor<2xi8> {sparse = #proc.sparse<[2, 2], @s.w.offsets, @s.w.targets>}
  step.state @s.line : tensor<2x3xsi32> = dense<0> : tensor<2x3xi32>
  step.phase spk {
    step.task "s" of "S" {
      %none = arith.constant dense<0> : tensor<2x3xi64>
      %line = step.get @s.line : tensor<2x3xi32>
      %fired = step.get @n.s : tensor<2xi1>
      %w = step.get @s.w : tensor<2xi16>
      %d = step.get @s.d : tensor<2xi8>
      %offsets = step.get @s.w.offsets : tensor<3xi64>
      %targets = step.get @s.w.targets : tensor<2xi32>
      %wide = arith.extsi %line : tensor<2x3xi32> to tensor<2x3xi64>
      %later = num.extract %wide offsets [0, 1] sizes [2, 2] strides [1, 1] drop [] : tensor<2x3xi64> to tensor<2x2xi64>
      %moved = num.insert %later into %none offsets [0, 0] sizes [2, 2] strides [1, 1] drop [] : tensor<2x2xi64> into tensor<2x3xi64>
      %factors = arith.extui %fired : tensor<2xi1> to tensor<2xi64>
      %weights = arith.extsi %w : tensor<2xi16> to tensor<2xi64>
      %columns = arith.extsi %d : tensor<2xi8> to tensor<2xi64>
      %next = num.sparse_deliver %weights after %columns at(%offsets, %targets), %factors onto %moved : tensor<2xi64> after tensor<2xi64> at(tensor<3xi64>, tensor<2xi32>), tensor<2xi64> onto tensor<2x3xi64> to tensor<2x3xi64>
      %cut = arith.trunci %next : tensor<2x3xi64> to tensor<2x3xi32>
      step.set @s.line, %cut : tensor<2x3xi32>
      step.yield
    }
  }
}
