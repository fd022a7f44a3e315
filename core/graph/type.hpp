// The types of ports and edges: "text", "audio|f32[B, S]", "text[]", "f32[..., D]", read from what plugins declare.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/dtype.hpp"
#include "tensor/shape.hpp"

namespace motet::graph {

enum class Kind : std::uint8_t { text, image, audio, table, tokens, tensor };
std::string_view name(Kind kind);

// One dimension as a port writes it: a number, a letter (a symbol of the stage), or "..." (any leading ones).
struct DimPattern {
  std::int64_t size = -1;
  std::string letter;
  bool ellipsis = false;
};

struct PortType {
  Kind kind = Kind::text;
  bool list = false;
  tensor::DType dtype = tensor::DType::none;  // tensors
  std::vector<DimPattern> dims;
};

// The alternatives of a port's type. Throws base::Error(plugin), about `port`, where the text is malformed.
std::vector<PortType> parse_port_type(std::string_view text, const std::string& port = "a port");
// One type without alternatives, as pipelines write inputs' types; nothing where it is none.
bool parse_value_type(std::string_view text, PortType& out);
std::string text(const PortType& type);

// What flows on an edge, as far as the graph knows it.
struct EdgeType {
  Kind kind = Kind::text;
  bool list = false;
  bool batched = false;           // tensors inside an island: dims[0] counts the batch
  bool from_tokens = false;       // an i32[B, T] that tokens became at an island's border
  std::uint32_t list_symbol = 0;  // of a list: the symbol that counts its elements, 0: none yet
  tensor::DType dtype = tensor::DType::none;
  tensor::SymbolicShape dims;
};

}  // namespace motet::graph
