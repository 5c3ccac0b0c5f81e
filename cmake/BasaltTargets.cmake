# basalt_add_library(name SOURCES ... [LIBS ...] [DEPENDS ...] [EXCEPTIONS])
#   A static library of the compiler: LLVM's flags (no exceptions), linked to the shared libMLIR.
#   EXCEPTIONS is for the one folder that includes yaml-cpp.
# basalt_add_tool(name SOURCES ... [LIBS ...])
#   An executable in build/bin.

set(BASALT_WARNINGS -Wall -Wextra -Wno-unused-parameter -Werror)
# libstdc++ 12 marks what its own std::stable_sort uses as deprecated, and clang reports it from
# there. Without this macro it does not; MLIR's deprecations are still reported.
list(APPEND BASALT_WARNINGS -U__DEPRECATED)

# The flags of generated code, for all that computes with values: a contraction would give other
# bits. Everywhere, because a precompiled header only fits targets with the same flags.
set(BASALT_FLOAT_OPTIONS -ffp-contract=off -fno-math-errno -fno-trapping-math)

function(_basalt_llvm_options name)
  target_include_directories(${name} SYSTEM PRIVATE ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
  target_compile_definitions(${name} PRIVATE ${BASALT_LLVM_DEFINITIONS})
  target_compile_options(${name} PRIVATE ${BASALT_WARNINGS} ${BASALT_FLOAT_OPTIONS})
endfunction()

# The headers of MLIR are most of what a file of ours costs to compile, so they are compiled once:
# a library without code whose precompiled header the others use.
function(_basalt_precompile name)
  file(CONFIGURE OUTPUT ${name}.cpp CONTENT "// Only carries the precompiled header.\n")
  add_library(${name} OBJECT ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  _basalt_llvm_options(${name})
  # A time stamp inside would keep ccache from recognising it.
  target_compile_options(${name} PRIVATE ${ARGN} "SHELL:-Xclang -fno-pch-timestamp")
  target_precompile_headers(${name} PRIVATE <cmake/Precompiled.h>)
endfunction()

function(_basalt_llvm_target name)
  cmake_parse_arguments(ARG "EXCEPTIONS" "" "" ${ARGN})
  _basalt_llvm_options(${name})
  if(ARG_EXCEPTIONS)
    target_precompile_headers(${name} REUSE_FROM BasaltPrecompiledExceptions)
  else()
    target_compile_options(${name} PRIVATE -fno-exceptions)
    target_precompile_headers(${name} REUSE_FROM BasaltPrecompiled)
  endif()
endfunction()

function(basalt_add_library name)
  cmake_parse_arguments(ARG "EXCEPTIONS" "" "SOURCES;LIBS;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  if(ARG_EXCEPTIONS)
    set(exceptions EXCEPTIONS)
  endif()
  _basalt_llvm_target(${name} ${exceptions})
  target_link_libraries(${name} PUBLIC ${ARG_LIBS} MLIR LLVM)
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
endfunction()

function(basalt_add_tool name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  _basalt_llvm_target(${name} EXCEPTIONS)
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} MLIR LLVM)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()

if(BASALT_SANITIZE)
  # vptr would look for type information that libMLIR keeps to itself.
  set(BASALT_SANITIZERS -fsanitize=address,undefined -fno-sanitize=vptr)
  add_compile_options(${BASALT_SANITIZERS} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(${BASALT_SANITIZERS})
endif()

# After the sanitizers' flags, which it must share.
_basalt_precompile(BasaltPrecompiled -fno-exceptions)
_basalt_precompile(BasaltPrecompiledExceptions)
