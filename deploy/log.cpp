// One JSON object a line; control characters of a message can never make a second one. See log.hpp.
#include "deploy/log.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "deploy/errors.hpp"

namespace wangge::deploy {
namespace {

class JsonMessage : public spdlog::custom_flag_formatter {
 public:
  void format(spdlog::details::log_msg const& message, std::tm const&, spdlog::memory_buf_t& out) override {
    auto const text = json_text(std::string_view(message.payload.data(), message.payload.size()));
    out.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<JsonMessage>(); }
};

std::unique_ptr<spdlog::formatter> json_lines() {
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  formatter->add_flag<JsonMessage>('*');
  formatter->set_pattern(
      R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","process":"%n","pid":%P,"thread":%t,"message":%*})");
  return formatter;
}

}  // namespace

std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      constexpr char kHex[] = "0123456789abcdef";
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

void start_logging(std::string const& name, Layout const& layout, Settings const& settings) {
  constexpr std::size_t kFiles = 4;
  auto const size = static_cast<std::size_t>(settings.log.keep_mib) * (1u << 20) / kFiles;
  try {
    auto file = std::make_shared<spdlog::sinks::rotating_file_sink_mt>((layout.log / (name + ".log")).string(), size,
                                                                       kFiles - 1);
    file->set_formatter(json_lines());
    auto screen = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    screen->set_pattern("%H:%M:%S %n %L  %v");
    auto logger = std::make_shared<spdlog::logger>(name, spdlog::sinks_init_list{file, screen});
    logger->set_level(spdlog::level::from_str(settings.log.level));
    logger->flush_on(spdlog::level::info);
    spdlog::set_default_logger(logger);
  } catch (spdlog::spdlog_ex const& error) {
    throw EnvironmentError(std::string("cannot write the log: ") + error.what());
  }
}

void start_plain_logging(std::string const& level) {
  auto screen = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  screen->set_pattern("%v");
  auto logger = std::make_shared<spdlog::logger>("wangge", screen);
  logger->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(logger);
}

}  // namespace wangge::deploy
