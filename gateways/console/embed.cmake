# Writes OUT: every file of FOLDER as a C++ string constant. Run with cmake -P at build time.
file(GLOB files RELATIVE ${FOLDER} ${FOLDER}/*.html ${FOLDER}/*.js ${FOLDER}/*.css ${FOLDER}/*.svg ${FOLDER}/*.png ${FOLDER}/*.webmanifest)
list(SORT files)
set(constants "")
set(table "")
set(index 0)
foreach(name ${files})
  file(READ ${FOLDER}/${name} hex HEX)
  string(REGEX REPLACE "(..)" "\\\\x\\1" escaped "${hex}")
  # One literal a few hundred bytes long each: the compiler joins them.
  string(REGEX REPLACE "(................................................................................................................................................................................................................................................................)" "\\1\"\n  \"" escaped "${escaped}")
  string(APPEND constants "constexpr char kFile${index}[] =\n  \"${escaped}\";\n")
  string(APPEND table "  WebFile{\"${name}\", {kFile${index}, sizeof kFile${index} - 1}},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE ${OUT}.new "// Made from gateways/console/web at build time.
#include \"gateways/console/page_door.hpp\"

namespace wangge::console {
namespace {
${constants}
constexpr WebFile kFiles[] = {
${table}};
}  // namespace
std::span<WebFile const> web_files() { return kFiles; }
}  // namespace wangge::console
")
file(COPY_FILE ${OUT}.new ${OUT} ONLY_IF_DIFFERENT)
