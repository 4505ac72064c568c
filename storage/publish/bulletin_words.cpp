// What placeholders say.
#include <algorithm>
#include <array>

#include "dispatcher/core/indicators.hpp"
#include "storage/export_text.hpp"
#include "storage/publish/bulletin.hpp"

namespace wangge::storage {
namespace {

struct Alias {
  std::string_view zh, word;
};
constexpr std::array kAliases{
    Alias{"表", "table"},          Alias{"逐行", "each"},        Alias{"结案", "closure"},      Alias{"指标", "indicator"},
    Alias{"评价", "evaluation"},   Alias{"结算", "settlement"},  Alias{"按", "by"},             Alias{"部门", "unit"},
    Alias{"街道", "street"},       Alias{"区县", "district"},    Alias{"中队", "squad"},        Alias{"大类", "class"},
    Alias{"来源", "source"},       Alias{"网格", "grid"},        Alias{"人员", "person"},       Alias{"岗位", "post"},
    Alias{"社区", "community"},    Alias{"上期", "previous"},    Alias{"去年同期", "year_ago"}, Alias{"环比", "change"},
    Alias{"同比", "year_change"},  Alias{"最好", "best"},        Alias{"最差", "worst"},        Alias{"月份", "month_text"},
    Alias{"口径", "basis"},        Alias{"状态", "state"},       Alias{"读数时刻", "as_of"},    Alias{"名称", "name"},
    Alias{"代码", "key"},          Alias{"立案数", "filed"},     Alias{"派遣数", "dispatched"}, Alias{"应结案数", "due"},
    Alias{"上期结转", "carried_over"}, Alias{"结案数", "closed"},  Alias{"按期结案数", "closed_on_time"},
    Alias{"结案率", "closure_rate"},   Alias{"按期结案率", "on_time_closure_rate"}, Alias{"返工率", "rework_rate"},
    Alias{"延期率", "extension_rate"}, Alias{"待核查数", "awaiting_check"},         Alias{"执法中", "in_enforcement"},
    Alias{"期末在办", "open_at_end"},  Alias{"序号", "number_of_row"},              Alias{"得分", "score"},
    Alias{"等级", "grade"},            Alias{"名次", "rank"}};

std::string joined(std::vector<std::string> const& words, std::size_t from = 0) {
  std::string out;
  for (auto i = from; i < words.size(); ++i) out += (out.empty() ? "" : " ") + words[i];
  return out;
}

// The row of a table: the whole, or that of a key or a name.
std::vector<Cell> const* row_of(Sheet const& sheet, std::string const& key) {
  if (key.empty()) return sheet.total && !sheet.rows.empty() ? &sheet.rows.back() : nullptr;
  auto const name = sheet.column("name"), at = sheet.column("key");
  for (auto const& row : sheet.rows) {
    bool const whole = sheet.total && &row == &sheet.rows.back();
    if (!whole && ((at < row.size() && row[at].words == key) || (name < row.size() && row[name].words == key))) return &row;
  }
  return nullptr;
}

std::int64_t number_of(Cell const& cell) { return cell.kind == Cell::Kind::count ? cell.value * 100 : cell.value; }

}  // namespace

std::string Value::text() const {
  return percent && cell.kind == Cell::Kind::hundredths ? cell.text() + "%" : cell.text();
}

std::vector<std::string> placeholder_words(std::string_view expression) {
  std::vector<std::string> out;
  std::string word;
  auto const put = [&] {
    if (word.empty()) return;
    auto const* const alias = std::find_if(kAliases.begin(), kAliases.end(), [&](Alias const& a) { return a.zh == word; });
    out.push_back(alias == kAliases.end() ? word : std::string(alias->word));
    word.clear();
  };
  for (std::size_t i = 0; i < expression.size(); ++i) {
    bool const wide = expression.substr(i, 3) == "\xe3\x80\x80", hard = expression.substr(i, 2) == "\xc2\xa0";  // 全角 and hard spaces
    if (wide || hard || expression[i] == ' ' || expression[i] == '\t') {
      put();
      i += wide ? 2 : hard ? 1 : 0;
    } else {
      word += expression[i];
    }
  }
  put();
  return out;
}

Sheet const& BulletinWords::table(std::vector<std::string> const& words) {
  auto const name = joined(words);
  auto found = kept_.find(name);
  if (found == kept_.end()) {
    auto sheet = tables_(words);
    if (sheet.columns.empty()) throw UnknownPlaceholder("there is no table \"" + name + "\"");
    found = kept_.emplace(name, std::move(sheet)).first;
  }
  return found->second;
}

Sheet const& BulletinWords::table(std::string_view expression) {
  auto words = placeholder_words(expression);
  if (!words.empty() && (words[0] == "table" || words[0] == "each")) words.erase(words.begin());
  return table(words);
}

// closure FIELD [previous|year_ago|change|year_change] [by DIM KEY]; indicator ID likewise.
Value BulletinWords::field(std::vector<std::string> words) {
  auto const kind = words[0];
  if (words.size() < 2) throw UnknownPlaceholder("\"" + kind + "\" wants a field");
  auto const id = words[1];
  std::string when, by = "district", key;
  std::size_t at = 2;
  for (std::string_view const known : {"previous", "year_ago", "change", "year_change"}) {
    if (at < words.size() && words[at] == known) when = words[at++];
  }
  if (at + 2 < words.size() && words[at] == "by") {
    by = words[at + 1];
    key = joined(words, at + 2);
    at = words.size();
  }
  if (at != words.size()) throw UnknownPlaceholder("\"" + joined(words, at) + "\" is not understood");
  auto const& sheet = table(when.empty() ? std::vector<std::string>{kind, "by", by} : std::vector<std::string>{kind, "by", by, "compared"});
  auto const* const row = row_of(sheet, key);
  if (row == nullptr) throw UnknownPlaceholder("no row \"" + key + "\" by " + by);
  auto const cell = [&](std::string const& column) -> Cell {
    auto const index = sheet.column(column);
    if (index >= row->size()) throw UnknownPlaceholder("there is no field \"" + column + "\"");
    return (*row)[index];
  };
  bool const percent = sheet.column(id) < sheet.columns.size() && sheet.columns[sheet.column(id)].percent;
  if (when.empty()) return {cell(id), percent};
  bool const year = when == "year_ago" || when == "year_change";
  auto const before = cell(id + (year ? ".year_ago" : ".previous"));
  if (when == "previous" || when == "year_ago") return {before, percent};
  // What it grew by: percentage points of a rate, else percent of what it was.
  auto const now = cell(id);
  if (now.kind == Cell::Kind::nothing || before.kind == Cell::Kind::nothing) return {};
  if (percent) return {Cell::two(number_of(now) - number_of(before)), false};
  if (before.value == 0) return {};
  auto const grown = (number_of(now) - number_of(before)) * 100, was = number_of(before);
  return {Cell::two((grown * 200 + (grown < 0 ? -was : was)) / (2 * was)), true};
}

// best 3 closure_rate by unit: "名称（98.00%）、…". Rows without a value have no rank.
std::string BulletinWords::ranking(std::vector<std::string> const& words, bool best) {
  bool const shaped = words.size() == 5 && words[3] == "by" && words[1].size() <= 2 && !words[1].empty() &&
                      words[1].find_first_not_of("0123456789") == std::string::npos;
  if (!shaped) throw UnknownPlaceholder("\"" + words[0] + "\" reads: " + words[0] + " 3 closure_rate by unit");
  auto const& sheet = table(std::vector<std::string>{"closure", "by", words[4]});
  auto const column = sheet.column(words[2]), name = sheet.column("name"), key = sheet.column("key");
  if (column >= sheet.columns.size() || name >= sheet.columns.size()) throw UnknownPlaceholder("there is no field \"" + words[2] + "\"");
  std::vector<std::vector<Cell> const*> rows;
  for (auto const& row : sheet.rows) {
    bool const whole = sheet.total && &row == &sheet.rows.back();
    if (!whole && row[column].kind != Cell::Kind::nothing && !row[key].words.empty()) rows.push_back(&row);
  }
  std::stable_sort(rows.begin(), rows.end(), [&](auto const* a, auto const* b) {
    auto const x = (*a)[column].value, y = (*b)[column].value;
    return best ? x > y : x < y;
  });
  rows.resize(std::min(rows.size(), static_cast<std::size_t>(std::stoi(words[1]))));
  bool const en = lang_ == "en";
  std::string out;
  for (auto const* row : rows) {
    Value const value{(*row)[column], sheet.columns[column].percent};
    out += (out.empty() ? "" : en ? ", " : "、") + (*row)[name].words + (en ? " (" : "（") + value.text() + (en ? ")" : "）");
  }
  return out.empty() ? "–" : out;
}

Value BulletinWords::value(std::string_view expression) {
  auto const words = placeholder_words(expression);
  if (words.empty()) throw UnknownPlaceholder("an empty placeholder");
  if (words[0] == "closure" || words[0] == "indicator") return field(words);
  if (words[0] == "best" || words[0] == "worst") return {Cell::of(ranking(words, words[0] == "best")), false};
  if (words[0] == "table") throw UnknownPlaceholder("a table stands in a paragraph or a cell of its own");
  if (words[0] == "each") throw UnknownPlaceholder("\"each\" stands in a row of a table");
  auto const found = words_.find(joined(words));
  if (found == words_.end()) throw UnknownPlaceholder("\"" + joined(words) + "\" is not known");
  return {Cell::of(found->second), false};
}

bool has_placeholder(std::string_view text) { return text.find("{{") != std::string_view::npos; }

Filled fill_text(std::string const& text, std::function<Value(std::string_view)> const& value) {
  Filled out;
  for (std::size_t at = 0; at < text.size();) {
    auto const open = text.find("{{", at);
    out.text.append(text, at, open == std::string::npos ? std::string::npos : open - at);
    if (open == std::string::npos) break;
    auto const close = text.find("}}", open);
    if (close == std::string::npos) throw UnknownPlaceholder("\"" + text.substr(open, 40) + "\" has no closing braces");
    auto const one = value(std::string_view(text).substr(open + 2, close - open - 2));
    if (open == 0 && close + 2 == text.size()) out.sole = one;
    out.text += one.text();
    at = close + 2;
  }
  return out;
}

std::string fill_bulletin(std::string_view bytes, BulletinWords& words) {
  auto package = read_package(bytes);
  std::vector<std::string> faults;
  kind_of(package) == PackageKind::docx ? fill_docx(package, words, faults) : fill_xlsx(package, words, faults);
  if (!faults.empty()) {
    std::string text;
    for (auto const& fault : faults) text += (text.empty() ? "" : "\n") + fault;
    throw BadTemplate(text);
  }
  return write_package(package);
}

}  // namespace wangge::storage
