// Any bytes as a bulletin's template: filled, or refused in words; never a crash, and what is filled opens again. The first
// byte chooses: the whole file, or one part of our own .docx or .xlsx (so that the reader of markup is reached at all).
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "storage/publish/bulletin.hpp"

namespace {

using namespace wangge::storage;

void demand(bool fact) {
  if (!fact) std::abort();
}

constexpr std::string_view kParts[] = {"",  // the file itself
                                       "word/document.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml",
                                       "xl/_rels/workbook.xml.rels", "[Content_Types].xml"};

Sheet table(std::vector<std::string> const& words) {
  Sheet sheet;
  if (words.front() != "closure") return sheet;
  sheet.columns = {{"key", "代码"}, {"name", "名称"}, {"closure_rate", "结案率", true}};
  sheet.rows = {{Cell::of("U1"), Cell::of("市政处 <&>"), Cell::two(9000)}, {Cell::of(""), Cell::of("合计"), Cell::two(std::nullopt)}};
  sheet.total = true;
  return sheet;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size == 0) return 0;
  std::string bytes(reinterpret_cast<char const*>(data) + 1, size - 1);
  auto const part = kParts[data[0] % std::size(kParts)];
  if (!part.empty()) {
    static auto const docx = read_package(default_template(PackageKind::docx, "zh"));
    static auto const xlsx = read_package(default_template(PackageKind::xlsx, "zh"));
    auto package = part.starts_with("word") ? docx : xlsx;
    if (auto* const present = find_part(package, part)) *present = std::move(bytes);
    else package.push_back({std::string(part), std::move(bytes)});
    bytes = write_package(package);
  }
  BulletinWords words({{"month", "2026-10"}, {"evil", "{{month}} </w:t> & \x01"}}, table, "zh");
  try {
    auto const filled = fill_bulletin(bytes, words);
    demand(!read_package(filled).empty());
  } catch (BadTemplate const& refused) {
    demand(*refused.what() != '\0');
  }
  return 0;
}
