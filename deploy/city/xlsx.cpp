// A workbook is a zip of XML parts: the workbook names its sheets, their relations the files; strings are shared. Only
// what tables need is read, and every length is checked before it is believed.
#include "deploy/city/xlsx.hpp"

#include <zlib.h>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <functional>
#include <set>
#include <vector>

#include "deploy/csv.hpp"

namespace wangge::deploy {
namespace {

// ---- zip

std::uint32_t number_at(std::string const& bytes, std::size_t at, int size) {
  if (at + static_cast<std::size_t>(size) > bytes.size()) throw XlsxBroken("is no workbook: the archive is cut short");
  std::uint32_t n = 0;
  for (int i = size; i-- > 0;) n = n << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
  return n;
}

std::string unpacked(std::string_view packed, std::size_t size) {
  std::string out(size, '\0');
  z_stream z{};
  if (inflateInit2(&z, -MAX_WBITS) != Z_OK) throw XlsxBroken("could not be unpacked");
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  z.avail_in = static_cast<uInt>(packed.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  int const done = inflate(&z, Z_FINISH);
  bool const whole = done == Z_STREAM_END && z.total_out == size;
  inflateEnd(&z);
  if (!whole) throw XlsxBroken("is damaged: a part cannot be unpacked");
  return out;
}

class Archive {
 public:
  explicit Archive(std::string const& bytes) : bytes_(bytes) {
    constexpr std::string_view kEnd("PK\x05\x06", 4), kEntry("PK\x01\x02", 4);
    auto const end = bytes.rfind(kEnd);
    if (end == std::string::npos) throw XlsxBroken("is no workbook (.xlsx)");
    auto at = static_cast<std::size_t>(number_at(bytes, end + 16, 4));
    auto const count = number_at(bytes, end + 10, 2);
    for (std::uint32_t i = 0; i < count; ++i) {
      if (at + 46 > bytes.size() || bytes.compare(at, 4, kEntry) != 0)
        throw XlsxBroken("is damaged: its list of parts is broken");
      Entry entry;
      if ((number_at(bytes, at + 8, 2) & 1) != 0) throw XlsxBroken("is encrypted");
      entry.method = number_at(bytes, at + 10, 2);
      entry.packed = number_at(bytes, at + 20, 4);
      entry.size = number_at(bytes, at + 24, 4);
      auto const name = number_at(bytes, at + 28, 2), extra = number_at(bytes, at + 30, 2),
                 comment = number_at(bytes, at + 32, 2);
      entry.at = number_at(bytes, at + 42, 4);
      if (at + 46 + name > bytes.size()) throw XlsxBroken("is damaged: its list of parts is cut short");
      entries_[bytes.substr(at + 46, name)] = entry;
      at += 46 + name + extra + comment;
    }
  }

  // "" when there is no such part.
  std::string part(std::string const& name) {
    auto const found = entries_.find(name);
    if (found == entries_.end()) return "";
    auto const& e = found->second;
    total_ += e.size;
    if (total_ > kXlsxMost) throw XlsxBroken("unpacks to more than 256 MiB");
    std::size_t const begin = e.at + 30 + number_at(bytes_, e.at + 26, 2) + number_at(bytes_, e.at + 28, 2);
    if (begin + e.packed > bytes_.size()) throw XlsxBroken("is damaged: a part is cut short");
    std::string_view const packed(bytes_.data() + begin, e.packed);
    if (e.method == 0) return std::string(packed);
    if (e.method != 8) throw XlsxBroken("is packed in a way not known here");
    return unpacked(packed, e.size);
  }

 private:
  struct Entry {
    std::uint32_t method = 0, packed = 0, size = 0, at = 0;
  };
  std::string const& bytes_;
  std::map<std::string, Entry> entries_;
  std::size_t total_ = 0;
};

// ---- XML, as far as workbooks go

void append_utf8(std::string& out, std::uint32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | c >> 6);
    out += static_cast<char>(0x80 | (c & 63));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | c >> 12);
    out += static_cast<char>(0x80 | (c >> 6 & 63));
    out += static_cast<char>(0x80 | (c & 63));
  } else {
    out += static_cast<char>(0xF0 | c >> 18);
    out += static_cast<char>(0x80 | (c >> 12 & 63));
    out += static_cast<char>(0x80 | (c >> 6 & 63));
    out += static_cast<char>(0x80 | (c & 63));
  }
}

std::string decoded(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    auto const amp = std::min(text.find('&'), text.size());
    out += text.substr(0, amp);
    text.remove_prefix(amp);
    if (text.empty()) break;
    auto const end = text.find(';');
    auto const name = end == std::string_view::npos ? std::string_view() : text.substr(1, end - 1);
    static std::map<std::string_view, char> const kNamed{
        {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    if (auto const named = kNamed.find(name); named != kNamed.end()) {
      out += named->second;
    } else if (name.size() > 1 && name[0] == '#') {
      bool const hex = name[1] == 'x';
      std::uint32_t c = 0;
      std::from_chars(name.data() + (hex ? 2 : 1), name.data() + name.size(), c, hex ? 16 : 10);
      append_utf8(out, c < 0x110000 ? c : 0xFFFD);
    } else {
      out += '&';
      text.remove_prefix(1);
      continue;
    }
    text.remove_prefix(end + 1);
  }
  return out;
}

// Walks tags and text. Names without their prefix; attributes by name.
class Xml {
 public:
  explicit Xml(std::string_view text) : rest_(text) {}
  enum class Kind { open, close, text, end };
  Kind next() {
    if (pending_close_) return pending_close_ = false, Kind::close;
    if (rest_.empty()) return Kind::end;
    if (rest_[0] != '<') {
      auto const end = std::min(rest_.find('<'), rest_.size());
      text = decoded(rest_.substr(0, end));
      rest_.remove_prefix(end);
      return Kind::text;
    }
    for (auto const& [begin, finish] :
         {std::pair<std::string_view, std::string_view>{"<!--", "-->"}, {"<?", "?>"}, {"<!", ">"}}) {
      if (!rest_.starts_with(begin)) continue;
      auto const end = rest_.find(finish);
      rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + finish.size());
      return next();
    }
    auto const end = rest_.find('>');
    if (end == std::string_view::npos) throw XlsxBroken("is damaged: a tag never ends");
    auto tag = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    bool const closes = !tag.empty() && tag[0] == '/';
    if (closes) tag.remove_prefix(1);
    if (!closes && !tag.empty() && tag.back() == '/') {
      pending_close_ = true;
      tag.remove_suffix(1);
    }
    auto const space = std::min(tag.find_first_of(" \t\r\n"), tag.size());
    name = tag.substr(0, space);
    if (auto const colon = name.find(':'); colon != std::string_view::npos) name.remove_prefix(colon + 1);
    attributes_ = tag.substr(space);
    return closes ? Kind::close : Kind::open;
  }
  std::string attribute(std::string_view wanted) const {
    for (auto rest = attributes_; !rest.empty();) {
      auto const equals = rest.find('=');
      if (equals == std::string_view::npos) break;
      auto key = rest.substr(0, equals);
      key.remove_prefix(std::min(key.find_first_not_of(" \t\r\n"), key.size()));
      auto const open = rest.find_first_of("\"'", equals);
      if (open == std::string_view::npos) break;
      auto const close = rest.find(rest[open], open + 1);
      if (close == std::string_view::npos) break;
      if (key == wanted) return decoded(rest.substr(open + 1, close - open - 1));
      rest.remove_prefix(close + 1);
    }
    return "";
  }
  std::string_view name;
  std::string text;

 private:
  std::string_view rest_, attributes_;
  bool pending_close_ = false;
};

// The text of one item (a shared string, an inline one); phonetic runs (rPh) are how it is read aloud, not what it
// says.
std::string item_text(Xml& xml, std::string const& item) {
  std::string out;
  int aloud = 0;
  bool in_text = false;
  for (auto kind = xml.next(); kind != Xml::Kind::end; kind = xml.next()) {
    if (kind == Xml::Kind::text) {
      if (in_text && aloud == 0) out += xml.text;
      continue;
    }
    bool const open = kind == Xml::Kind::open;
    if (xml.name == "rPh") aloud += open ? 1 : -1;
    if (xml.name == "t") in_text = open;
    if (!open && xml.name == item) break;
  }
  return out;
}

std::vector<std::string> shared_strings(std::string const& part) {
  std::vector<std::string> out;
  Xml xml(part);
  for (auto kind = xml.next(); kind != Xml::Kind::end; kind = xml.next()) {
    if (kind == Xml::Kind::open && xml.name == "si") out.push_back(item_text(xml, "si"));
  }
  return out;
}

// Which cell styles show a day: built-in formats 14 to 22, or a format of the book's own that names y and d.
std::set<std::size_t> day_styles(std::string const& part) {
  std::set<std::string> formats;
  for (int i = 14; i <= 17; ++i) formats.insert(std::to_string(i));
  formats.insert({"22", "27", "28", "29", "30", "31", "36", "50", "51", "52", "53", "54", "57", "58"});
  std::set<std::size_t> out;
  Xml xml(part);
  bool in_cells = false;
  std::size_t at = 0;
  for (auto kind = xml.next(); kind != Xml::Kind::end; kind = xml.next()) {
    if (xml.name == "cellXfs") in_cells = kind == Xml::Kind::open;
    if (kind != Xml::Kind::open) continue;
    if (xml.name == "numFmt") {
      auto const code = xml.attribute("formatCode");
      if (code.find_first_of("yY") != std::string::npos && code.find_first_of("dD") != std::string::npos)
        formats.insert(xml.attribute("numFmtId"));
    }
    if (xml.name == "xf" && in_cells) {
      if (formats.contains(xml.attribute("numFmtId"))) out.insert(at);
      ++at;
    }
  }
  return out;
}

std::string day_text(std::string const& serial) {  // days since 1899-12-30
  double days = 0;
  auto const [end, error] = std::from_chars(serial.data(), serial.data() + serial.size(), days);
  if (error != std::errc{} || end != serial.data() + serial.size() || days < 61 || days > 2'958'465) return serial;
  std::chrono::year_month_day const day{std::chrono::sys_days{std::chrono::year{1899} / 12 / 30} +
                                        std::chrono::days(static_cast<int>(days))};
  char out[32];
  std::snprintf(out, sizeof out, "%04d-%02u-%02u", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                static_cast<unsigned>(day.day()));
  return out;
}

std::size_t column_of(std::string const& reference) {  // "AB12" -> 27
  std::size_t column = 0;
  for (char const c : reference) {
    if (c < 'A' || c > 'Z') break;
    column = column * 26 + static_cast<std::size_t>(c - 'A' + 1);
    if (column > 16'384) throw XlsxBroken("is damaged: a cell lies beyond every column");
  }
  return column == 0 ? 0 : column - 1;
}

std::string sheet_csv(std::string const& part, std::vector<std::string> const& strings,
                      std::set<std::size_t> const& days) {
  std::string out;
  std::size_t line = 0, width = 0;
  Xml xml(part);
  std::vector<std::string> cells;
  std::string type, value;
  std::size_t column = 0, style = 0;
  bool in_value = false;
  auto const put = [&] {
    if (cells.size() <= column) cells.resize(column + 1);
    std::size_t index = 0;
    if (type == "s") {
      std::from_chars(value.data(), value.data() + value.size(), index);
      if (index >= strings.size()) throw XlsxBroken("is damaged: a shared text is missing");
      value = strings[index];
    } else if (type.empty() && days.contains(style)) {
      value = day_text(value);
    }
    for (char& c : value) {
      if (c == '\n' || c == '\r') c = ' ';  // a line of the text is a row of the sheet
    }
    cells[column] = std::move(value);
  };
  auto const end_row = [&] {
    while (!cells.empty() && cells.back().empty()) cells.pop_back();
    if (!cells.empty()) {
      if (width == 0) width = cells.size();  // the header
      cells.resize(std::max(width, cells.size()));
      for (std::size_t i = 0; i < cells.size(); ++i) out += (i == 0 ? "" : ",") + csv_field(cells[i]);
    }
    out += '\n';
    ++line;
  };
  for (auto kind = xml.next(); kind != Xml::Kind::end; kind = xml.next()) {
    if (kind == Xml::Kind::text) {
      if (in_value) value += xml.text;
      continue;
    }
    bool const open = kind == Xml::Kind::open;
    if (xml.name == "row") {
      if (!open) {
        end_row();
        continue;
      }
      cells.clear();
      column = 0;
      std::size_t number = line + 1;
      auto const r = xml.attribute("r");
      std::from_chars(r.data(), r.data() + r.size(), number);
      if (number > 1'048'576) throw XlsxBroken("is damaged: a row lies beyond every row");
      for (; line + 1 < number; ++line) out += '\n';
    } else if (xml.name == "c" && open) {
      auto const reference = xml.attribute("r");
      column = reference.empty() ? cells.size() : column_of(reference);
      type = xml.attribute("t");
      style = 0;
      auto const s = xml.attribute("s");
      std::from_chars(s.data(), s.data() + s.size(), style);
      value.clear();
    } else if (xml.name == "v") {
      in_value = open;
    } else if (xml.name == "is" && open) {
      value = item_text(xml, "is");
    } else if (xml.name == "c") {
      put();
    }
  }
  return out;
}

// Relation id -> file inside the archive.
std::map<std::string, std::string> relations(std::string const& part) {
  std::map<std::string, std::string> out;
  Xml xml(part);
  for (auto kind = xml.next(); kind != Xml::Kind::end; kind = xml.next()) {
    if (kind != Xml::Kind::open || xml.name != "Relationship") continue;
    auto target = xml.attribute("Target");
    target = target.starts_with('/') ? target.substr(1) : "xl/" + target;
    out[xml.attribute("Id")] = target;
  }
  return out;
}

}  // namespace

std::map<std::string, std::string> read_xlsx(std::string const& bytes) {
  Archive archive(bytes);
  auto const book = archive.part("xl/workbook.xml");
  if (book.empty()) throw XlsxBroken("is no workbook (.xlsx): it has no xl/workbook.xml");
  auto const files = relations(archive.part("xl/_rels/workbook.xml.rels"));
  auto const strings = shared_strings(archive.part("xl/sharedStrings.xml"));
  auto const days = day_styles(archive.part("xl/styles.xml"));
  std::map<std::string, std::string> out;
  Xml xml(book);
  for (auto kind = xml.next(); kind != Xml::Kind::end; kind = xml.next()) {
    if (kind != Xml::Kind::open || xml.name != "sheet") continue;
    auto const file = files.find(xml.attribute("r:id"));
    if (file != files.end()) out[xml.attribute("name")] = sheet_csv(archive.part(file->second), strings, days);
  }
  if (out.empty()) throw XlsxBroken("has no sheets");
  return out;
}

}  // namespace wangge::deploy
