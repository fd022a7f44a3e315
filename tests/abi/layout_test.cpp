// Structs only grow at their end: what was released lies where it lay. And C and C++ see the same.
#include "abi/layout_c11.h"

#include <motet/abi.h>

#include <cstddef>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <type_traits>

#include "abi/layout_fields.h"
#include "support/catch.hpp"

namespace {

std::string layout_cpp() {
  std::ostringstream out;
#define S(type) out << #type << ' ' << sizeof(type) << '\n';
#define F(type, field) out << "  " << #field << ' ' << offsetof(type, field) << '\n';
  MOTET_LAYOUT(S, F)
#undef S
#undef F
  return out.str();
}

std::string layout_c() {
  std::string out(65536, '\0');
  REQUIRE(motet_test_layout_c11(out.data(), out.size()) != 0);
  out.resize(out.find('\0'));
  return out;
}

}  // namespace

// Plain data, whatever language made it.
#define S(type) static_assert(std::is_standard_layout_v<type> && std::is_trivially_copyable_v<type>, #type);
#define F(type, field)
MOTET_LAYOUT(S, F)
#undef S
#undef F
static_assert(MOTET_ABI_MAJOR == 1, "a new major version starts a new golden");

TEST_CASE("the layout of the contract is the released one") {
  std::ifstream in(MOTET_SOURCE_DIR "/tests/abi/layout_1.txt");
  std::ostringstream golden;
  golden << in.rdbuf();
  CHECK(layout_cpp() == golden.str());
}

TEST_CASE("what the foundation released lies where it lay, in structs that may have grown") {
  const auto read = [](std::istream& in) {
    std::map<std::string, std::size_t> out;  // a struct's size, and "struct.field" with its offset
    std::string line, type;
    while (std::getline(in, line)) {
      std::istringstream words(line);
      std::string name;
      std::size_t number = 0;
      words >> name >> number;
      if (line.front() != ' ') type = name;
      out[line.front() == ' ' ? type + "." + name : name] = number;
    }
    return out;
  };
  std::ifstream foundation(MOTET_SOURCE_DIR "/tests/abi/foundation/layout.txt");
  std::istringstream present(layout_cpp());
  const auto then = read(foundation);
  const auto now = read(present);
  CHECK(then.size() > 200);
  for (const auto& [name, number] : then) {
    INFO(name);
    REQUIRE(now.contains(name));
    if (name.find('.') == std::string::npos) {
      CHECK(now.at(name) >= number);
    } else {
      CHECK(now.at(name) == number);
    }
  }
}

TEST_CASE("C11 and C++20 see the same layout") { CHECK(layout_c() == layout_cpp()); }

TEST_CASE("each struct begins with its size") {
#define S(type)
#define F(type, field) \
  if (std::string_view(#field) == "struct_size") CHECK(offsetof(type, field) == 0);
  MOTET_LAYOUT(S, F)
#undef S
#undef F
}
