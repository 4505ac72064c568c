#include "deploy/city/differences.hpp"

#include <boost/json.hpp>
#include <map>

namespace wangge::deploy {
namespace {

namespace json = boost::json;

void flatten(json::value const& value, std::string const& path, std::map<std::string, std::string>& to) {
  auto const* object = value.if_object();
  if (object == nullptr || object->empty()) {
    to[path] = value.is_string() ? std::string(value.as_string()) : json::serialize(value);
    return;
  }
  for (auto const& [name, inner] : *object) flatten(inner, path + (path.empty() ? "" : ".") + std::string(name), to);
}

std::map<std::string, std::string> fields_of(std::string const& text) {
  std::map<std::string, std::string> out;
  json::error_code error;
  auto const value = json::parse(text, error);
  if (!error) flatten(value, "", out);
  return out;
}

std::string shown(std::map<std::string, std::string> const& fields, std::string const& path) {
  auto const found = fields.find(path);
  return found == fields.end() || found->second.empty() ? "–" : found->second;
}

}  // namespace

std::vector<std::string> field_changes(std::string const& was, std::string const& is) {
  auto const before = fields_of(was), after = fields_of(is);
  std::map<std::string, std::string> all = before;
  all.insert(after.begin(), after.end());
  std::vector<std::string> out;
  for (auto const& [path, value] : all) {
    auto const a = shown(before, path), b = shown(after, path);
    if (a != b) out.push_back(": " + path + (path.empty() ? "" : " ") + a + " -> " + b);
  }
  return out;
}

}  // namespace wangge::deploy
