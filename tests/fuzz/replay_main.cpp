// Runs a fuzz target over kept inputs without a fuzzer: each file named, each folder's files, under any compiler and
// any sanitizer. And over every prefix of each, which finds most reads beyond an end.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

namespace {

// A copy of exactly this size, so that a sanitizer sees the byte after the end.
void run(std::string const& bytes, std::size_t size) {
  auto const copy = std::make_unique<std::uint8_t[]>(size);
  std::copy_n(bytes.begin(), size, copy.get());
  LLVMFuzzerTestOneInput(copy.get(), size);
}

constexpr std::size_t kPrefixesUpTo = 4096;

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::filesystem::path> files;
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) {
      files.emplace_back(argv[i]);
      continue;
    }
    for (auto const& entry : std::filesystem::directory_iterator(argv[i])) files.push_back(entry.path());
  }
  for (auto const& file : files) {
    std::ifstream in(file, std::ios::binary);
    std::string const bytes{std::istreambuf_iterator<char>(in), {}};
    run(bytes, bytes.size());
    for (std::size_t size = 0; size < bytes.size() && size < kPrefixesUpTo; ++size) run(bytes, size);
  }
  std::printf("%zu inputs replayed\n", files.size());
  return files.empty() ? 1 : 0;
}
