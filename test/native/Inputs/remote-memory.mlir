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
