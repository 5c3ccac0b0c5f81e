proc.process @Innocent1 {
  proc.var @v : tensor<1xsi32> = dense<5> : tensor<1xi32>
}
proc.process @Culprit {
  proc.var @culprit : tensor<1xsi32> = dense<5> : tensor<1xi32>
}
proc.process @Innocent2 {
  proc.var @v : tensor<1xsi32> = dense<5> : tensor<1xi32>
}
