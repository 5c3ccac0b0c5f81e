# basalt_add_library(name SOURCES ... [LIBS ...] [DEPENDS ...] [EXCEPTIONS])
#   A static library of the compiler: LLVM's flags (no exceptions), linked to the shared libMLIR.
#   EXCEPTIONS is for the one folder that includes yaml-cpp.
# basalt_add_tool(name SOURCES ... [LIBS ...])
#   An executable in build/bin.

set(BASALT_WARNINGS -Wall -Wextra -Wno-unused-parameter -Werror)
# libstdc++ 12 marks what its own std::stable_sort uses as deprecated, and clang reports it from
# there. Without this macro it does not; MLIR's deprecations are still reported.
list(APPEND BASALT_WARNINGS -U__DEPRECATED)

function(_basalt_llvm_target name)
  target_include_directories(${name} SYSTEM PRIVATE ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
  target_compile_definitions(${name} PRIVATE ${BASALT_LLVM_DEFINITIONS})
  target_compile_options(${name} PRIVATE ${BASALT_WARNINGS})
endfunction()

function(basalt_add_library name)
  cmake_parse_arguments(ARG "EXCEPTIONS" "" "SOURCES;LIBS;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  _basalt_llvm_target(${name})
  if(NOT ARG_EXCEPTIONS)
    target_compile_options(${name} PRIVATE -fno-exceptions)
  endif()
  target_link_libraries(${name} PUBLIC ${ARG_LIBS} MLIR LLVM)
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
endfunction()

function(basalt_add_tool name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  _basalt_llvm_target(${name})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} MLIR LLVM)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()

if(BASALT_SANITIZE)
  # vptr would look for type information that libMLIR keeps to itself.
  set(BASALT_SANITIZERS -fsanitize=address,undefined -fno-sanitize=vptr)
  add_compile_options(${BASALT_SANITIZERS} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(${BASALT_SANITIZERS})
endif()
