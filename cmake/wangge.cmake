# What every target shares: warnings, sanitizers, the compiler cache, the linker.
option(WANGGE_WERROR "Warnings are errors" OFF)
set(WANGGE_SANITIZE "" CACHE STRING "address (with undefined) or thread")

find_program(CCACHE ccache)
if(CCACHE)
  # base_dir and hash_dir=false: a fresh clone in another folder hits the cache.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

add_library(wangge_flags INTERFACE)
target_include_directories(wangge_flags INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)
target_compile_options(wangge_flags INTERFACE -Wall -Wextra -Wpedantic -Wno-missing-field-initializers -fno-omit-frame-pointer -g1)
target_compile_definitions(wangge_flags INTERFACE _GLIBCXX_ASSERTIONS)
if(WANGGE_WERROR)
  target_compile_options(wangge_flags INTERFACE -Werror)
endif()
if(WANGGE_SANITIZE STREQUAL "address")
  target_compile_options(wangge_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined)
  target_link_options(wangge_flags INTERFACE -fsanitize=address,undefined)
elseif(WANGGE_SANITIZE STREQUAL "thread")
  target_compile_options(wangge_flags INTERFACE -fsanitize=thread)
  target_link_options(wangge_flags INTERFACE -fsanitize=thread)
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(wangge_flags INTERFACE -fstack-protector-strong)
  target_compile_definitions(wangge_flags INTERFACE _FORTIFY_SOURCE=2)
endif()
find_program(MOLD mold)
if(MOLD)
  target_link_options(wangge_flags INTERFACE -fuse-ld=mold)
endif()

# wangge_room(name SOURCES a.cpp … LIBS …): one room of the code as a static library.
function(wangge_room name)
  cmake_parse_arguments(R "" "" "SOURCES;LIBS" ${ARGN})
  add_library(${name} STATIC ${R_SOURCES})
  target_link_libraries(${name} PUBLIC wangge_flags ${R_LIBS})
endfunction()

# wangge_test(name SOURCES … LIBS …): one GoogleTest program, registered with CTest under its name.
function(wangge_test name)
  cmake_parse_arguments(T "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${T_SOURCES})
  target_link_libraries(${name} PRIVATE wangge_flags ${T_LIBS} GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name})
endfunction()
