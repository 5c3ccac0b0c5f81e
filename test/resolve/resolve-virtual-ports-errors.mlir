// RUN: basalt-opt --resolve-virtual-ports --verify-diagnostics --split-input-file %s

proc.process @P {
  proc.out_port @o : tensor<?xsi32>
  proc.in_port @i : tensor<?xsi32>
}
proc.network @net {
  proc.instance @a of @P
  proc.virtual_port @v = #proc.slice<[1], [-1], [1]> of [@a::@o]
  // expected-error @+1 {{the shape of 'a.o' is not known; infer-types has to run before}}
  proc.connect @v to @a::@i
}
