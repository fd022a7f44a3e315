// 19 to 24: the library as a file, before anything in it runs.
#include <elf.h>

#include <cstring>
#include <string>
#include <vector>

#include "base/mapped_file.hpp"
#include "plugin/library.hpp"
#include "verify/trial.hpp"

namespace motet::verify::families {
namespace {

// A shared library of this machine's kind, read without loading it. Every offset is checked: the file may be anything.
class Elf {
 public:
  explicit Elf(const std::filesystem::path& file) : mapped_(file), bytes_(mapped_.bytes()) {
    const auto* header = at<Elf64_Ehdr>(0);
    if (header == nullptr || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
        header->e_ident[EI_CLASS] != ELFCLASS64)
      skip("it is no library of a 64-bit machine");
    for (int i = 0; i < header->e_phnum; ++i) {
      const auto* segment = at<Elf64_Phdr>(header->e_phoff + static_cast<std::size_t>(i) * header->e_phentsize);
      if (segment != nullptr) segments_.push_back(*segment);
    }
    for (int i = 0; i < header->e_shnum; ++i) {
      const auto* section = at<Elf64_Shdr>(header->e_shoff + static_cast<std::size_t>(i) * header->e_shentsize);
      if (section != nullptr) sections_.push_back(*section);
    }
  }

  const std::vector<Elf64_Phdr>& segments() const { return segments_; }

  // Values of the dynamic section with this tag.
  std::vector<std::uint64_t> dynamic(std::int64_t tag) const {
    std::vector<std::uint64_t> out;
    for (const Elf64_Phdr& segment : segments_) {
      if (segment.p_type != PT_DYNAMIC) continue;
      for (std::size_t offset = 0; offset + sizeof(Elf64_Dyn) <= segment.p_filesz; offset += sizeof(Elf64_Dyn)) {
        const auto* entry = at<Elf64_Dyn>(segment.p_offset + offset);
        if (entry == nullptr || entry->d_tag == DT_NULL) break;
        if (entry->d_tag == tag) out.push_back(entry->d_un.d_val);
      }
    }
    return out;
  }

  // A text of the dynamic section's own table.
  std::string text(std::uint64_t offset) const {
    for (const Elf64_Shdr& section : sections_) {
      if (section.sh_type == SHT_DYNAMIC && section.sh_link < sections_.size())
        return string_at(sections_[section.sh_link], offset);
    }
    return {};
  }

  // Names of the symbols that it offers to others.
  std::vector<std::string> exported() const {
    std::vector<std::string> out;
    for (const Elf64_Shdr& section : sections_) {
      if (section.sh_type != SHT_DYNSYM || section.sh_link >= sections_.size()) continue;
      for (std::size_t offset = 0; offset + sizeof(Elf64_Sym) <= section.sh_size; offset += sizeof(Elf64_Sym)) {
        const auto* symbol = at<Elf64_Sym>(section.sh_offset + offset);
        if (symbol == nullptr) break;
        const bool visible = ELF64_ST_BIND(symbol->st_info) != STB_LOCAL &&
                             ELF64_ST_VISIBILITY(symbol->st_other) == STV_DEFAULT && symbol->st_shndx != SHN_UNDEF &&
                             symbol->st_shndx != SHN_ABS;
        if (visible) out.push_back(string_at(sections_[section.sh_link], symbol->st_name));
      }
    }
    return out;
  }

 private:
  template <class T>
  const T* at(std::uint64_t offset) const {
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof(T) || offset % alignof(T) != 0) return nullptr;
    return reinterpret_cast<const T*>(bytes_.data() + offset);
  }
  std::string string_at(const Elf64_Shdr& table, std::uint64_t offset) const {
    if (table.sh_offset > bytes_.size() || table.sh_size > bytes_.size() - table.sh_offset || offset >= table.sh_size)
      return {};
    const char* begin = reinterpret_cast<const char*>(bytes_.data() + table.sh_offset + offset);
    return {begin, ::strnlen(begin, table.sh_size - offset)};
  }

  base::MappedFile mapped_;
  std::span<const std::byte> bytes_;
  std::vector<Elf64_Phdr> segments_;
  std::vector<Elf64_Shdr> sections_;
};

// Sanitizers keep marks of theirs in every library.
bool of_a_sanitizer(const std::string& name) { return name.starts_with("__asan") || name.starts_with("__odr_asan"); }

void exports_only_the_entry(Trial& trial) {
  for (const std::string& name : Elf(trial.library()).exported()) {
    expect(name == MOTET_PLUGIN_SYMBOL || of_a_sanitizer(name),
           "it exports '" + name + "' too: link it with the version script plugin.exports, as motet_plugin() does");
  }
}

void dependencies_there(Trial& trial) {
  try {
    const plugin::Library library(trial.library());
  } catch (const base::Error& error) {
    if (std::string_view(error.what()).find("cannot be loaded") != std::string_view::npos) fail(error.what());
    throw;
  }
}

void no_path_of_the_build(Trial& trial) {
  const Elf elf(trial.library());
  for (const std::int64_t tag : {DT_RPATH, DT_RUNPATH}) {
    for (const std::uint64_t offset : elf.dynamic(tag)) {
      const std::string path = elf.text(offset);
      expect(path.starts_with("$ORIGIN"), "it looks for libraries in " + path +
                                              ", which only the machine has that built it: use $ORIGIN or no rpath");
    }
  }
}

void stack_not_executable(Trial& trial) {
  const Elf elf(trial.library());
  for (const Elf64_Phdr& segment : elf.segments()) {
    expect(segment.p_type != PT_GNU_STACK || (segment.p_flags & PF_X) == 0,
           "it wants a stack that can be executed, for the whole process");
    expect(segment.p_type != PT_LOAD || (segment.p_flags & (PF_X | PF_W)) != (PF_X | PF_W),
           "a part of it can be written and executed");
  }
}

void loads_twice(Trial& trial) {
  trial.note("in loading, closing and loading the library again");
  for (int i = 0; i < 3; ++i) const plugin::Library library(trial.library());
}

}  // namespace

std::span<const Check> file() {
  static constexpr Check kChecks[] = {
      {19, "dependencies_there", "The libraries that it needs are there, and so is every symbol.",
       "It cannot be loaded on another machine.", "kit, loader", On::library, kBasic, dependencies_there},
      {20, "exports_nothing_else", "The dynamic symbol table offers `motet_plugin` and nothing else.",
       "Two plugins that carry the same library in different versions would use each other's.", "kit", On::library,
       kNormal, exports_only_the_entry},
      {21, "no_path_of_the_build", "It does not look for libraries in folders of the machine that built it.",
       "It works there only, or loads what somebody else puts into such a folder.", "kit", On::library, kNormal,
       no_path_of_the_build},
      {22, "stack_not_executable", "It asks for no memory that can be written and executed, nor for such a stack.",
       "Hardened systems refuse it, and on others it weakens the whole process.", "kit", On::library, kNormal,
       stack_not_executable},
      {23, "loads_twice", "It can be loaded, closed and loaded again.",
       "A program that looks at plugins before it uses them crashes.", "kit", On::library, kBasic, loads_twice},
  };
  return kChecks;
}

}  // namespace motet::verify::families
