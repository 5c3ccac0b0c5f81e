// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The image of a session's network: for `basalt compile` and for reports.
#ifndef BASALT_TOOLS_BASALT_MAKEIMAGE_H
#define BASALT_TOOLS_BASALT_MAKEIMAGE_H

#include "tools/basalt/Session.h"

#include "runtime/neurocore/Image.h"

namespace basalt::driver {

/// The options that an image's network itself gives; throws rt::InputError.
rt::RunOptions defaultsOf(const nc::Image &image, const std::string &path);

/// What is not kDone has been reported.
rt::ExitCode makeImage(Session &session, nc::Image &image);

} // namespace basalt::driver

#endif // BASALT_TOOLS_BASALT_MAKEIMAGE_H
