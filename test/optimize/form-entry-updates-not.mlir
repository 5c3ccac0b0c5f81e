// What is not an update of the entries of sources or targets stays as it is: each run changes one thing of the program
// below. A `//NAME ` in it hides a line until that run.
// DEFINE: %{form} = basalt-opt --pass-pipeline='builtin.module(step.program(form-entry-updates))'
// RUN: %{form} %s | FileCheck %s --check-prefix=FORMED
// FORMED: step.update_entries @S_lrn @s.w by source
// FORMED-NOT: step.set @s.w,

// The condition is not known from the source or the target: an entry's own, or the old value for those that spike.
// RUN: sed 's/%mask = .*/%mask = arith.cmpf ogt, %w, %x : tensor<5xf64>/' %s | %{form} | FileCheck %s --check-prefix=NOT
// RUN: sed 's/select %mask, %up, %w/select %mask, %w, %up/' %s | %{form} | FileCheck %s --check-prefix=NOT
// It is asked at other places.
// RUN: sed 's/at_synapses %arrivals at(%o, %ends)/at_synapses %arrivals at(%o, %ends2)/' %s | %{form} | FileCheck %s --check-prefix=NOT
// The new value is made of a whole matrix, of other entries, or of what is no value of one entry.
// RUN: sed 's/%xs = .*/%xs = step.get @s.matrix : tensor<3x4xf64>/' %s | %{form} | FileCheck %s --check-prefix=NOT
// RUN: sed 's/%x = num.at_synapses.*/%x = step.get @s.other : tensor<5xf64>/' %s | %{form} | FileCheck %s --check-prefix=NOT
// RUN: sed 's/%up = .*/%up = num.transpose %w [0] : tensor<5xf64> to tensor<5xf64>/' %s | %{form} | FileCheck %s --check-prefix=NOT
// Something else touches the state in the block, or the weights are not those of the state.
// RUN: sed 's,//ELSE ,,' %s | %{form} | FileCheck %s --check-prefix=NOT
// RUN: sed 's,//PROBE ,,' %s | %{form} | FileCheck %s --check-prefix=NOT
// RUN: sed 's,//FAR ,,' %s | %{form} | FileCheck %s --check-prefix=NOT
// RUN: sed 's/step.set @s.w, %new/step.set @s.other, %new/' %s | %{form} | FileCheck %s --check-prefix=NOT
// Before the first step.
// RUN: sed 's/step.phase lrn/step.phase init/' %s | %{form} | FileCheck %s --check-prefix=NOT
// NOT: step.state @s.w
// NOT-NOT: step.update_entries

// But who reads the weights without writing them may, and conditions may have to hold together.
// RUN: sed 's,//READ ,,' %s | %{form} | FileCheck %s --check-prefix=READ
// READ:      proc.print "{}"(%[[W:[0-9]*]] :
// READ:      step.update_entries
// READ-NEXT: %[[NEW:.*]] = step.get @s.w
// READ-NEXT: proc.print "{}"(%[[NEW]] :
// RUN: sed 's,//BOTH ,,; s/select %mask/select %all/' %s | %{form} | FileCheck %s --check-prefix=ALL
// ALL:      step.kernel @S_lrn(%[[W:.*]]: f64, %[[X:.*]]: f64, %[[POST:.*]]: i1, %[[OPEN:.*]]: i1) {
// ALL:        %[[UP:.*]] = arith.addf %[[W]], %[[X]]
// ALL-NEXT:   %[[ONE:.*]] = arith.select %[[POST]], %[[UP]], %[[W]]
// ALL-NEXT:   %[[TWO:.*]] = arith.select %[[OPEN]], %[[ONE]], %[[W]]
// ALL-NEXT:   step.yield %[[TWO]]
// ALL:      step.update_entries @S_lrn @s.w by source %{{.*}} ins(source %{{.*}} : tensor<4xf64>, target %{{.*}} : tensor<3xi1>, entry %{{.*}} : tensor<5xi1>) : tensor<4xi1>

step.program @net {
  step.state @s.w : tensor<5xf64> = dense<1.0> : tensor<5xf64> {sparse = #proc.sparse<[3, 4], @s.w.offsets, @s.w.targets>}
  step.state @s.open : tensor<5xi1> = dense<true> : tensor<5xi1> {sparse = #proc.sparse<[3, 4], @s.w.offsets, @s.w.targets>}
  step.state @s.w.offsets : tensor<5xsi64> = dense<[0, 1, 2, 4, 5]> : tensor<5xi64>
  step.state @s.w.targets : tensor<5xsi32> = dense<[0, 1, 0, 2, 1]> : tensor<5xi32>
  step.state @s.targets2 : tensor<5xsi32> = dense<[0, 1, 0, 2, 1]> : tensor<5xi32>
  step.state @s.other : tensor<5xf64> = dense<1.0> : tensor<5xf64>
  step.state @s.matrix : tensor<3x4xf64> = dense<1.0> : tensor<3x4xf64>
  step.state @s.x : tensor<4xf64> = dense<0.0> : tensor<4xf64>
  step.state @s.pre : tensor<4xi1> = dense<false> : tensor<4xi1>
  step.state @s.post : tensor<3xi1> = dense<false> : tensor<3xi1>
  step.var_port @s.port of @s.w
  step.phase lrn {
    step.task "s" of "S" {
      %w = step.get @s.w : tensor<5xf64>
      //FAR step.set @s.w, %w via @s.port : tensor<5xf64>
      //READ proc.print "{}"(%w : tensor<5xf64>)
      %o = step.get @s.w.offsets : tensor<5xi64>
      %ends = step.get @s.w.targets : tensor<5xi32>
      %ends2 = step.get @s.targets2 : tensor<5xi32>
      %trace = step.get @s.x : tensor<4xf64>
      %pre = step.get @s.pre : tensor<4xi1>
      %xs = num.broadcast %trace : tensor<4xf64> to tensor<3x4xf64>
      %x = num.at_synapses %xs at(%o, %ends) : tensor<3x4xf64> at(tensor<5xi64>, tensor<5xi32>) to tensor<5xf64>
      %up = arith.addf %w, %x : tensor<5xf64>
      %arrivals = num.broadcast %pre : tensor<4xi1> to tensor<3x4xi1>
      %mask = num.at_synapses %arrivals at(%o, %ends) : tensor<3x4xi1> at(tensor<5xi64>, tensor<5xi32>) to tensor<5xi1>
      //BOTH %post = step.get @s.post : tensor<3xi1>
      //BOTH %postc = num.reshape %post : tensor<3xi1> to tensor<3x1xi1>
      //BOTH %posts = num.broadcast %postc : tensor<3x1xi1> to tensor<3x4xi1>
      //BOTH %two = arith.andi %posts, %arrivals : tensor<3x4xi1>
      //BOTH %masks = num.at_synapses %two at(%o, %ends) : tensor<3x4xi1> at(tensor<5xi64>, tensor<5xi32>) to tensor<5xi1>
      //BOTH %open = step.get @s.open : tensor<5xi1>
      //BOTH %all = arith.andi %masks, %open : tensor<5xi1>
      %new = arith.select %mask, %up, %w : tensor<5xi1>, tensor<5xf64>
      //PROBE step.probe @s.w
      step.set @s.w, %new : tensor<5xf64>
      //READ proc.print "{}"(%new : tensor<5xf64>)
      //ELSE %again = step.get @s.w : tensor<5xf64>
      //ELSE proc.print "{}"(%again : tensor<5xf64>)
      step.yield
    }
  }
}
