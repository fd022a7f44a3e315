// What a real GPU's compiler makes of the shaders: Mesa's RADV compiles without hardware.
//
// What is wanted of every version of Mesa is checked here. The figures themselves are kept for some versions, so that a
// shader that got worse is seen before it misses what is wanted: compiled/<version>.txt, which this test writes where
// MOTET_UPDATE_EXPECTED is set. A version is that of a Debian here, and so of the glslang that comes with it.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <sstream>
#include <string_view>

#include "absent_gpu.hpp"
#include "every_shader.hpp"
#include "support/catch.hpp"
#include "support/sanitized.hpp"

namespace motet::device::vulkan::tests {
namespace {

using Statistics = Pipelines::Statistics;

std::int64_t number(const Statistics& of, const char* name) {
  const auto found = of.numbers.find(name);
  return found == of.numbers.end() ? -1 : found->second;
}

bool is_product(std::string_view shader) { return shader.starts_with("mat"); }
bool is_attention(std::string_view shader) { return shader.starts_with("attention"); }
// Written for drivers whose subgroups are a processor's vectors: GPUs never get them.
bool is_for_software(std::string_view shader) { return shader.find("_lanes") != shader.npos; }

struct Loop {
  int vector = 0, multiply_adds = 0, shared_reads = 0;
};

// The block of the assembly with the most multiply-adds: the inner loop.
Loop inner_loop(const std::string& assembly) {
  Loop best, now;
  std::istringstream lines(assembly);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t at = line.find_first_not_of(" \t");
    if (at == std::string::npos) continue;
    const std::string_view code = std::string_view(line).substr(at);
    if (code.starts_with("BB")) now = {};
    if (code.starts_with("v_")) ++now.vector;
    if (code.starts_with("v_fma") || code.starts_with("v_pk_fma") || code.starts_with("v_dual_fma") ||
        code.starts_with("v_mac"))
      ++now.multiply_adds;
    if (code.starts_with("ds_read") || code.starts_with("ds_load")) ++now.shared_reads;
    if (now.multiply_adds > 0 && now.multiply_adds >= best.multiply_adds) best = now;
  }
  return best;
}

// One line of the figures that are kept.
std::string figures(const std::string& family, const Statistics& found, const Loop& loop) {
  std::ostringstream line;
  line << family << " " << found.shader;
  for (const auto& [name, value] : found.constants) line << " " << name << "=" << value;
  line << ": " << number(found, "VGPRs") << " VGPRs, " << number(found, "Subgroups per SIMD") << " subgroups";
  if (is_product(found.shader) || is_attention(found.shader)) {
    line << ", inner loop " << loop.multiply_adds << " multiply-adds of " << loop.vector << ", " << loop.shared_reads
         << " shared reads";
  }
  return line.str();
}

void check_wanted(const std::string& family, const Statistics& found, const Loop& loop) {
  const std::int64_t subgroups = number(found, "Subgroups per SIMD");
  CAPTURE(family, found.shader, subgroups, loop.vector, loop.multiply_adds, loop.shared_reads);
  CHECK(number(found, "Spilled SGPRs") == 0);
  CHECK(number(found, "Spilled VGPRs") == 0);
  // docs/benchmarks.md says why GCN has fewer.
  if (family != "vega10" && (is_product(found.shader) || is_attention(found.shader))) CHECK(subgroups >= 8);
  if (!found.shader.starts_with("matmul_tiled")) return;
  CHECK(loop.multiply_adds >= 256);
  CHECK(loop.multiply_adds >= 0.95 * loop.vector);
  CHECK(10 * loop.shared_reads <= loop.multiply_adds);
}

// Everything that a GPU may get, and nothing that was written for processors. What no step here uses is compiled by
// itself: an operation comes with new files alone.
void compile_everything(AbsentGpu& gpu) {
  use_every_shader(gpu);
  std::set<std::string_view> used;
  for (const Statistics& found : gpu.pipelines().statistics()) used.insert(found.shader);
  for (const Shader* shader : all_shaders()) {
    CAPTURE(shader->name);
    if (is_for_software(shader->name)) {
      CHECK_FALSE(used.contains(shader->name));
    } else if (!used.contains(shader->name)) {
      gpu.compile(*shader);
    }
  }
}

std::string_view shader_of(std::string_view line) {
  line.remove_prefix(line.find(' ') + 1);
  return line.substr(0, line.find_first_of(" :"));
}

void compare_with_kept(const std::string& mesa, std::vector<std::string> lines) {
  std::sort(lines.begin(), lines.end());
  const std::filesystem::path path = MOTET_SOURCE_DIR "/tests/core/device_vulkan/compiled/" + mesa + ".txt";
  if (std::getenv("MOTET_UPDATE_EXPECTED") != nullptr) {
    std::ofstream file(path);
    std::copy(lines.begin(), lines.end(), std::ostream_iterator<std::string>(file, "\n"));
  }
  std::ifstream file(path);
  if (!file) {
    WARN("no figures are kept for Mesa " << mesa << ": MOTET_UPDATE_EXPECTED=1 writes " << path.string());
    return;
  }
  std::vector<std::string> kept, gone, come;
  for (std::string line; std::getline(file, line);) kept.push_back(line);
  std::set<std::string, std::less<>> known, unknown;
  for (const std::string& line : kept) known.emplace(shader_of(line));
  std::erase_if(lines, [&](const std::string& line) {
    if (known.contains(shader_of(line))) return false;
    if (unknown.emplace(shader_of(line)).second) WARN("no figures are kept for the shader " << shader_of(line));
    return true;
  });
  std::set_difference(kept.begin(), kept.end(), lines.begin(), lines.end(), std::back_inserter(gone));
  std::set_difference(lines.begin(), lines.end(), kept.begin(), kept.end(), std::back_inserter(come));
  INFO("where the new figures are right, MOTET_UPDATE_EXPECTED=1 writes them to " << path.string());
  CHECK(gone == std::vector<std::string>{});
  CHECK(come == std::vector<std::string>{});
}

}  // namespace

TEST_CASE("RADV compiles every shader without spilling, and the products' inner loops to multiply-adds, as before") {
  if (test::kSanitized) {
    WARN("nothing of ours is at work here, and Mesa's compiler under a sanitizer takes minutes");
    return;
  }
  const std::string manifest = radv_manifest();
  if (manifest.empty()) FAIL("Mesa's RADV is not installed: apt-get install mesa-vulkan-drivers, as ./dev setup does");
  std::vector<std::string> lines;
  std::string mesa;
  for (const std::string& family : gpu_families(manifest)) {
    const auto gpu = AbsentGpu::open(manifest, family);
    mesa = gpu->mesa();
    compile_everything(*gpu);
    const std::vector<Statistics> all = gpu->pipelines().statistics();
    for (const Statistics& found : all) {
      const Loop loop = inner_loop(found.assembly);
      check_wanted(family, found, loop);
      lines.push_back(figures(family, found, loop));
    }
  }
  compare_with_kept(mesa, std::move(lines));
}

}  // namespace motet::device::vulkan::tests
