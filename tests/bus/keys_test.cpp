// Key files and endpoints: what is wrong with them is said in a sentence that names the setting.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "proto/bus/bus.hpp"

namespace wangge::bus {
namespace {

struct Keyed : testing::Test {
  std::string folder, file;
  void SetUp() override {
    char name[] = "/tmp/wgkeys.XXXXXX";
    folder = ::mkdtemp(name);
    file = folder + "/bus.key";
  }
  void TearDown() override { std::filesystem::remove_all(folder); }
  void write(std::string const& text, ::mode_t mode = 0600) {
    std::ofstream(file) << text;
    ::chmod(file.c_str(), mode);
  }
};

template <class F>
std::string refusal(F&& f) {
  try {
    f();
  } catch (std::runtime_error const& e) {
    return e.what();
  }
  return "accepted";
}

void expect_says(std::string const& said, std::string const& part) {
  EXPECT_NE(said.find(part), std::string::npos) << said;
}

TEST_F(Keyed, AKeyFileIsMadeOnceForItsOwnerAlone) {
  auto const first = read_or_make_keys(file);
  EXPECT_EQ(first.public_key.size(), 40u);
  EXPECT_EQ(read_or_make_keys(file).secret_key, first.secret_key);
  EXPECT_EQ(read_keys(file).public_key, first.public_key);
  struct stat info {};
  ASSERT_EQ(::stat(file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1) << "no draft is left";
}

TEST_F(Keyed, WhatIsWrongWithAKeyFileIsSaid) {
  expect_says(refusal([&] { read_keys(file); }), "cannot read the key file " + file);
  expect_says(refusal([&] { read_or_make_keys(folder + "/no/folder/bus.key"); }), "cannot make the key file");
  write("hello");
  expect_says(refusal([&] { read_or_make_keys(file); }), "no line `public KEY`");
  auto const one = make_keys(), other = make_keys();
  write("public " + one.public_key + "\nsecret " + other.secret_key + "\n");
  expect_says(refusal([&] { read_keys(file); }), "do not belong to each other");
  write("public " + one.public_key + "\nsecret " + one.secret_key + "\n", 0640);
  expect_says(refusal([&] { read_keys(file); }), "others can read");
}

TEST_F(Keyed, AnEndpointBetweenMachinesNeedsAllItsKeys) {
  auto const tcp = std::string("tcp://127.0.0.1:1");
  EXPECT_NO_THROW(check_endpoint("ipc:///somewhere", {}, End::binds));
  for (auto const end : {End::binds, End::connects})
    expect_says(refusal([&] { check_endpoint(tcp, {}, end); }), "needs CURVE keys (bus.key_file)");
  auto keys = make_keys();
  expect_says(refusal([&] { check_endpoint(tcp, keys, End::binds); }), "let nobody in");
  expect_says(refusal([&] { check_endpoint(tcp, keys, End::connects); }), "(bus.server_key)");
  keys.allowed = {make_keys().public_key, "short"};
  expect_says(refusal([&] { check_endpoint(tcp, keys, End::binds); }), "'short' (bus.allowed) is not a public key");
  keys.server_key = std::string(40, ' ');
  expect_says(refusal([&] { check_endpoint(tcp, keys, End::connects); }), "(bus.server_key) is not a public key");
  keys.allowed.pop_back();
  keys.server_key = keys.public_key;
  EXPECT_NO_THROW(check_endpoint(tcp, keys, End::binds));
  EXPECT_NO_THROW(check_endpoint(tcp, keys, End::connects));
  Context none;
  EXPECT_THROW(Router(none, tcp), std::runtime_error) << "sockets ask for themselves";
}

}  // namespace
}  // namespace wangge::bus
