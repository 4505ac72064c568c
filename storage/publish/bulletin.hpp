// 通报 from a city's own template (.docx or .xlsx): placeholders in double braces get the month's figures. What they may say
// stands in deploy/bulletin.md. Nothing is written when one of them is not understood: all such are named at once.
#pragma once

#include <functional>
#include <map>

#include "storage/publish/package.hpp"
#include "storage/publish/sheet.hpp"

namespace wangge::storage {

struct Value {
  Cell cell;
  bool percent = false;     // shown with the sign in running text
  std::string text() const;
};

// A placeholder that says nothing: unknown word, unknown row.
struct UnknownPlaceholder : std::runtime_error {
  using runtime_error::runtime_error;
};

// Answers placeholders; throws UnknownPlaceholder. Tables are asked for once each and kept.
class BulletinWords {
 public:
  // A table by its words ("closure by unit"); empty columns: there is no such table.
  using Tables = std::function<Sheet(std::vector<std::string> const& words)>;
  BulletinWords(std::map<std::string, std::string> words, Tables tables, std::string lang)
      : words_(std::move(words)), tables_(std::move(tables)), lang_(std::move(lang)) {}
  Value value(std::string_view expression);
  // "table closure by unit", "each …" without its first word.
  Sheet const& table(std::string_view expression);

 private:
  Sheet const& table(std::vector<std::string> const& words);
  Value field(std::vector<std::string> words);
  std::string ranking(std::vector<std::string> const& words, bool best);
  std::map<std::string, std::string> words_;
  Tables tables_;
  std::string lang_;
  std::map<std::string, Sheet> kept_;
};

// The words of a placeholder, Chinese ones in their plain form: "表 结案 按 部门" -> table closure by unit.
std::vector<std::string> placeholder_words(std::string_view expression);

// Text with every placeholder replaced; `value` may throw. `sole`: the text is one placeholder and nothing else.
struct Filled {
  std::string text;
  std::optional<Value> sole;
};
Filled fill_text(std::string const& text, std::function<Value(std::string_view)> const& value);
bool has_placeholder(std::string_view text);

// The filled file. Throws BadTemplate naming every placeholder that is not understood.
std::string fill_bulletin(std::string_view template_bytes, BulletinWords& words);
void fill_docx(Package& package, BulletinWords& words, std::vector<std::string>& faults);
void fill_xlsx(Package& package, BulletinWords& words, std::vector<std::string>& faults);

// Our own template.
std::string default_template(PackageKind kind, std::string const& lang);

}  // namespace wangge::storage
