#include "weights/layout.hpp"

#include <algorithm>
#include <limits>

#include "base/error.hpp"
#include "base/utf8.hpp"

namespace motet::weights {

void refuse(const std::filesystem::path& path, const std::string& what, const std::string& help) {
  base::fail(base::ErrorKind::user, path.string() + ": " + what, help);
}

std::optional<std::uint64_t> checked_size_bytes(std::int64_t block_elements, std::uint64_t block_bytes,
                                                const tensor::Shape& shape) {
  // Far above any file, and low enough that neither this product nor one of its users overflows.
  constexpr std::uint64_t kMost = std::uint64_t{1} << 60;
  std::uint64_t elements = 1;
  for (std::int64_t size : shape) {
    if (size < 0 || static_cast<std::uint64_t>(size) > kMost) return std::nullopt;
    // A zero elsewhere does not excuse sizes whose product has no meaning.
    if (size > 0 && elements > kMost / static_cast<std::uint64_t>(size)) return std::nullopt;
    elements *= static_cast<std::uint64_t>(std::max<std::int64_t>(size, 1));
  }
  if (block_elements > 1 && (shape.rank() == 0 || shape[-1] % block_elements != 0)) return std::nullopt;
  for (std::int64_t size : shape) {
    if (size == 0) return 0;
  }
  const std::uint64_t blocks = elements / static_cast<std::uint64_t>(block_elements);
  if (blocks > kMost / block_bytes) return std::nullopt;
  return blocks * block_bytes;
}

void refuse_overlaps(const std::filesystem::path& path, std::vector<Extent>& extents,
                     const std::vector<Entry>& entries) {
  std::sort(extents.begin(), extents.end(),
            [](const Extent& a, const Extent& b) { return a.begin != b.begin ? a.begin < b.begin : a.end < b.end; });
  for (std::size_t i = 1; i < extents.size(); ++i) {
    if (extents[i].begin < extents[i - 1].end) {
      refuse(path,
             "the tensors " + in_quotes(entries[extents[i - 1].entry].view.name) + " and " +
                 in_quotes(entries[extents[i].entry].view.name) + " overlap",
             "the file is damaged, get it again");
    }
  }
}

void check_alignment(Entry& entry) {
  const tensor::DTypeInfo& about = tensor::info(entry.view.dtype);
  const std::size_t alignment = about.block_elements > 1 ? 2 : std::max<std::size_t>(about.block_bytes, 1);
  const auto address = reinterpret_cast<std::uintptr_t>(entry.view.bytes.data());
  if (!entry.view.bytes.empty() && address % alignment != 0) {
    entry.problem = "does not begin at a multiple of " + std::to_string(alignment) +
                    " bytes: save the file again with a current writer";
  }
}

std::string in_quotes(std::string_view name) {
  constexpr std::size_t kMost = 80;
  std::string out = "'";
  for (char c : name.substr(0, kMost)) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
  if (name.size() > kMost) {
    out.resize(out.size() - base::incomplete_tail(out));
    out += "...";
  }
  return out + "'";
}

}  // namespace motet::weights
