// Part of Basalt, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where things are on a chip: as text for a terminal, and as a picture.
#ifndef BASALT_COMPILER_NEUROCORE_REPORT_COREMAP_H
#define BASALT_COMPILER_NEUROCORE_REPORT_COREMAP_H

#include "compiler/neurocore/report/Traffic.h"

namespace basalt::neurocore {

/// A grid of routers for each chip that is used, and what each core has.
std::string mapText(const nc::Image &image, const nc::Target &target);

/// The same as an SVG file: cores by load, arcs by `traffic`, and what a core has behind the mouse.
std::string mapSvg(const nc::Image &image, const nc::Target &target, const Traffic &traffic);
/// A page with that picture, which needs no other file.
std::string mapHtml(const nc::Image &image, const nc::Target &target, const Traffic &traffic);

} // namespace basalt::neurocore

#endif // BASALT_COMPILER_NEUROCORE_REPORT_COREMAP_H
