# basalt_add_fuzzed_library(name OF libraries... [SOURCES ...] [LIBS ...])
#   The sources of our `libraries`, compiled once more for libFuzzer with AddressSanitizer and UBSan.
#   What they link is named in LIBS: it is not instrumented, so errors are found at its borders only.
# basalt_add_fuzzer(name SOURCES ... [LIBS ...])
#   A fuzzer in build/bin, run by test/fuzz/fuzz.py.
# None of them is built unless it is asked for.

# vptr would look for type information that libMLIR keeps to itself.
set(BASALT_FUZZ_OPTIONS -fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=all
  -fno-omit-frame-pointer -O1 -gline-tables-only -fexceptions)
_basalt_precompile(BasaltPrecompiledFuzzed -fsanitize=fuzzer-no-link ${BASALT_FUZZ_OPTIONS})
set_target_properties(BasaltPrecompiledFuzzed PROPERTIES EXCLUDE_FROM_ALL ON)

function(_basalt_fuzz_target name)
  _basalt_llvm_options(${name})
  target_compile_options(${name} PRIVATE -fsanitize=fuzzer-no-link ${BASALT_FUZZ_OPTIONS})
  target_precompile_headers(${name} REUSE_FROM BasaltPrecompiledFuzzed)
endfunction()

function(basalt_add_fuzzed_library name)
  cmake_parse_arguments(ARG "" "" "OF;SOURCES;LIBS" ${ARGN})
  foreach(library IN LISTS ARG_OF)
    get_target_property(folder ${library} SOURCE_DIR)
    get_target_property(sources ${library} SOURCES)
    list(TRANSFORM sources PREPEND ${folder}/)
    list(APPEND ARG_SOURCES ${sources})
    get_target_property(generated ${library} MANUALLY_ADDED_DEPENDENCIES)
    if(generated)
      list(APPEND dependencies ${generated})
    endif()
  endforeach()
  add_library(${name} STATIC EXCLUDE_FROM_ALL ${ARG_SOURCES})
  _basalt_fuzz_target(${name})
  target_link_libraries(${name} PUBLIC ${ARG_LIBS} MLIR LLVM)
  if(dependencies)
    add_dependencies(${name} ${dependencies})
  endif()
endfunction()

function(basalt_add_fuzzer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} EXCLUDE_FROM_ALL ${ARG_SOURCES})
  _basalt_fuzz_target(${name})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} MLIR LLVM)
  target_link_options(${name} PRIVATE -fsanitize=fuzzer,address,undefined)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()
