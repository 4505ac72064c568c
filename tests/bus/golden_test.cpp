// Bytes written by an earlier release must stay readable: every message has a file in golden/, made once.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "proto/bus/bus.hpp"

namespace wangge::bus {
namespace {

v1::Principal somebody() {
  v1::Principal p;
  p.set_name("wang_fang");
  p.set_role("dispatch_officer");
  p.set_district("370871");
  p.set_street("370871003");
  p.set_unit("sanitation");
  p.set_squad("sanitation-1");
  p.set_backdate(true);
  return p;
}

v1::Report a_report() {
  v1::Report r;
  r.set_district("370871");
  r.set_principal("phone-7");
  r.set_key("key-1");
  r.set_body_hash("ab12");
  r.set_source("patrol");
  r.mutable_category()->set_standard("gbt47678.5-2026");
  r.mutable_category()->set_kind("matter");
  r.mutable_category()->set_code("06012");
  r.set_condition("1");
  r.set_description("路面积水，行人绕行");
  r.set_address("接庄街道");
  r.set_component_id("37087101001000001");
  r.set_lon(116.68);
  r.set_lat(35.42);
  r.add_photos("sha256-00");
  r.set_confidence(0.0);
  r.set_self_disposed(true);
  r.set_reporter_name("张");
  r.set_reporter_phone("13800000000");
  r.set_extras("{\"measures\":{}}");
  r.set_reported_at(1780000000000);
  r.set_received_at(1780000000123);
  r.set_at(1780000000000);
  r.set_role("patroller");
  r.add_before_photos("sha256-02");
  r.add_after_photos("sha256-03");
  auto& measure = *r.add_measures();
  measure.set_name("damage_cm2");
  measure.set_value(30);
  r.set_upstream_system("city");
  r.set_upstream_number("U-1");
  r.set_upstream_due_at(1790000000000);
  return r;
}

std::map<std::string, v1::Envelope> all_messages() {
  std::map<std::string, v1::Envelope> m;
  auto& hello = *m["hello"].mutable_hello();
  hello.set_gateway("gateway-1");
  hello.set_connection("c0ffee");
  hello.set_spool_id("spool-1");
  hello.set_reference_version(7);
  auto& welcome = *m["welcome"].mutable_welcome();
  welcome.set_dispatcher("dispatcher");
  welcome.set_credit_bytes(4 << 20);
  auto& d = *welcome.add_districts();
  d.set_district("370871");
  d.set_epoch(3);
  d.set_cursor(41);
  auto& spooled = *m["report"].mutable_report();
  spooled.set_spool_id("spool-1");
  spooled.set_seq(42);
  spooled.set_report_id("0b7c5d8e-0000-5000-8000-000000000001");
  spooled.set_case_no("3708712026112400001");
  spooled.set_answered(true);
  spooled.set_refused(true);
  spooled.set_epoch(3);
  *spooled.mutable_report() = a_report();
  auto& answer = *m["report_answer"].mutable_report_answer();
  answer.set_district("370871");
  answer.set_seq(42);
  answer.set_spool_id("spool-1");
  answer.set_report_id("0b7c5d8e-0000-5000-8000-000000000001");
  answer.set_outcome(v1::ReportAnswer::COMMITTED);
  answer.set_case_no("3708712026112400001");
  answer.set_case_state("pending_dispose");
  answer.set_place_unusable(true);
  answer.set_epoch(3);
  answer.set_refused(true);
  auto& command = *m["command"].mutable_command();
  command.set_correlation("k1");
  command.set_command_id("5f0c1d2e-0000-4000-8000-000000000002");
  command.set_body_hash("cd34");
  *command.mutable_who() = somebody();
  command.set_action("dispatch");
  command.set_case_no("3708712026112400001");
  command.set_version(4);
  command.set_received_at(1780000001000);
  command.set_at(1780000000900);
  auto& in = *command.mutable_input();
  for (auto* field : {in.mutable_reason(), in.mutable_opinion(), in.mutable_result(), in.mutable_closing_condition(), in.mutable_condition(),
                      in.mutable_check_mode(), in.mutable_unit(), in.mutable_squad(), in.mutable_holder(), in.mutable_address(),
                      in.mutable_component_id(), in.mutable_text()})
    *field = "文字";
  in.mutable_category()->set_code("01001");
  in.set_lon(116.0);
  in.set_lat(35.0);
  in.add_photos("sha256-01");
  for (auto* field : {in.mutable_request_id(), in.mutable_into(), in.mutable_number(), in.mutable_satisfaction(), in.mutable_milestone(),
                      in.mutable_as_rule()})
    *field = "文字";
  in.set_until(1790000000000);
  in.add_assist("city_b");
  for (auto* field : {in.mutable_source(), in.mutable_name(), in.mutable_phone()}) *field = "文字";
  in.set_sign_by(1790000000001);
  in.set_return_by(1790000000002);
  auto& done = *m["command_answer"].mutable_command_answer();
  done.set_correlation("k1");
  done.set_status(409);
  done.set_code("stale_version");
  done.set_field("/version");
  done.set_case_no("3708712026112400001");
  done.set_version(5);
  done.set_replayed(true);
  auto& reference = *m["reference"].mutable_reference();
  reference.set_version(9);
  reference.set_part(0);
  reference.set_parts(1);
  auto& district = *reference.add_districts();
  district.set_code("370871");
  district.set_zh("济宁高新区");
  district.set_en("Jining High-tech Zone");
  district.set_utc_offset_minutes(480);
  auto& token = *reference.add_tokens();
  token.set_sha256(std::string(32, '\x01'));
  *token.mutable_who() = somebody();
  token.add_sources("sensor");
  token.set_expires_at(1790000000000);
  auto& key = *reference.add_catalogue();
  key.set_district("370871");
  key.mutable_category()->set_code("06012");
  key.set_valid_to(1800000000000);
  key.add_conditions("1");
  reference.add_closing_conditions("restored");
  m["beat"].mutable_beat()->set_sent_at(1780000000000);
  m["beat"].mutable_beat()->set_verified_backup(1779900000000);
  m["hello_again"].mutable_hello_again();
  m["not_owner"].mutable_not_owner()->set_district("370871");
  auto& received = *m["received"].mutable_received();
  received.set_correlation("k2");
  received.set_task_id("3708712026112400001-4");
  received.set_epoch(2);
  *received.mutable_who() = somebody();
  received.set_received_at(1780000002000);
  return m;
}

// Messages that gained fields since their first bytes were kept: NAME.bin holds those, NAME-2.bin the second shape, and so on.
int shapes(std::string const& name) {
  if (name == "report" || name == "command") return 4;
  if (name == "report_answer") return 3;
  return name == "beat" ? 2 : 1;
}
v1::Envelope in_shape(std::string const& name, v1::Envelope m, int shape) {
  if (name == "beat" && shape < 2) m.mutable_beat()->clear_verified_backup();
  auto const clear = [](google::protobuf::Message& of, std::initializer_list<char const*> fields) {
    for (auto const* field : fields) of.GetReflection()->ClearField(&of, of.GetDescriptor()->FindFieldByName(field));
  };
  if (name == "report" && shape < 4)
    clear(*m.mutable_report()->mutable_report(), {"upstream_system", "upstream_number", "upstream_due_at"});
  if (name == "command" && shape < 4)
    clear(*m.mutable_command()->mutable_input(), {"source", "name", "phone", "sign_by", "return_by"});
  if (name == "report" && shape < 3) m.mutable_report()->mutable_report()->clear_measures();
  if (name == "command" && shape < 3) m.mutable_command()->mutable_input()->clear_as_rule();
  if (name == "report" && shape < 2) {
    m.mutable_report()->clear_refused();
    m.mutable_report()->clear_epoch();
    m.mutable_report()->mutable_report()->clear_before_photos();
    m.mutable_report()->mutable_report()->clear_after_photos();
  }
  if (name == "command" && shape < 2) {
    auto& in = *m.mutable_command()->mutable_input();
    for (auto const* field : {"request_id", "into", "number", "satisfaction", "milestone", "until", "assist"})
      in.GetReflection()->ClearField(&in, in.GetDescriptor()->FindFieldByName(field));
  }
  if (name == "report_answer" && shape < 3) m.mutable_report_answer()->clear_refused();
  if (name == "report_answer" && shape < 2) m.mutable_report_answer()->clear_epoch();
  return m;
}

std::string read(std::filesystem::path const& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Golden, EveryMessageOfV1StaysReadable) {
  auto const messages = all_messages();
  auto const* fields = v1::Envelope::descriptor();
  ASSERT_EQ(messages.size(), static_cast<std::size_t>(fields->field_count())) << "a new message needs golden bytes";
  for (auto const& [name, newest] : messages) {
    for (int shape = 1; shape <= shapes(name); ++shape) {
      auto const message = in_shape(name, newest, shape);
      auto const file = std::filesystem::path(GOLDEN_DIR) / (name + (shape > 1 ? "-" + std::to_string(shape) : "") + ".bin");
      if (!std::filesystem::exists(file) && std::getenv("WANGGE_WRITE_GOLDEN")) {
        std::ofstream(file, std::ios::binary) << encode(message);
      }
      ASSERT_TRUE(std::filesystem::exists(file)) << file;
      v1::Envelope old;
      ASSERT_TRUE(decode(read(file), old)) << file;
      EXPECT_EQ(old.DebugString(), message.DebugString()) << file;
    }
  }
}

TEST(Golden, EveryFieldOfTheMessagesIsSetInThem) {
  // A field that golden bytes leave empty could change its number unseen.
  std::function<void(google::protobuf::Message const&, std::string)> const look = [&](auto const& m, std::string where) {
    auto const* reflection = m.GetReflection();
    for (int i = 0; i < m.GetDescriptor()->field_count(); ++i) {
      auto const* f = m.GetDescriptor()->field(i);
      if (f->containing_oneof() && !f->has_optional_keyword()) continue;
      bool const set = f->is_repeated() ? reflection->FieldSize(m, f) > 0 : f->has_presence() ? reflection->HasField(m, f) : true;
      EXPECT_TRUE(set) << where << "." << f->name();
      if (f->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) continue;
      if (f->name() == "category") continue;  // shown whole in the report
      if (f->is_repeated()) {
        for (int n = 0; n < reflection->FieldSize(m, f); ++n) look(reflection->GetRepeatedMessage(m, f, n), where + "." + f->name());
      } else {
        look(reflection->GetMessage(m, f), where + "." + f->name());
      }
    }
  };
  for (auto const& [name, e] : all_messages()) {
    auto const* field = e.GetDescriptor()->FindFieldByName(name);
    ASSERT_NE(field, nullptr) << name;
    look(e.GetReflection()->GetMessage(e, field), name);
  }
}

TEST(Codec, RefusesWhatIsNoFrameOfOurs) {
  v1::Envelope out;
  EXPECT_FALSE(decode("", out));
  EXPECT_FALSE(decode("not protobuf at all", out));
  EXPECT_FALSE(decode(std::string(kFrameBytes + 1, '\0'), out));
  auto frame = encode(all_messages()["report"]);
  for (std::size_t cut = 1; cut < frame.size(); cut += 7) EXPECT_FALSE(decode(frame.substr(0, cut), out)) << cut;
  auto const at = frame.find("接庄");
  ASSERT_NE(at, std::string::npos);
  frame[at] = '\xff';  // invalid UTF-8 inside a string
  EXPECT_FALSE(decode(frame, out));
}

TEST(Codec, RefusesToSendMoreThanAFrame) {
  v1::Envelope e;
  e.mutable_report()->mutable_report()->set_description(std::string(kFrameBytes, 'x'));
  EXPECT_THROW(encode(e), std::length_error);
}

}  // namespace
}  // namespace wangge::bus
