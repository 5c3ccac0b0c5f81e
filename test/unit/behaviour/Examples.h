// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The texts of the standard library and of the networks that the language was designed with, by
// what they are parsed as.

#ifndef BASALT_TEST_UNIT_BEHAVIOUR_EXAMPLES_H
#define BASALT_TEST_UNIT_BEHAVIOUR_EXAMPLES_H

// clang-format off
namespace basalt::test {

inline const char *const functionTexts[] = {
R"basalt(# x / 2**bits, rounded toward zero
fn toward_zero(x, bits) = sign(x) * (abs(x) >> bits)

# Loihi's decay: x * (1 - d / 4096), toward zero
fn decay(x, d) = toward_zero(i64(x * (4096 - d)), 12)

# Loihi's current: one 24-bit wrap that keeps +2**23 and has no -2**23
fn current(u, du, a) {
  let x = i32(decay(u, du + 1) + (a << 6))
  return where(x > 2**23, x - 2**24, where(x <= -2**23, x + 2**24, x))
}

# Loihi's voltage: clipped to 24 bits, symmetric
fn voltage(v, dv, input) = symmetric24(i32(decay(v, dv) + input))
fn symmetric24(x) = clip(x, -(2**23 - 1), 2**23 - 1))basalt",
R"basalt(# a constant as a fixed-point number of that many bits; 0 bits: as it is
fn fixed(x, bits) { if bits > 0 { return trunc(x * 2**bits) } else { return x } })basalt",
R"basalt(# one component of a rotation in fixed point: each product is rounded by itself
fn rotate(a, x, b, y, input, bits) =
  symmetric24(toward_zero(a * x, bits) + toward_zero(b * y, bits) + input))basalt",
R"basalt(fn activation(x, mode) { if mode == "RELU" { return max(x, 0) } else { return x } })basalt",
R"basalt(# what a connection makes of a message: its payload, or 1 for any nonzero
fn message(s, bits) { if bits > 0 { return s } else { return s != 0 } }

# Loihi's weights: clipped to 8 bits and a sign, low bits dropped
fn loihi_weights(w, sign_mode, bits) {
  let exc = sign_mode == "EXCITATORY" or (sign_mode == "AUTO" and min(w) >= 0)
  let inh = sign_mode == "INHIBITORY" or (sign_mode == "AUTO" and not exc and max(w) <= 0)
  let k = 8 - bits + where(exc or inh, 0, 1)
  let c = clip(w, where(exc, 0, where(inh, -255, -256)), where(inh, 0, 255))
  return where(inh, -(-c >> k << k), c >> k << k)
})basalt",
R"basalt(# what a trace does in one time step
fn trace(x, tau, impulse, spike) = x * exp(-1 / tau) + where(spike, impulse, 0)

# what a rule adds to a target in step k of an epoch; epoch is 0 but in its last step
fn learn(rule, k, epoch, tx, ty, x1, x2, y1, y2, y3, w, d, t) {
  let change = zeros(w.shape)
  for p in rule.products {
    let when = p.dependency(x0=tx == k, y0=col(ty == k), u=epoch > 0 and epoch % 2**p.uk == 0)
    change += when * p.value(x0=tx > 0, y0=col(ty > 0), x1=x1, x2=x2, y1=col(y1), y2=col(y2), y3=col(y3), w=w, d=d, t=t)
  }
  return change
}
fn col(y) = y[:, newaxis])basalt",
};

inline const char *const blockTexts[] = {
R"basalt(u = u * (1 - du) + a_in.recv()
v = v * (1 - dv) + u + bias_mant
let s = v > vth
v[s] = 0
s_out.send(s))basalt",
R"basalt(u = current(u, du, a_in.recv())
v = voltage(v, dv, u + shift(bias_mant, bias_exp))
let s = v > vth << 6
v[s] = 0
s_out.send(s))basalt",
R"basalt(let a = a_in.recv()
if time_step % reset_interval == reset_offset % reset_interval { u = 0; v = 0 }
u = u * (1 - du) + a
v = v * (1 - dv) + u + bias_mant
let s = v > vth
v[s] = 0
s_out.send(s))basalt",
R"basalt(let a = a_in.recv()
if time_step % reset_interval == reset_offset % reset_interval { u = 0; v = 0 }
u = current(u, du, a)
v = voltage(v, dv, u + shift(bias_mant, bias_exp))
let s = v > vth << 6
v[s] = 0
s_out.send(s))basalt",
R"basalt(u = u * (1 - du) + a_in.recv()
v[refractory_period_end < time_step] = v * (1 - dv) + u + bias_mant
let s = v > vth
v[s] = 0
refractory_period_end[s] = time_step + refractory_period
s_out.send(s))basalt",
R"basalt(assert all(vth_lo <= vth_hi), "vth_lo is above vth_hi")basalt",
R"basalt(u = u * (1 - du) + a_in.recv()
v = v * (1 - dv) + u + bias_mant
let s = i2(v > vth_hi) - i2(v < vth_lo)
v[s != 0] = 0
s_out.send(s))basalt",
R"basalt(u = current(u, du, a_in.recv())
v = voltage(v, dv, u + shift(bias_mant, bias_exp))
let s = i2(v > vth_hi << 6) - i2(v < vth_lo << 6)
v[s != 0] = 0
s_out.send(s))basalt",
R"basalt(i = i * (1 - delta_i) + a_in.recv()
v = v * (1 - delta_v) + i + bias_mant
theta = (theta - theta_0) * (1 - delta_theta) + theta_0
r = r * (1 - delta_r)
s = v - r >= theta
r[s] += 2 * theta
theta[s] += theta_step
s_out.send(s))basalt",
"theta = i32(theta_0 * 64)",
R"basalt(let rest = i32(theta_0 * 64)
i = current(i, delta_i * 4096, a_in.recv())
v = voltage(v, ceil(delta_v * 4096), i + shift(bias_mant, bias_exp))
theta = decay(theta - rest, ceil(delta_theta * 4096)) + rest
r = decay(r, ceil(delta_r * 4096))
s = v - r >= theta
r[s] += 2 * theta
theta[s] += i32(theta_step * 64)
s_out.send(s))basalt",
R"basalt(let re = cos_decay * real - sin_decay * imag + a_real_in.recv()
let im = sin_decay * real + cos_decay * imag + a_imag_in.recv()
let s = re >= fixed(vth, state_exp) and im >= 0 and imag < 0
real = re
imag = im
s_out.send(s))basalt",
R"basalt(let re = rotate(cos_decay, real, -sin_decay, imag, a_real_in.recv() << state_exp, decay_bits)
let im = rotate(sin_decay, real, cos_decay, imag, a_imag_in.recv() << state_exp, decay_bits)
let s = re >= fixed(vth, state_exp) and im >= 0 and imag < 0
real = re
imag = im
s_out.send(s))basalt",
R"basalt(let re = cos_decay * real - sin_decay * imag + a_real_in.recv()
let im = sin_decay * real + cos_decay * imag + a_imag_in.recv()
let s = im >= fixed(vth, state_exp)
real = where(s, 0, re)
imag = where(s, fixed(vth, state_exp) - 1e-5, im)
s_out.send(s))basalt",
R"basalt(let re = rotate(cos_decay, real, -sin_decay, imag, a_real_in.recv() << state_exp, decay_bits)
let im = rotate(sin_decay, real, cos_decay, imag, a_imag_in.recv() << state_exp, decay_bits)
let s = im >= fixed(vth, state_exp)
real = where(s, 0, re)
imag = where(s, i32(fixed(vth, state_exp)) - 1, im)
s_out.send(s))basalt",
R"basalt(let a = a_in.recv()
let delta = a - act + residue
if cum_error { error += delta }
let s = where(abs(where(cum_error, error, delta)) >= vth * 2**(spike_exp + state_exp), delta, 0)
error[s != 0] = 0
residue = delta - s
act = a
s_out.send(s))basalt",
R"basalt(let a = a_in.recv() << spike_exp + state_exp
let delta = a - act + residue
if cum_error { error += delta }
let s = where(abs(where(cum_error, error, delta)) >= vth << spike_exp + state_exp, delta, 0)
error[s != 0] = 0
residue = delta - s
act = a
s_out.send(s >> state_exp))basalt",
R"basalt(sigma += a_in.recv()
let x = activation(sigma + bias * 2**(spike_exp + state_exp), act_mode)
let delta = x - act + residue
if cum_error { error += delta }
let s = where(abs(where(cum_error, error, delta)) >= vth * 2**(spike_exp + state_exp), delta, 0)
error[s != 0] = 0
residue = delta - s
act = x
s_out.send(s))basalt",
R"basalt(sigma += a_in.recv()
let x = activation(sigma + (bias << spike_exp + state_exp), act_mode)
let delta = x - act + residue
if cum_error { error += delta }
let s = where(abs(where(cum_error, error, delta)) >= vth << spike_exp + state_exp, delta, 0)
error[s != 0] = 0
residue = delta - s
act = x
s_out.send(s >> state_exp))basalt",
R"basalt(a_out.send(a_buff)
a_buff = weights @ message(s_in.recv(), num_message_bits))basalt",
"weights = loihi_weights(weights, sign_mode, num_weight_bits)",
R"basalt(a_out.send(a_buff)
a_buff = shift(weights @ message(s_in.recv(), num_message_bits), weight_exp))basalt",
R"basalt(a_out.send(a_buff[:, 0])
let a = deliver(weights, delays, message(s_in.recv(), num_message_bits), slots)
a_buff[:, 0] = 0
a_buff = roll(a_buff, -1, axis=1) + a)basalt",
R"basalt(a_out.send(a_buff[:, 0])
let a = deliver(weights, delays, message(s_in.recv(), num_message_bits), slots)
a_buff[:, 0] = 0
a_buff = roll(a_buff, -1, axis=1) + shift(a, weight_exp))basalt",
R"basalt(a_out.send(a_buf)
let s = message(s_in.recv(), num_message_bits)
a_buf = conv2d(s, weight[:, ::-1, ::-1, :], stride=stride, padding=padding, dilation=dilation, groups=groups))basalt",
R"basalt(a_out.send(a_buf)
let s = message(s_in.recv(), num_message_bits)
a_buf = i24(conv2d(s, weight[:, ::-1, ::-1, :], stride=stride, padding=padding, dilation=dilation, groups=groups)))basalt",
R"basalt(let rule = learning_rule
a_out.send(a_buff)
let s = s_in.recv()
a_buff = weights @ message(s, num_message_bits)
let k = (time_step - 1) % rule.t_epoch + 1
let pre = s != 0
let post = s_in_bap.recv()
# a second spike within an epoch counts at once
x1[pre and tx > 0] += rule.x1_impulse
x2[pre and tx > 0] += rule.x2_impulse
y1[post and ty > 0] += rule.y1_impulse
y2[post and ty > 0] += rule.y2_impulse
y3[post and ty > 0] += rule.y3_impulse
tx[pre] = k
ty[post] = k)basalt",
R"basalt(let rule = learning_rule
let w, d, t = weights, tag_2, tag_1         # all targets see the old values
for k in range(1, rule.t_epoch + 1) {
  x1 = trace(x1, rule.x1_tau, rule.x1_impulse, tx == k)
  x2 = trace(x2, rule.x2_tau, rule.x2_impulse, tx == k)
  y1 = trace(y1, rule.y1_tau, rule.y1_impulse, ty == k)
  y2 = trace(y2, rule.y2_tau, rule.y2_impulse, ty == k)
  y3 = trace(y3, rule.y3_tau, rule.y3_impulse, ty == k)
  let epoch = where(k == rule.t_epoch, time_step // rule.t_epoch, 0)
  weights += learn(rule.dw, k, epoch, tx, ty, x1, x2, y1, y2, y3, w, d, t)
  tag_2 += learn(rule.dd, k, epoch, tx, ty, x1, x2, y1, y2, y3, w, d, t)
  tag_1 += learn(rule.dt, k, epoch, tx, ty, x1, x2, y1, y2, y3, w, d, t)
}
tag_2 = max(tag_2, 0)
if sign_mode == "EXCITATORY" { weights = max(weights, 0) }
if sign_mode == "INHIBITORY" { weights = min(weights, 0) }
tx = 0
ty = 0)basalt",
"s_out.send(data[..., (time_step - 1) % n])",
"data[..., (time_step - 1) % buffer] = a_in.recv()",
"payload = a_in.recv()",
"data[..., (time_step - 1) // interval % buffer] = state.read()",
"state.write(reset_value)",
R"basalt(let input = input_aval_in.recv() != 0
let output = output_aval_in.recv() != 0
if input { waiting = true; t_passed = 0 }
let novelty = not output and t_passed > t_wait
if output or novelty { waiting = false; t_passed = 0 }
if waiting { t_passed += 1 }
novelty_detected_out.send(novelty))basalt",
R"basalt(seen = ref.read()
ref.write(seen + time_step))basalt",
R"basalt(let value = ref.read()
print("Value of var: {} at time step: {}", value, time_step)
ref.write(value + time_step))basalt",
"s_out.send(weight * random.poisson(rate, size=shape))",
R"basalt(var += step
out.send(var))basalt",
"var += post_step",
"val = ref.read() + k",
"seen = ref.read()",
"pre = ref.read()",
"post = ref.read()",
R"basalt(ref.write(values[..., (time_step - 1) % n])
back = ref.read())basalt",
};

inline const char *const expressionTexts[] = {
"max(max_delay, max(delays)) + 1",
"(input_shape[:2] + 2 * padding - dilation * (weight.shape[1:3] - 1) - 1) // stride + 1",
"tau_plus",
"tau_minus",
"time_step % learning_rule.t_epoch == 0",
"(time_step - 1) % interval == offset % interval",
"weights",
"n",
"du",
"dv",
"vth",
"bias_mant",
"shape",
"init",
"5 * order",
"1 - exp(-dt / tau)",
"theta",
"round(2.0 / dt)",
"eta * theta / (J * tau) * dt",
"J",
"4 * order // 10",
"order // 10",
"-g * J",
"post_step != 0",
"(time_step - 1) % interval == offset",
"true",
};

inline const char *const varTexts[] = {
"num[shape] = 0",
"num = 0",
"i32[shape] = 0",
"num = 10",
"i64[shape] = 0",
"num = -10",
"num[shape] = 5",
"bool[shape] = false",
"f64 = 0.4",
"f64 = 0.2",
"f64 = 5",
"f64 = 3.75",
"num = fixed((1 - alpha) * sin(2 * pi / period), decay_bits)",
"num = fixed((1 - alpha) * cos(2 * pi / period), decay_bits)",
"f64 = 1",
"num",
"num[n, m]",
"num[n] = 0",
"sparse num[n, m]",
"i32[n, m] = 0",
"num[n, slots] = 0",
"i32[weights] = 0",
"num[oc, kx, ky, ic]",
"num[output, oc] = 0",
"num[n, m] = 0",
"i32[m] = 0",
"i32[n] = 0",
"num[m] = 0",
"num[*shape, n]",
"num[shape, buffer] = 0",
"i32 = 0",
"bool[1] = false",
"i32[1] = 0",
"i32[shape] = init",
"i32[1] = 5",
"f64 = 0",
"i32[*shape, n]",
};

inline const char *const parameterTexts[] = {
"required",
"1",
"0",
"i64 = 1",
"false",
"RELU",
"8",
"AUTO",
"i64[3]",
"i64[2] = 0",
"i64[2] = 1",
"rule = 0",
"-1",
"10",
"rule = learning_rate * A_minus * x0 * y1 + learning_rate * A_plus * y0 * x1",
"16",
"2500",
"0.1",
"20.0",
"5.0",
"2.0",
"1.0",
};

inline const char *const portTexts[] = {
"in num[shape]",
"out u1[shape]",
"out i2[shape]",
"out spike[shape]",
"out num[shape]",
"in num[m]",
"out num[n]",
"in num[input_shape]",
"out num[output, oc]",
"in bool[n]",
"ref num[*shape]",
"in i32[1]",
"out i32[1]",
"ref num[shape]",
"var var",
"ref i32[1]",
"out f64[shape]",
"out i32[shape]",
"ref i32[shape]",
};

inline const char *const connectionTexts[] = {
"s_in -> dense.s_in",
"dense.a_out -> lif.a_in",
"lif.s_out -> s_out",
"acc.ref -> ref",
"proc1.ref -> proc2.var",
"a.s_out, b.s_out -> total.a_in",
"concat(a.s_out, b.s_out) -> both.a_in",
"neurons.s_out[:4 * order] -> exc.s_in",
"neurons.s_out[4 * order:] -> inh.s_in",
"drive.s_out, exc.a_out, inh.a_out -> neurons.a_in",
};

inline const char *const limitTexts[] = {
"0..4095",
"0..131071",
"1..",
"0..",
"1..8",
"0..63",
};

inline const char *const pathTexts[] = {
"lif.u",
"lif.v",
"dense.weights",
"acc.seen",
"holder.var",
"inner.var",
};

} // namespace basalt::test
// clang-format on

#endif // BASALT_TEST_UNIT_BEHAVIOUR_EXAMPLES_H
