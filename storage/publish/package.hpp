// The zip around an Office file (libzip). What a city's template brings is untrusted: its size and its number of parts are
// bounded, macros are refused.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace wangge::storage {

struct BadTemplate : std::runtime_error {
  using runtime_error::runtime_error;
};

struct PackagePart {
  std::string name, bytes;
};
using Package = std::vector<PackagePart>;  // in the file's own order

inline constexpr std::size_t kTemplateMost = 10u << 20, kTemplateUnpackedMost = 64u << 20, kTemplatePartsMost = 2000;

enum class PackageKind { docx, xlsx };
PackageKind kind_of(Package const& package);  // throws BadTemplate when it is neither, or carries macros
Package read_package(std::string_view bytes);  // throws BadTemplate
std::string write_package(Package const& package);
std::string* find_part(Package& package, std::string_view name);

}  // namespace wangge::storage
