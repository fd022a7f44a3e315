#include "spec/document.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <unordered_set>

#include "spec/places.hpp"
#include "spec/syntax.hpp"

namespace motet::spec {
namespace {

constexpr std::size_t kMostDiagnostics = 100;

struct Stop {};  // ends the parse; the diagnostics say why

// Builds the tree from yaml-cpp's events, which know nothing of duplicate keys, merges or aliases' harm.
class Builder final : public YAML::EventHandler {
 public:
  Builder(std::shared_ptr<const base::SourceFile> file, base::Diagnostics& diagnostics)
      : places_(std::move(file)), diagnostics_(diagnostics) {}

  std::optional<Node> root;

  Places& places() { return places_; }
  // What was open and what was read last when the parser gave up.
  Progress progress() const {
    Progress out;
    out.last = last_;
    out.last_text = last_text_;
    for (const Frame& frame : frames_) {
      if (frame.flow) out.open_flow = frame.node.place;
    }
    return out;
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (!root) return;
    base::Place place = places_.at(mark.line, mark.column);
    const bool marker = places_.line_starts_with(mark.line, "---") || places_.follows_end_marker(mark.line);
    wrong("M0006", std::move(place), marker ? "a second document begins here" : "text after the end of the document",
          marker ? "one file holds one document: split it" : "check the indentation, or remove what follows");
    throw Stop();
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Node node;
    const bool written = places_.is_null_literal(mark.line, mark.column);
    node.place = written ? places_.at(mark.line, mark.column) : place_of_nothing(mark);
    if (written) node.place.length = 1;
    check(node, "?", anchor);
    attach(std::move(node));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    Node node;
    node.place = places_.at(mark.line, mark.column);
    wrong("M0005", node.place, "an alias (*name) is not read here", "repeat the value, or make it a parameter");
    attach(std::move(node));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node node = Node::scalar(value, tag != "?", places_.at(mark.line, mark.column));
    node.place.length = places_.scalar_length(mark.line, mark.column, value);
    // yaml-cpp lets a quoted text run to the end of the file where a line break comes last.
    if (tag == "!" && places_.is_open_quote(mark.line, mark.column)) {
      wrong("M0002", node.place, "a quoted text that is not closed",
            std::string("close it with ") + places_.text()[places_.offset(mark.line, mark.column)]);
      throw Stop();
    }
    last_text_ = value;
    check(node, tag, anchor);
    attach(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    open(Node::Kind::list, mark, tag, anchor, style);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(Node::Kind::map, mark, tag, anchor, style);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Frame {
    Node node;
    bool flow = false;
    bool has_key = false;  // of a map: the next node is the value of `key`
    bool keep = true;      // false: the pair is dropped, its key was wrong
    std::string key;
    base::Place key_place;
    std::unordered_set<std::string> keys;
  };

  base::Diagnostic& wrong(std::string code, base::Place place, std::string message, std::string help) {
    if (++count_ > kMostDiagnostics) throw Stop();
    return diagnostics_.add(std::move(code), std::move(place), std::move(message), std::move(help));
  }

  // An empty value carries the next token's mark, which may be lines below: it is where its key is.
  base::Place place_of_nothing(const YAML::Mark& mark) {
    if (frames_.empty()) return places_.at(mark.line, mark.column);
    const Frame& frame = frames_.back();
    if (frame.node.is_map()) return frame.has_key ? frame.key_place : places_.at(mark.line, mark.column);
    return places_.dash_before(mark.line, mark.column).value_or(frame.node.place);
  }

  void check(const Node& node, const std::string& tag, YAML::anchor_t anchor) {
    last_ = node.place;
    if (++nodes_ > kMostNodes) {
      wrong("M0007", node.place, "more than " + std::to_string(kMostNodes) + " values in one file",
            "put data into files of its own and name their paths");
      throw Stop();
    }
    if (anchor != 0) {
      wrong("M0005", node.place, "an anchor (&name) is not read here",
            "remove it; make what is shared a parameter, and quote a text that begins with &");
    }
    if (tag != "?" && tag != "!" && !tag.empty()) {
      wrong("M0010", node.place, "a tag (!) is not read here", "remove it; quote a value that should stay text");
    }
  }

  void open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            YAML::EmitterStyle::value style) {
    Frame frame;
    frame.node.kind = kind;
    frame.node.place = places_.at(mark.line, mark.column);
    // The pair in [a: 1] is a map too, but has no bracket of its own that could be left open.
    frame.flow = style == YAML::EmitterStyle::Flow && places_.byte_is(mark.line, mark.column, "{[&!");
    check(frame.node, tag, anchor);
    last_text_.clear();
    if (frames_.size() >= kMostDepth) {
      wrong("M0007", frame.node.place, "values nest more than " + std::to_string(kMostDepth) + " deep",
            "flatten the file");
      throw Stop();
    }
    frames_.push_back(std::move(frame));
  }

  void close() {
    Node node = std::move(frames_.back().node);
    frames_.pop_back();
    attach(std::move(node));
  }

  void attach(Node node) {
    if (frames_.empty()) {
      root = std::move(node);
      return;
    }
    Frame& frame = frames_.back();
    if (frame.node.is_list()) {
      frame.node.items.push_back(std::move(node));
    } else if (!frame.has_key) {
      take_key(frame, std::move(node));
    } else {
      frame.has_key = false;
      if (frame.keep) frame.node.entries.push_back({std::move(frame.key), std::move(frame.key_place), std::move(node)});
    }
  }

  void take_key(Frame& frame, Node key) {
    frame.has_key = true;
    frame.keep = false;
    frame.key_place = key.place;
    if (!key.is_scalar()) {
      const std::string what =
          key.is_null() ? "an empty key, or null as a key" : std::string(kind_name(key.kind)) + " as a key";
      wrong("M0009", key.place, what, "a key is text; quote it if it only looks like something else");
    } else if (key.text == "<<" && !key.quoted) {
      wrong("M0004", key.place, "merge keys (<<) are not read",
            "write the keys out, or make what is shared a parameter");
    } else if (!frame.keys.insert(key.text).second) {
      duplicate(frame, key);
    } else {
      frame.key = std::move(key.text);
      frame.keep = true;
    }
  }

  void duplicate(const Frame& frame, const Node& key) {
    base::Diagnostic& diagnostic =
        wrong("M0003", key.place, "the key '" + key.text + "' is there twice", "remove or rename one of them");
    for (const Entry& entry : frame.node.entries) {
      if (entry.key == key.text) diagnostic.notes.push_back({entry.key_place, "first written here"});
    }
  }

  Places places_;
  base::Diagnostics& diagnostics_;
  std::vector<Frame> frames_;
  std::size_t nodes_ = 0;
  std::size_t count_ = 0;
  base::Place last_;
  std::string last_text_;
};

}  // namespace

std::optional<Node> parse_document(std::shared_ptr<const base::SourceFile> file, base::Diagnostics& diagnostics) {
  std::istringstream stream(file->text);
  Builder builder(file, diagnostics);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop&) {
    return std::nullopt;
  } catch (const YAML::ParserException& error) {
    diagnostics.add(syntax_error(error.msg, error.mark.line, error.mark.column, builder.places(), builder.progress()));
    return std::nullopt;
  }
  if (!builder.root) {
    builder.root.emplace();
    builder.root->place = {std::move(file), 1, 1, 0};
  }
  return std::move(builder.root);
}

}  // namespace motet::spec
