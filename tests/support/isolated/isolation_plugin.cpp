// Host stages for tests of processes of their own: they do what their text says, or tell where they are.
#include <sys/mman.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <motet/sdk.hpp>
#include <new>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;

// Where it may only read; of memory that is plainly nowhere the compiler makes what it wants.
void write_wrongly() {
  void* page = ::mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  *static_cast<volatile char*>(page) = 1;
}

// Until there is no memory any more; what the system refuses throws.
void eat() {
  std::vector<std::vector<char>> all;
  while (true) all.emplace_back(std::size_t{8} << 20, 'x');
}

[[noreturn]] void hang() {
  while (true) std::this_thread::sleep_for(1h);
}

// What the memory map of the process says of the place: "r--s memfd:motet-values".
std::string mapped_at(const void* data) {
  const auto at = reinterpret_cast<std::uintptr_t>(data);
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words(line);
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    char dash = 0;
    std::string rights, offset, device, node, path;
    words >> std::hex >> begin >> dash >> end >> rights >> offset >> device >> node >> path;
    if (at < begin || at >= end) continue;
    return rights + " " + (path.rfind("/memfd:", 0) == 0 ? path.substr(1) : "private");
  }
  return "nowhere";
}

std::string open_files() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
  return std::to_string(count - 1);  // without the folder's own
}

class Act {
 public:
  static constexpr auto type = motet::stage_type("isolation.act", "text")
                                   .summary("Does what the text says.")
                                   .in("x", "text")
                                   .out("y", "text")
                                   .param<std::string>("die",
                                                       "when it crashes for good: in `create`, `negotiate`; in "
                                                       "`create` from the second time on: `later`")
                                   .otherwise("never")
                                   .param<std::string>("mark", "a file that tells the first time from others")
                                   .otherwise("");
  explicit Act(const motet::Params& p) : die_(p.string("die")) {
    if (die_ == "create") std::abort();
    if (die_ == "later" && std::filesystem::exists(p.string("mark"))) std::abort();
    if (die_ == "later") std::ofstream(p.string("mark")) << "x";
  }
  void negotiate(motet::Negotiation&) const {
    if (die_ == "negotiate") std::abort();
  }
  motet::Text process(const motet::Call& call, const motet::Text& x) const {
    const std::string_view text = x.text();
    if (text == "segv") write_wrongly();
    if (text == "abort") std::abort();
    if (text == "exit") std::exit(3);
    if (text == "hang") hang();
    if (text == "eat") eat();
    if (text == "bad") throw motet::ItemError("it is bad");
    if (text == "throw") throw std::runtime_error("a surprise");
    if (text == "pid") return call.text(std::to_string(::getpid()));
    if (text == "files") return call.text(open_files());
    if (text == "say") ::write(STDOUT_FILENO, "said\n", 5) < 0 ? std::abort() : (void)0;
    if (text == "warn") call.warn("beware");
    if (text == "count") {
      for (std::uint64_t i = 1; i <= 3; ++i) call.progress(i, 3);
    }
    if (text == "scratch") call.scratch<char>(std::size_t{1} << 20)[0] = 'x';
    for (int i = 0; text == "sleep" && i < 6000; ++i) {  // a minute
      call.throw_if_cancelled();
      std::this_thread::sleep_for(10ms);
    }
    return call.text(std::string(text) + "!");
  }

 private:
  std::string die_;
};

struct Where {
  static constexpr auto type = motet::stage_type("isolation.where", "text")
                                   .summary("Tells where the tensor lies.")
                                   .in("x", "f32[N]")
                                   .out("y", "text")
                                   .out("x", "f32[N]", "handed on");
  std::tuple<motet::Text, motet::TensorValue> process(const motet::Call& call, const motet::TensorValue& x) const {
    return {call.text(mapped_at(x.bytes().data())), x};
  }
};

struct Twice {
  static constexpr auto type =
      motet::stage_type("isolation.twice", "text").summary("Doubles.").in("x", "f32[N]").out("y", "f32[N]");
  motet::NewTensor process(const motet::Call& call, const motet::TensorValue& x) const {
    motet::NewTensor made = call.tensor(MOTET_F32, x.sizes());
    for (std::size_t i = 0; i < x.floats().size(); ++i) made.floats()[i] = 2 * x.floats()[i];
    return made;
  }
};

struct Scribble {
  static constexpr auto type = motet::stage_type("isolation.scribble", "text")
                                   .summary("Writes to its input.")
                                   .in("x", "f32[N]")
                                   .out("y", "f32[N]");
  motet::TensorValue process(const motet::Call&, const motet::TensorValue& x) const {
    const_cast<float&>(x.floats()[0]) = 7;
    return x;
  }
};

// Gives the value before, and keeps this one.
class Delay {
 public:
  static constexpr auto type =
      motet::stage_type("isolation.delay", "text").summary("One behind.").serial().in("x", "f32[N]").out("y", "f32[N]");
  motet::TensorValue process(const motet::Call&, const motet::TensorValue& x) {
    const motet::TensorValue before = last_ ? *last_ : x;
    last_ = x;
    return before;
  }

 private:
  std::optional<motet::TensorValue> last_;
};

struct Lists {
  static constexpr auto type = motet::stage_type("isolation.lists", "text")
                                   .summary("Hands lists on, in another list.")
                                   .in("x", "text[]", "texts", motet::kWholeList)
                                   .out("y", "text[]");
  motet::List process(const motet::Call& call, const motet::List& x) const {
    std::vector<motet::Value> texts;
    for (std::size_t i = x.size(); i > 0; --i) texts.push_back(call.text(x.text_at(i - 1).text()));
    return call.list(texts);
  }
};

// Asks all that a stage may ask while it is made.
class Asks {
 public:
  static constexpr auto type = motet::stage_type("isolation.asks", "text")
                                   .summary("Tells what it was told.")
                                   .in("x", "text")
                                   .out("y", "text")
                                   .param<motet::Path>("file", "a document")
                                   .required();
  explicit Asks(const motet::Params& p) {
    told_ = std::filesystem::path(p.call().weights_path().value_or("none")).filename().string() + " " +
            p.call().weights_format().value_or("none") + " " +
            (p.call().weights_has("narrow.weight") ? "has" : "lacks") + " " +
            (p.call().weights_has("no.weight") ? "has" : "lacks") + " " +
            std::string(p.open("file").root().at("word").string());
    p.call().weight_source("mine", "narrow.weight");
  }
  void negotiate(motet::Negotiation& n) {
    const motet::Dim rows = n.fresh();
    const motet::Weight bound = n.weight("mine", {rows, n.fresh()});
    shape_ = std::to_string(bound.spec.dims[0].size) + "x" + std::to_string(bound.spec.dims[1].size);
  }
  motet::Text process(const motet::Call& call, const motet::Text& x) const {
    if (x.text() == "abort") std::abort();
    return call.text(told_ + " " + shape_);
  }

 private:
  std::string told_, shape_;
};

}  // namespace

MOTET_PLUGIN("isolation", "1.0.0", Act, Where, Twice, Scribble, Delay, Lists, Asks)
