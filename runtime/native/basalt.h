/* Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A simulator inside another program: what a library has that `basalt compile --emit=lib` makes,
 * for C, C++ and whatever calls C (ctypes, cffi). One simulation may be used by one thread at a
 * time.
 *
 * Functions that can fail return 0 when they did what they should and -1 when not; basalt_error
 * then says why, in one line. Arrays are row-major; integers travel as int64_t, floats as double,
 * and a value must be exact for the Var: a number that does not fit is an error, and so is one
 * beyond its limits.
 */
#ifndef BASALT_RUNTIME_NATIVE_BASALT_H
#define BASALT_RUNTIME_NATIVE_BASALT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct basalt_simulation basalt_simulation;

/* A new simulation with the initial values of the network. Null if that is not possible;
 * basalt_error(NULL) says why. Any number of them may exist. */
basalt_simulation *basalt_open(void);
void basalt_close(basalt_simulation *simulation);

/* Why the last call for this simulation failed; valid until the next one. */
const char *basalt_error(const basalt_simulation *simulation);

/* Runs `steps` time steps, fewer if the network asks for a pause or a stop, and returns how many it
 * was, or -1. After a stop no step runs any more. What the network prints goes to standard output.
 */
int64_t basalt_run(basalt_simulation *simulation, int64_t steps);

/* How many threads run the steps from now on, from 1 to 1024; the values do not depend on it. One,
 * if the `run:` section of the network does not say otherwise. A network that is too small for it
 * stays on the thread that calls. */
int basalt_set_threads(basalt_simulation *simulation, int64_t threads);

/* The number of axes of a Var (`instance.var`, also an alias), or -1. `extents`, if not null, gets
 * the extent of each, at most 32. */
int basalt_shape(basalt_simulation *simulation, const char *var, int64_t *extents);

/* Values of a Var after the last time step; `count` is the number of its elements. An integer Var
 * can be read as doubles if all its values are exact. */
int basalt_get_integers(basalt_simulation *simulation, const char *var, int64_t *values,
                        int64_t count);
int basalt_get_floats(basalt_simulation *simulation, const char *var, double *values,
                      int64_t count);

/* Sets a Var before the next time step. */
int basalt_set_integers(basalt_simulation *simulation, const char *var, const int64_t *values,
                        int64_t count);
int basalt_set_floats(basalt_simulation *simulation, const char *var, const double *values,
                      int64_t count);

/* Puts a message into the buffer of an Injector: 1 if done, 0 if the buffer is full, -1 on error.
 */
int basalt_push_integers(basalt_simulation *simulation, const char *injector, const int64_t *values,
                         int64_t count);
int basalt_push_floats(basalt_simulation *simulation, const char *injector, const double *values,
                       int64_t count);

/* Takes the oldest message out of the buffer of an Extractor: 1 if done, 0 if there is none, -1 on
 * error. */
int basalt_pull_integers(basalt_simulation *simulation, const char *extractor, int64_t *values,
                         int64_t count);
int basalt_pull_floats(basalt_simulation *simulation, const char *extractor, double *values,
                       int64_t count);

#ifdef __cplusplus
}
#endif

#endif /* BASALT_RUNTIME_NATIVE_BASALT_H */
