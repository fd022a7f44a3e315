// A plugin's folder from a template. Templates are files that compile as they stand, of a plugin called my_plugin with
// the class MyPlugin; a new plugin's name takes the place of both.
//
//   <templates>/every/<language>/...          in every folder of that language; files beside the languages: in every
//   one <templates>/kinds/<kind>/...              of a kind: its pipeline, tests, README
//   <templates>/kinds/<kind>/<language>/...   of a kind in a language: its sources
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace motet::scaffold {

struct Kind {
  std::string name;                    // "cross-attention"
  std::vector<std::string> languages;  // "c++", "c"
};

struct Order {
  std::string kind;
  std::string language;
  std::string name;  // of the plugin, its stage type and its folder
};

class Templates {
 public:
  // ../share/motet/templates of the program. Throws Error(environment) where they are not there.
  explicit Templates(const std::filesystem::path& executable);

  const std::vector<Kind>& kinds() const { return kinds_; }  // by name

  // Makes the folder `where`/NAME, whole or not at all, and returns its files, relative to it. Throws Error(user) for
  // an unknown kind or language, for a name that cannot be one and for one that is taken, Error(environment) where
  // nothing can be written.
  std::vector<std::filesystem::path> make(const Order& order, const std::filesystem::path& where) const;

 private:
  void check(const Order& order) const;
  std::filesystem::path folder_;
  std::vector<std::string> languages_;
  std::vector<Kind> kinds_;
};

// Why a plugin cannot have the name, with what to do; empty where it can. Lower-case words of letters and digits,
// joined by single underscores: a name that CMake's targets, C and C++ take alike.
std::string fault_of_name(std::string_view name);

// "wave_attention" -> "WaveAttention"
std::string class_name(std::string_view name);

}  // namespace motet::scaffold
