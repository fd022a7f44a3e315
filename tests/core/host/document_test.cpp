#include "host/document.hpp"

#include <cstring>

#include "base/error.hpp"
#include "host/call.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace host = motet::host;
using motet::test::TemporaryFolder;

namespace {

std::string text_of(const motet_node* node) {
  motet_text_view view{sizeof view, nullptr, 0};
  host::host_table().node_string(node, &view);
  return std::string(view.data, view.size_bytes);
}

const motet_node* find(const motet_node* node, const char* key) { return host::host_table().node_find(node, key); }

void put(std::string& out, const void* data, std::size_t size) { out.append(static_cast<const char*>(data), size); }
template <class T>
void put(std::string& out, T value) {
  put(out, &value, sizeof value);
}
void put_text(std::string& out, const std::string& text) {
  put(out, std::uint64_t{text.size()});
  out += text;
}

// A GGUF file of key-values alone.
std::string gguf() {
  std::string out = "GGUF";
  put(out, std::uint32_t{3});
  put(out, std::uint64_t{0});
  put(out, std::uint64_t{5});
  put_text(out, "llama.block_count");
  put(out, std::uint32_t{4});
  put(out, std::uint32_t{30});
  put_text(out, "llama.rope.freq_base");
  put(out, std::uint32_t{6});
  put(out, 10000.5f);
  put_text(out, "general.name");
  put(out, std::uint32_t{8});
  put_text(out, "tiny");
  put_text(out, "tokenizer.ggml.add_bos_token");
  put(out, std::uint32_t{7});
  put(out, std::uint8_t{1});
  put_text(out, "tokenizer.ggml.tokens");
  put(out, std::uint32_t{9});
  put(out, std::uint32_t{8});
  put(out, std::uint64_t{3});
  for (const std::string token : {"<s>", "", "\xff"}) put_text(out, token);
  return out;
}

}  // namespace

TEST_CASE("a YAML file is a tree of typed nodes") {
  const TemporaryFolder folder;
  const auto document = host::Document::open(folder.write(
      "a.yaml",
      "family: bert\nlayers: 12\neps: 1.0e-5\nok: true\nnone:\nquoted: \"12\"\nlist: [1, two, {three: 3}]\n"));
  const motet_host& table = host::host_table();
  const motet_node* root = table.document_root(document.get());
  CHECK(table.node_kind(root) == MOTET_NODE_MAP);
  CHECK(table.node_size(root) == 7);
  CHECK(text_of(find(root, "family")) == "bert");
  CHECK(table.node_integer(find(root, "layers")) == 12);
  CHECK(table.node_number(find(root, "layers")) == 12);
  CHECK(table.node_number(find(root, "eps")) == Catch::Approx(1e-5));
  CHECK(table.node_bool(find(root, "ok")) == 1);
  CHECK(table.node_kind(find(root, "none")) == MOTET_NODE_NULL);
  CHECK(table.node_kind(find(root, "quoted")) == MOTET_NODE_STRING);
  const motet_node* list = find(root, "list");
  REQUIRE(table.node_size(list) == 3);
  CHECK(text_of(table.node_at(list, 1)) == "two");
  CHECK(table.node_integer(find(table.node_at(list, 2), "three")) == 3);
  CHECK(table.node_at(list, 3) == nullptr);
  CHECK(find(root, "absent") == nullptr);
  CHECK(find(list, "family") == nullptr);
  motet_text_view key{sizeof key, nullptr, 0};
  table.node_key_at(root, 1, &key);
  CHECK(std::string(key.data, key.size_bytes) == "layers");
}

TEST_CASE("a JSON file is a tree, also where a map is large") {
  const TemporaryFolder folder;
  std::string text = "{\"big\": {";
  for (int i = 0; i < 5000; ++i)
    text += (i ? ", " : "") + std::string("\"k") + std::to_string(i) + "\": " + std::to_string(i);
  text += "}, \"huge\": 18446744073709551615, \"deep\": [[[]]], \"text\": \"\\u00fc\"}";
  const auto document = host::Document::open(folder.write("a.json", text));
  const motet_host& table = host::host_table();
  const motet_node* root = table.document_root(document.get());
  const motet_node* big = find(root, "big");
  CHECK(table.node_size(big) == 5000);
  CHECK(table.node_integer(find(big, "k4321")) == 4321);
  CHECK(find(big, "k5000") == nullptr);
  CHECK(table.node_integer(table.node_at(big, 17)) == 17);
  CHECK(table.node_kind(find(root, "huge")) == MOTET_NODE_NUMBER);
  CHECK(table.node_integer(find(root, "huge")) == 0);
  CHECK(text_of(find(root, "text")) == "ü");
}

TEST_CASE("a GGUF file's metadata is one map, its lists made when looked into") {
  const TemporaryFolder folder;
  const auto document = host::Document::open(folder.write("model.bin", gguf()));
  const motet_host& table = host::host_table();
  const motet_node* root = table.document_root(document.get());
  CHECK(table.node_integer(find(root, "llama.block_count")) == 30);
  CHECK(table.node_number(find(root, "llama.rope.freq_base")) == 10000.5);
  CHECK(text_of(find(root, "general.name")) == "tiny");
  CHECK(table.node_kind(find(root, "tokenizer.ggml.add_bos_token")) == MOTET_NODE_BOOL);
  const motet_node* tokens = find(root, "tokenizer.ggml.tokens");
  REQUIRE(table.node_size(tokens) == 3);
  CHECK(text_of(table.node_at(tokens, 0)) == "<s>");
  CHECK(text_of(table.node_at(tokens, 1)).empty());
  CHECK(text_of(table.node_at(tokens, 2)) == "\xff");
}

TEST_CASE("files that cannot be read say where and why") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(host::Document::open(folder.path() / "none.json"), Catch::Contains("there is no such file"));
  CHECK_THROWS_WITH(host::Document::open(folder.path()), Catch::Contains("it is not a file"));
  CHECK_THROWS_WITH(host::Document::open(folder.write("a.json", "{\"a\": 1,\n \"b\" 2}")),
                    Catch::Contains("a.json:2:6: it is not JSON"));
  CHECK_THROWS_WITH(host::Document::open(folder.write("b.json", "")), Catch::Contains("it is not JSON"));
  CHECK_THROWS_WITH(host::Document::open(folder.write("c.json", std::string(200, '[') + std::string(200, ']'))),
                    Catch::Contains("nests more than 128 deep"));
  CHECK_THROWS_WITH(host::Document::open(folder.write("d.yaml", "a: 1\na: 2\n")), Catch::Contains("d.yaml:2:1"));
  CHECK_THROWS_WITH(host::Document::open(folder.write("e.gguf", "GGUF\x03")), Catch::Contains("e.gguf"));
  CHECK_THROWS_WITH(host::Document::open(folder.write("f.yaml", "a: \xff\n")), Catch::Contains("f.yaml:1"));
}

TEST_CASE("a family is found by name beside the plugin, or by the path of a file of one's own") {
  const TemporaryFolder folder;
  const auto known = folder.write("transformer/families/moonshine.encoder.yaml", "family: x\n");
  const auto own = folder.write("mine/own.yaml", "family: y\n");
  const auto data = folder.path() / "transformer";
  CHECK(host::family_file("moonshine.encoder", data, {}) == known);
  CHECK(host::family_file(own.string(), data, {}) == own);
  CHECK(host::family_file("own.yaml", data, folder.path() / "mine") == own);
  CHECK_THROWS_WITH(host::family_file("moonshine.encodr", data, {}),
                    "there is no family 'moonshine.encodr'; did you mean 'moonshine.encoder'?");
  CHECK_THROWS_WITH(host::family_file("../families/moonshine.encoder", data, {}),
                    Catch::Contains("there is no family"));
}
