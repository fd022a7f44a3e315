// A process with a limit: what it says, how it ends.
#include <signal.h>

#include "base/error.hpp"
#include "support/catch.hpp"
#include "verify/last_call.hpp"
#include "verify/process.hpp"
#include "verify/request.hpp"
#include "verify/values.hpp"

namespace verify = motet::verify;
using namespace std::chrono_literals;

namespace {

verify::Ended shell(const std::string& script, std::chrono::milliseconds limit = 20s) {
  const verify::LastCall last_call;
  return verify::run_process("/bin/sh", {"-c", script}, last_call.descriptor(), limit);
}

}  // namespace

TEST_CASE("a process answers on its own descriptor, and what it says besides is kept apart") {
  const verify::Ended ended = shell("echo answer >&3; echo out; echo error >&2; exit 7");
  CHECK(ended.answer == "answer\n");
  CHECK(ended.said == "out\nerror\n");
  CHECK(ended.exit_status == 7);
  CHECK(ended.signal == 0);
  CHECK_FALSE(ended.timed_out);
}

TEST_CASE("a signal that ends a process is told") { CHECK(shell("kill -SEGV $$").signal == SIGSEGV); }

TEST_CASE("a process that hangs is ended at its limit, with what it started") {
  const verify::Ended ended = shell("sleep 1000 & sleep 1000", 200ms);
  CHECK(ended.timed_out);
}

TEST_CASE("the last call is seen by whoever shares its memory") {
  verify::LastCall ours;
  verify::LastCall theirs(ours.descriptor());
  CHECK(ours.text().empty());
  theirs.note("loading the library");
  CHECK(ours.text() == "loading the library");
}

TEST_CASE("a request and an outcome survive their way to the other process") {
  verify::Request request;
  request.number = 17;
  request.library = "/a b/c.so";
  request.setup = {"/p.yaml", "words/text", "case \"one\"", true};
  request.set = {"a=b", "c=\n"};
  request.seed = ~std::uint64_t{0};
  const verify::Request read = verify::request_of(verify::to_text(request));
  CHECK(verify::to_text(read) == verify::to_text(request));
  CHECK(read.seed == request.seed);
  CHECK(read.setup.derived);
  verify::Outcome outcome;
  outcome.verdict = verify::Verdict::failed;
  outcome.message = "not \xff UTF-8";
  outcome.sightings = {{6, "silent"}};
  const verify::Outcome back = verify::outcome_of(verify::to_text(outcome));
  CHECK(back.verdict == verify::Verdict::failed);
  CHECK(back.sightings.size() == 1);
  CHECK_THROWS_AS(verify::outcome_of("nothing"), motet::base::Error);
}

TEST_CASE("values differ where a bit differs") {
  namespace value = motet::value;
  CHECK(verify::difference(*value::make_text("ab"), *value::make_text("ab")).empty());
  CHECK(verify::difference(*value::make_text("ab"), *value::make_text("ac")) == "byte 1 is 98 and 99");
  const auto one_float = [](float element) {
    motet::tensor::HostTensor tensor(motet::tensor::DType::f32, {1});
    tensor.as<float>()[0] = element;
    return value::make_tensor(std::move(tensor));
  };
  CHECK(verify::difference(*one_float(0.5F), *one_float(0.5F)).empty());
  CHECK_FALSE(verify::difference(*one_float(0.0F), *one_float(-0.0F)).empty());
  CHECK(verify::far_apart(*one_float(1.0F), *one_float(1.0005F)).empty());
  CHECK_FALSE(verify::far_apart(*one_float(1.0F), *one_float(1.01F)).empty());
}

TEST_CASE("the same seed gives the same values") {
  verify::Random one(5), other(5), third(6);
  CHECK(verify::random_text(40, one) == verify::random_text(40, other));
  CHECK(one.next() != third.next());
}
