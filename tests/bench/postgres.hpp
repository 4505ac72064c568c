// As much of libpq as the limits need: a connection, statements with text parameters, errors as exceptions.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace wangge::bench {

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

class Postgres {
 public:
  explicit Postgres(std::string const& url) : connection_(PQconnectdb(url.c_str()), &PQfinish) {
    if (PQstatus(connection_.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(connection_.get()));
  }
  Result run(std::string const& sql) { return checked(PQexec(connection_.get(), sql.c_str())); }
  void prepare(std::string const& sql) { checked(PQprepare(connection_.get(), "", sql.c_str(), 0, nullptr)); }
  Result run_prepared(std::vector<std::string> const& params) {
    std::vector<char const*> pointers;
    for (auto const& p : params) pointers.push_back(p.c_str());
    return checked(
        PQexecPrepared(connection_.get(), "", static_cast<int>(pointers.size()), pointers.data(), nullptr, nullptr, 0));
  }

 private:
  Result checked(PGresult* raw) {
    Result result(raw, &PQclear);
    auto const status = PQresultStatus(raw);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
      throw std::runtime_error(PQerrorMessage(connection_.get()));
    return result;
  }
  std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
};

inline std::optional<std::string> value(Result const& r, int row, int column) {
  if (PQgetisnull(r.get(), row, column) != 0) return std::nullopt;
  return std::string(PQgetvalue(r.get(), row, column), static_cast<std::size_t>(PQgetlength(r.get(), row, column)));
}
inline std::string text(Result const& r, int row, int column) {
  return value(r, row, column).value_or("");
}

// An array parameter's literal.
class Array {
 public:
  void add(std::optional<std::string> const& v) {
    text_ += text_.size() > 1 ? "," : "";
    if (!v) {
      text_ += "NULL";
      return;
    }
    text_ += '"';
    for (char const c : *v) {
      if (c == '"' || c == '\\') text_ += '\\';
      text_ += c;
    }
    text_ += '"';
  }
  std::string finish() { return std::move(text_) + "}"; }

 private:
  std::string text_{"{"};
};

}  // namespace wangge::bench
