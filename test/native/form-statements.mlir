// RUN: basalt-opt --form-statements %s | FileCheck %s

// A chain becomes one expression; what is used twice stays a value; a load does not move past a store.
//
// CHECK-LABEL: emitc.func @chain
// CHECK:         %[[P:.*]] = subscript
// CHECK-NEXT:    verbatim "// net.yaml:12:9"
// CHECK-NEXT:    %[[SUM:.*]] = expression %[[P]], %{{.*}} : (!emitc.lvalue<i32>, i64) -> i64 {
// CHECK-NEXT:      load
// CHECK-NEXT:      cast
// CHECK-NEXT:      call_opaque "rt::add"
// CHECK-NEXT:      yield
// CHECK-NEXT:    }
// CHECK-NEXT:    %[[OLD:.*]] = expression %[[P]]
// CHECK-NEXT:      load
// CHECK-NEXT:      yield
// CHECK-NEXT:    }
// CHECK-NEXT:    %[[SQUARE:.*]] = expression %[[SUM]]
// CHECK-NEXT:      mul
// CHECK-NEXT:      yield
// CHECK-NEXT:    }
// CHECK-NEXT:    verbatim "// net.yaml:13:9"
// CHECK-NEXT:    verbatim "done({}, {});" args %[[SUM]], %[[SQUARE]]
// CHECK-NEXT:    assign %[[OLD]]
emitc.func @chain(%m: !emitc.opaque<"int32_t *__restrict">, %k: i64) {
  %zero = emitc.literal "0" : index
  %p = emitc.subscript %m[%zero] : (!emitc.opaque<"int32_t *__restrict">, index) -> !emitc.lvalue<i32> loc("net.yaml":12:9)
  %0 = emitc.load %p : !emitc.lvalue<i32> loc("net.yaml":12:9)
  %1 = emitc.cast %0 : i32 to i64 loc("net.yaml":12:9)
  %2 = emitc.call_opaque "rt::add"(%1, %k) {rt.pure} : (i64, i64) -> i64 loc("net.yaml":12:9)
  %old = emitc.load %p : !emitc.lvalue<i32> loc("net.yaml":12:9)
  %3 = emitc.mul %2, %2 : (i64, i64) -> i64 loc("net.yaml":13:9)
  emitc.verbatim "done({}, {});" args %2, %3 : i64, i64 loc("net.yaml":13:9)
  emitc.assign %old : i32 to %p : !emitc.lvalue<i32> loc("net.yaml":14:1)
  emitc.return
}

// What nobody uses goes away; a call that may have an effect stays where it is.
//
// CHECK-LABEL: emitc.func @effects
// CHECK-NOT:     load
// CHECK:         %[[AT:.*]] = expression
// CHECK-NEXT:      call_opaque "rt::index"
// CHECK:         call_opaque "rt::pause"
// CHECK-NOT:     load
// CHECK:         subscript %{{.*}}[%[[AT]]]
emitc.func @effects(%m: !emitc.opaque<"int32_t *__restrict">, %i: i64) {
  %zero = emitc.literal "0" : index
  %p = emitc.subscript %m[%zero] : (!emitc.opaque<"int32_t *__restrict">, index) -> !emitc.lvalue<i32>
  %unused = emitc.load %p : !emitc.lvalue<i32>
  %at = emitc.call_opaque "rt::index"(%i) : (i64) -> index
  emitc.call_opaque "rt::pause"() : () -> ()
  %q = emitc.subscript %m[%at] : (!emitc.opaque<"int32_t *__restrict">, index) -> !emitc.lvalue<i32>
  %one = emitc.literal "1" : i32
  emitc.assign %one : i32 to %q : !emitc.lvalue<i32>
  emitc.return
}
