# basalt_add_unit_test(name SOURCES ... [LIBS ...])
#   A GoogleTest executable, and a ctest test `unit-<name>`. Failures print as usual; one process
#   for all its cases, because loading libMLIR costs more than a case.
# basalt_add_lit_tests()
#   One ctest test `lit-<folder>` for each folder below test/ that has lit tests, and the target
#   check-basalt for all of them.
# basalt_add_meta_test(name COMMAND ...)
#   A test `meta-<name>` about the project itself: a script below test/meta.

function(basalt_add_unit_test name)
  cmake_parse_arguments(ARG "EXCEPTIONS" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  _basalt_llvm_target(${name} EXCEPTIONS)
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} GTest::gtest_main MLIR LLVM)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/test/unit)
  add_test(NAME unit-${name} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  if(BASALT_SANITIZE)
    set_tests_properties(unit-${name} PROPERTIES ENVIRONMENT ASAN_OPTIONS=detect_container_overflow=0)
  endif()
endfunction()

function(basalt_add_lit_tests)
  configure_lit_site_cfg(
    ${PROJECT_SOURCE_DIR}/test/lit.site.cfg.py.in ${PROJECT_BINARY_DIR}/test/lit.site.cfg.py
    MAIN_CONFIG ${PROJECT_SOURCE_DIR}/test/lit.cfg.py)
  set(suite ${PROJECT_BINARY_DIR}/test)
  # Slow tests are worth seeing; the rest of lit's summary is in the failure output.
  set(LLVM_LIT_ARGS -v)
  add_lit_testsuite(check-basalt "Running the lit tests" ${suite} DEPENDS ${BASALT_TOOLS})

  # CONFIGURE_DEPENDS: a new folder is a new test without anybody asking for it.
  file(GLOB_RECURSE tests CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/test
    ${PROJECT_SOURCE_DIR}/test/*.mlir ${PROJECT_SOURCE_DIR}/test/*.yaml ${PROJECT_SOURCE_DIR}/test/*.test)
  set(folders)
  foreach(test IN LISTS tests)
    get_filename_component(folder ${test} DIRECTORY)
    if(NOT folder MATCHES "(^|/)(Inputs|cases|data|unit|meta)(/|$)")
      list(APPEND folders ${folder})
    endif()
  endforeach()
  list(REMOVE_DUPLICATES folders)
  foreach(folder IN LISTS folders)
    # A folder whose parent is in the list runs with it.
    get_filename_component(parent "${folder}" DIRECTORY)
    if(NOT folder OR parent IN_LIST folders)
      continue()
    endif()
    string(REPLACE "/" "-" name lit-${folder})
    add_test(NAME ${name} COMMAND ${Python3_EXECUTABLE} ${LLVM_EXTERNAL_LIT} -v -j2 ${suite}/${folder})
    set_tests_properties(${name} PROPERTIES PROCESSORS 2)   # lit runs two at a time itself
  endforeach()
endfunction()

function(basalt_add_meta_test name)
  cmake_parse_arguments(ARG "" "" "COMMAND" ${ARGN})
  add_test(NAME meta-${name} COMMAND ${Python3_EXECUTABLE} ${ARG_COMMAND}
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
endfunction()
