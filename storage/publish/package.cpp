#include "storage/publish/package.hpp"

#include <zip.h>

#include <algorithm>
#include <memory>

namespace wangge::storage {
namespace {

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* file) const { zip_fclose(file); }
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
using Archive = std::unique_ptr<zip_t, Discard>;
using File = std::unique_ptr<zip_file_t, Discard>;
using Source = std::unique_ptr<zip_source_t, Discard>;

constexpr time_t kStamp = 1577836800;  // 2020: the same bytes from the same content

std::string read_part(zip_t* archive, zip_uint64_t index, std::size_t size) {
  File const file(zip_fopen_index(archive, index, 0));
  if (!file) throw BadTemplate("a part of the template cannot be unpacked (is it encrypted?)");
  std::string bytes(size, '\0');
  std::size_t at = 0;
  while (at < size) {
    auto const got = zip_fread(file.get(), bytes.data() + at, size - at);
    if (got <= 0) throw BadTemplate("a part of the template is cut short or damaged");
    at += static_cast<std::size_t>(got);
  }
  char more = 0;
  // One byte beyond what it says: a part that lies about its size; and the end is where its checksum is compared.
  if (zip_fread(file.get(), &more, 1) != 0) throw BadTemplate("a part of the template is damaged");
  return bytes;
}

}  // namespace

Package read_package(std::string_view bytes) {
  if (bytes.size() > kTemplateMost) throw BadTemplate("the template is larger than 10 MiB");
  Source source(zip_source_buffer_create(bytes.data(), bytes.size(), 0, nullptr));
  if (!source) throw std::bad_alloc();
  Archive const archive(zip_open_from_source(source.get(), ZIP_RDONLY | ZIP_CHECKCONS, nullptr));
  if (!archive) throw BadTemplate("the template is no .docx and no .xlsx file (no zip)");
  source.release();  // the archive's now
  auto const count = zip_get_num_entries(archive.get(), 0);
  if (count <= 0 || static_cast<std::size_t>(count) > kTemplatePartsMost) throw BadTemplate("the template has too many parts, or none");
  Package package;
  std::size_t unpacked = 0;
  for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(count); ++i) {
    zip_stat_t stat{};
    if (zip_stat_index(archive.get(), i, 0, &stat) != 0 || (stat.valid & (ZIP_STAT_NAME | ZIP_STAT_SIZE)) != (ZIP_STAT_NAME | ZIP_STAT_SIZE))
      throw BadTemplate("the template's table of contents is damaged");
    std::string name = stat.name;
    if (name.ends_with('/')) continue;
    if (stat.size > kTemplateUnpackedMost || (unpacked += stat.size) > kTemplateUnpackedMost)
      throw BadTemplate("the template unpacks to more than 64 MiB");
    if (find_part(package, name) != nullptr) throw BadTemplate("the template holds " + name + " twice");
    package.push_back({std::move(name), read_part(archive.get(), i, stat.size)});
  }
  return package;
}

PackageKind kind_of(Package const& package) {
  auto const has = [&](auto const& test) { return std::any_of(package.begin(), package.end(), [&](PackagePart const& p) { return test(p.name); }); };
  if (has([](std::string const& name) { return name.ends_with("vbaProject.bin"); }))
    throw BadTemplate("the template carries macros; save it as .docx or .xlsx");
  if (has([](std::string const& name) { return name == "word/document.xml"; })) return PackageKind::docx;
  if (has([](std::string const& name) { return name == "xl/workbook.xml"; })) return PackageKind::xlsx;
  throw BadTemplate("the template is no .docx and no .xlsx file (no word/document.xml, no xl/workbook.xml)");
}

std::string* find_part(Package& package, std::string_view name) {
  auto const found = std::find_if(package.begin(), package.end(), [&](PackagePart const& p) { return p.name == name; });
  return found == package.end() ? nullptr : &found->bytes;
}

std::string write_package(Package const& package) {
  Source const source(zip_source_buffer_create(nullptr, 0, 0, nullptr));
  if (!source) throw std::bad_alloc();
  zip_source_keep(source.get());  // read from after the archive is written
  Archive archive(zip_open_from_source(source.get(), ZIP_CREATE | ZIP_TRUNCATE, nullptr));
  if (!archive) {
    zip_source_free(source.get());
    throw std::runtime_error("no room for the bulletin");
  }
  for (auto const& part : package) {
    Source content(zip_source_buffer(archive.get(), part.bytes.data(), part.bytes.size(), 0));
    auto const index = content ? zip_file_add(archive.get(), part.name.c_str(), content.get(), ZIP_FL_ENC_UTF_8) : -1;
    if (index < 0) throw std::runtime_error("no room for the bulletin");
    content.release();
    zip_file_set_mtime(archive.get(), static_cast<zip_uint64_t>(index), kStamp, 0);
  }
  if (zip_close(archive.get()) != 0) throw std::runtime_error(std::string("the bulletin could not be written: ") + zip_strerror(archive.get()));
  archive.release();
  zip_stat_t stat{};
  if (zip_source_open(source.get()) != 0 || zip_source_stat(source.get(), &stat) != 0) throw std::runtime_error("the bulletin could not be read back");
  std::string bytes(stat.size, '\0');
  auto const got = zip_source_read(source.get(), bytes.data(), bytes.size());
  zip_source_close(source.get());
  if (got != static_cast<zip_int64_t>(bytes.size())) throw std::runtime_error("the bulletin could not be read back");
  return bytes;
}

}  // namespace wangge::storage
