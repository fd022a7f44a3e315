#include "weights/gguf.hpp"

#include <algorithm>
#include <array>

#include "base/utf8.hpp"
#include "weights/gguf_reader.hpp"
#include "weights/layout.hpp"

namespace motet::weights {
namespace {

namespace fs = std::filesystem;

struct NumberedType {
  std::uint32_t number;
  std::string_view name;
  tensor::DType dtype;  // none: named so that a message can say what it is
};
constexpr std::array kTypes = {
    NumberedType{0, "F32", tensor::DType::f32},       NumberedType{1, "F16", tensor::DType::f16},
    NumberedType{2, "Q4_0", tensor::DType::q4_0},     NumberedType{3, "Q4_1", tensor::DType::q4_1},
    NumberedType{6, "Q5_0", tensor::DType::q5_0},     NumberedType{7, "Q5_1", tensor::DType::q5_1},
    NumberedType{8, "Q8_0", tensor::DType::q8_0},     NumberedType{9, "Q8_1", tensor::DType::none},
    NumberedType{10, "Q2_K", tensor::DType::none},    NumberedType{11, "Q3_K", tensor::DType::none},
    NumberedType{12, "Q4_K", tensor::DType::q4_K},    NumberedType{13, "Q5_K", tensor::DType::q5_K},
    NumberedType{14, "Q6_K", tensor::DType::q6_K},    NumberedType{15, "Q8_K", tensor::DType::none},
    NumberedType{16, "IQ2_XXS", tensor::DType::none}, NumberedType{17, "IQ2_XS", tensor::DType::none},
    NumberedType{18, "IQ3_XXS", tensor::DType::none}, NumberedType{19, "IQ1_S", tensor::DType::none},
    NumberedType{20, "IQ4_NL", tensor::DType::none},  NumberedType{21, "IQ3_S", tensor::DType::none},
    NumberedType{22, "IQ2_S", tensor::DType::none},   NumberedType{23, "IQ4_XS", tensor::DType::none},
    NumberedType{24, "I8", tensor::DType::none},      NumberedType{25, "I16", tensor::DType::none},
    NumberedType{26, "I32", tensor::DType::i32},      NumberedType{27, "I64", tensor::DType::i64},
    NumberedType{28, "F64", tensor::DType::none},     NumberedType{29, "IQ1_M", tensor::DType::none},
    NumberedType{30, "BF16", tensor::DType::bf16},    NumberedType{34, "TQ1_0", tensor::DType::none},
    NumberedType{35, "TQ2_0", tensor::DType::none},   NumberedType{39, "MXFP4", tensor::DType::none},
};

struct TensorInfo {
  std::string_view name;
  tensor::Shape shape;
  std::uint32_t type = 0;
  std::uint64_t offset = 0;
};

TensorInfo read_info(const fs::path& path, GgufReader& reader) {
  constexpr std::uint32_t kMostDimensions = 4;  // the specification's limit
  TensorInfo info;
  info.name = reader.string("a tensor's name");
  if (info.name.empty() || base::first_bad_utf8(info.name)) {
    refuse(path, "the tensor's name before byte " + std::to_string(reader.position()) + " is empty or not UTF-8",
           "the file is damaged, get it again");
  }
  const std::uint32_t rank = reader.u32("a tensor's shape");
  if (rank > kMostDimensions) {
    refuse(path, "the tensor " + in_quotes(info.name) + " has " + std::to_string(rank) + " dimensions, GGUF allows 4",
           "the file is damaged, get it again");
  }
  std::array<std::int64_t, kMostDimensions> sizes{};
  // Written innermost first. What does not fit becomes negative, which checked_size_bytes refuses.
  for (std::uint32_t i = rank; i-- > 0;) sizes[i] = static_cast<std::int64_t>(reader.u64("a tensor's shape"));
  for (std::uint32_t i = 0; i < rank; ++i) info.shape.push_back(sizes[i]);
  info.type = reader.u32("a tensor's type");
  info.offset = reader.u64("a tensor's offset");
  return info;
}

std::uint64_t alignment_of(const fs::path& path, const Metadata& metadata) {
  constexpr std::int64_t kDefault = 32, kMost = 1 << 20;
  const std::int64_t alignment = metadata.get_int("general.alignment").value_or(kDefault);
  if (alignment < 8 || alignment > kMost || (alignment & (alignment - 1)) != 0) {
    refuse(path, "general.alignment is " + std::to_string(alignment) + ", not a power of two from 8 up",
           "the file is damaged, get it again");
  }
  return static_cast<std::uint64_t>(alignment);
}

Entry make_entry(const fs::path& path, const TensorInfo& info, std::span<const std::byte> data, Extent& extent) {
  const std::string who = "the tensor " + in_quotes(info.name);
  Entry entry;
  entry.view.name = std::string(info.name);
  entry.view.shape = info.shape;
  const auto type = std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& t) { return t.number == info.type; });
  if (info.offset > data.size()) {
    refuse(path, who + " begins at byte " + std::to_string(info.offset) + " of " + std::to_string(data.size()),
           "the file is cut off or damaged, get it again");
  }
  extent.begin = extent.end = info.offset;
  if (!checked_size_bytes(1, 8, info.shape)) {
    refuse(path, who + " has the impossible shape " + info.shape.text(), "the file is damaged, get it again");
  }
  if (type == kTypes.end() || type->dtype == tensor::DType::none) {
    const std::string name = type == kTypes.end() ? "number " + std::to_string(info.type) : std::string(type->name);
    entry.problem = "has the type " + name + ", which Motet cannot use: get the model as F16, Q8_0 or Q4_K";
    return entry;
  }
  entry.view.dtype = type->dtype;
  const tensor::DTypeInfo& about = tensor::info(type->dtype);
  const std::optional<std::uint64_t> size = checked_size_bytes(about.block_elements, about.block_bytes, info.shape);
  if (!size) {
    refuse(
        path,
        who + " has the shape " + info.shape.text() + ", whose rows are not whole blocks of " + std::string(type->name),
        "the file is damaged, get it again");
  }
  if (*size > data.size() - info.offset) {
    refuse(path, who + " reaches to byte " + std::to_string(info.offset + *size) + " of " + std::to_string(data.size()),
           "the file is cut off, get it again");
  }
  extent.end = info.offset + *size;
  entry.view.bytes = data.subspan(static_cast<std::size_t>(info.offset), static_cast<std::size_t>(*size));
  check_alignment(entry);
  return entry;
}

}  // namespace

std::shared_ptr<const Metadata> Metadata::open(const fs::path& path) {
  auto file = std::make_shared<const base::MappedFile>(path);
  GgufReader reader(file->path(), file->bytes());
  auto entries = reader.entries(reader.header().entries);
  return std::make_shared<const Metadata>(std::move(file), std::move(entries));
}

Contents read_gguf(const fs::path& path) {
  Contents contents;
  contents.format = "gguf";
  const auto file = std::make_shared<const base::MappedFile>(path);
  contents.mappings.push_back(file);
  GgufReader reader(path, file->bytes());
  const GgufReader::Counts counts = reader.header();
  contents.metadata = std::make_shared<const Metadata>(file, reader.entries(counts.entries));
  std::vector<TensorInfo> infos;
  infos.reserve(static_cast<std::size_t>(counts.tensors));
  for (std::uint64_t i = 0; i < counts.tensors; ++i) infos.push_back(read_info(path, reader));

  const std::uint64_t alignment = alignment_of(path, *contents.metadata);
  const std::uint64_t data_begin = (reader.position() + alignment - 1) / alignment * alignment;
  if (data_begin > file->bytes().size() && !infos.empty()) {
    refuse(path, "ends before its tensors", "it is cut off, get the file again");
  }
  const auto data =
      file->bytes().subspan(static_cast<std::size_t>(std::min<std::uint64_t>(data_begin, file->bytes().size())));
  std::vector<Extent> extents;
  for (const TensorInfo& info : infos) {
    if (info.offset % alignment != 0) {
      refuse(path,
             "the tensor " + in_quotes(info.name) + " begins at byte " + std::to_string(info.offset) +
                 ", not a multiple of " + std::to_string(alignment),
             "the file is damaged, get it again");
    }
    Extent extent;
    extent.entry = contents.entries.size();
    contents.entries.push_back(make_entry(path, info, data, extent));
    extents.push_back(extent);
  }
  refuse_overlaps(path, extents, contents.entries);
  return contents;
}

}  // namespace motet::weights
