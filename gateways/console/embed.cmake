# Writes OUT: a table of every file under FOLDER with its bytes, taken in by the assembler (a text of hexadecimal would cost seconds).
# Run with cmake -P at build time. A file NAME.gz is the compressed form of NAME.
file(GLOB_RECURSE files RELATIVE ${FOLDER} ${FOLDER}/*)
list(FILTER files EXCLUDE REGEX "\\.gz$|^\\.")
list(SORT files)
set(bytes "")
set(names "")
set(table "")
set(index 0)
function(take symbol path)
  string(APPEND bytes "asm(\".pushsection .rodata\\n.global ${symbol}\\n${symbol}: .incbin \\\"${path}\\\"\\n.global ${symbol}_end\\n${symbol}_end: .byte 0\\n.popsection\");\n")
  string(APPEND names "extern \"C\" char const ${symbol}[], ${symbol}_end[];\n")
  set(bytes "${bytes}" PARENT_SCOPE)
  set(names "${names}" PARENT_SCOPE)
endfunction()
foreach(name ${files})
  set(symbol wangge_web_${index})
  take(${symbol} ${FOLDER}/${name})
  if(EXISTS ${FOLDER}/${name}.gz)
    take(${symbol}_gz ${FOLDER}/${name}.gz)
    set(gzipped "view(${symbol}_gz, ${symbol}_gz_end)")
  else()
    set(gzipped "{}")
  endif()
  string(APPEND table "      {\"${name}\", view(${symbol}, ${symbol}_end), ${gzipped}},\n")
  math(EXPR index "${index} + 1")
endforeach()
# The content's hash stands in the text, so that a compiler's cache never gives an older page.
file(GLOB_RECURSE all ${FOLDER}/*)
list(SORT all)
set(sums "")
foreach(path ${all})
  file(SHA256 ${path} sum)
  string(APPEND sums ${sum})
endforeach()
string(SHA256 sum "${sums}")
file(WRITE ${OUT}.new "// Made at build time from the built pages, content ${sum}.
#include \"gateways/console/page_door.hpp\"

${names}
${bytes}
namespace wangge::console {
namespace {
std::string_view view(char const* begin, char const* end) { return {begin, static_cast<std::size_t>(end - begin)}; }
}  // namespace
std::span<WebFile const> web_files() {
  static WebFile const files[] = {
${table}  };
  return files;
}
}  // namespace wangge::console
")
file(COPY_FILE ${OUT}.new ${OUT} ONLY_IF_DIFFERENT)
