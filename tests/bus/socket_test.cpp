// Real ZeroMQ: what is sent to a connected peer arrives, what cannot be sent says so, strangers stay outside.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <mutex>
#include <set>
#include <thread>

#include "proto/bus/bus.hpp"
#include "tests/bus/free_port.hpp"

namespace wangge::bus {
namespace {

using namespace std::chrono_literals;

class Folder {
 public:
  Folder() {
    char name[] = "/tmp/wgbus.XXXXXX";
    path_ = ::mkdtemp(name);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string ipc(std::string const& name) const { return "ipc://" + file(name); }
  std::string file(std::string const& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// Tries until it is true; the test's own limit is generous, the answer is a state and not a time.
template <class F>
bool until(F&& f) {
  for (int i = 0; i < 2000; ++i) {
    if (f()) return true;
    std::this_thread::sleep_for(5ms);
  }
  return false;
}

TEST(Sockets, AFrameGoesThereAndItsAnswerComesBack) {
  Folder folder;
  Context context;
  Router router(context, folder.ipc("bus"));
  Dealer dealer(context, folder.ipc("bus"));
  ASSERT_TRUE(until([&] { return dealer.send("hello"); }));
  std::string peer, frame;
  ASSERT_TRUE(until([&] { return router.receive(peer, frame); }));
  EXPECT_EQ(frame, "hello");
  EXPECT_EQ(router.send(peer, "welcome"), Router::Sent::ok);
  ASSERT_TRUE(until([&] { return dealer.receive(frame); }));
  EXPECT_EQ(frame, "welcome");
}

TEST(Sockets, TheSocketFileIsForItsOwnerAlone) {
  Folder folder;
  Context context;
  Router router(context, folder.ipc("bus"));
  struct stat info {};
  ASSERT_EQ(::stat(folder.file("bus").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0077, 0u);
}

TEST(Sockets, ADealerQueuesNothingForNobody) {
  Folder folder;
  Context context;
  Dealer dealer(context, folder.ipc("nobody"));
  EXPECT_FALSE(dealer.send("lost"));
}

TEST(Sockets, ARouterSaysWhenThePeerIsGone) {
  Folder folder;
  Context context;
  Router router(context, folder.ipc("bus"));
  EXPECT_EQ(router.send("stranger", "frame"), Router::Sent::gone);
  std::string peer, frame;
  {
    Dealer dealer(context, folder.ipc("bus"));
    ASSERT_TRUE(until([&] { return dealer.send("hello"); }));
    ASSERT_TRUE(until([&] { return router.receive(peer, frame); }));
  }
  EXPECT_TRUE(until([&] { return router.send(peer, "answer") == Router::Sent::gone; }));
}

TEST(Sockets, TwoRoutersCannotHaveOneEndpoint) {
  Context context;
  Router first(context, "inproc://same");
  EXPECT_THROW(Router(context, "inproc://same"), std::runtime_error);
}

TEST(Sockets, AWakeEndsTheWaitingOfItsOwner) {
  Folder folder;
  Context context;
  Router router(context, folder.ipc("bus"));
  Wake wake;
  std::thread other([&] { wake.ring(); });
  wait({&router}, wake, 60s);
  other.join();
  SUCCEED();
}

TEST(Curve, OnlyAllowedKeysGetThrough) {
  auto dispatcher = make_keys(), friend_keys = make_keys(), stranger = make_keys();
  dispatcher.allowed = {friend_keys.public_key};
  friend_keys.server_key = stranger.server_key = dispatcher.public_key;
  std::mutex mutex;
  std::set<std::string> refused;
  Context server(dispatcher, [&](std::string const& key) {
    std::lock_guard lock(mutex);
    refused.insert(key);
  });
  Context good(friend_keys), bad(stranger);
  auto const endpoint = free_tcp_endpoint();
  Router router(server, endpoint);
  Dealer known(good, endpoint), unknown(bad, endpoint);
  ASSERT_TRUE(until([&] { return known.send("from a friend"); }));
  std::string peer, frame;
  ASSERT_TRUE(until([&] { return router.receive(peer, frame); }));
  EXPECT_EQ(frame, "from a friend");
  // The friend talks all along; the stranger's frames never show.
  for (int i = 0; i < 20; ++i) {
    unknown.send("from a stranger");
    known.send("again");
    ASSERT_TRUE(until([&] { return router.receive(peer, frame); }));
    EXPECT_EQ(frame, "again");
  }
  EXPECT_TRUE(until([&] {
    std::lock_guard lock(mutex);
    return refused == std::set{stranger.public_key};
  })) << "and who knocked in vain is named";
}

}  // namespace
}  // namespace wangge::bus
