#!/bin/sh
# Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Runs a compiler through ccache so that clones of the project, wherever they are, share what they
# have compiled: no path that counts begins with where the clone is. ccache makes most of them
# relative itself, but not those that CMake hides behind -Xclang for the precompiled header.
CCACHE_BASEDIR=$(cd "$(dirname "$0")/.." && pwd)
export CCACHE_BASEDIR CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros
for argument in "$@"; do
  shift
  set -- "$@" "${argument#"$PWD"/}"
done
exec ccache "$@"
