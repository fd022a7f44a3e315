#!/usr/bin/env python3
"""The checks of this folder against small trees and libraries that break one rule each."""
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import exports
import includes

PAGE = Path(__file__).resolve().parents[2] / "docs/architecture.md"


class Includes(unittest.TestCase):
    def setUp(self):
        self.root = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        (self.root / "docs").mkdir()
        shutil.copy(PAGE, self.root / "docs")
        for header in ("core/abi/motet/abi.h", "core/sdk/motet/sdk.hpp", "plugins/audio/wave.hpp", "plugins/prompt/chat.hpp"):
            self.write(header, "")

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def found(self, path, *lines):
        self.write(path, "".join(f"#include {line}\n" for line in lines))
        return includes.Tree(self.root).check()

    def test_allowed(self):
        self.assertEqual(self.found("core/graph/a.cpp", '"graph/a.hpp"', '"spec/spec.hpp"', "<motet/abi.h>", "<vector>", "<sys/mman.h>"), [])
        self.assertEqual(self.found("core/cli/a.cpp", '"program/program.hpp"', "<boost/program_options.hpp>"), [])
        self.assertEqual(self.found("core/device/a.cpp", '"device/cpu/b.hpp"', '"device/vulkan/b.hpp"'), [])
        self.assertEqual(self.found("core/cli/a.cpp", '"device/device.hpp"', '"runtime/session.hpp"', "<boost/program_options.hpp>"), [])
        self.assertEqual(self.found("core/device/cpu/a.cpp", '"device/device.hpp"', '"device/cpu/b.hpp"', "<hwy/highway.h>", "<oneapi/dnnl/dnnl.hpp>"), [])
        self.assertEqual(self.found("core/device/vulkan/a.cpp", "<vulkan/vulkan_raii.hpp>"), [])
        self.assertEqual(self.found("plugins/audio/a.cpp", '"wave.hpp"', '"audio/wave.hpp"', "<motet/sdk.hpp>", "<sndfile.h>"), [])

    def test_each_rule(self):
        for path, line, message in [
            ("core/base/a.cpp", '"tensor/shape.hpp"', "core/base/a.cpp:1: room 'base' may not include 'tensor/shape.hpp' of 'tensor'"),
            ("core/plan/a.cpp", '"graph/graph.hpp"', "room 'plan' may not include"),
            ("core/graph/a.cpp", "<yaml-cpp/yaml.h>", "room 'graph' may not use the outside library of <yaml-cpp/yaml.h>"),
            ("core/runtime/a.cpp", '"device/vulkan/open.hpp"', "room 'runtime' may not include"),
            ("core/cli/a.cpp", '"device/vulkan/open.hpp"', "room 'cli' may not include"),
            ("core/runtime/a.cpp", "<vulkan/vulkan.hpp>", "room 'runtime' may not use the outside library"),
            ("core/device/cpu/a.cpp", '"device/vulkan/b.hpp"', "device/cpu may not include"),
            ("core/device/cpu/a.cpp", "<vulkan/vulkan.hpp>", "may not use the outside library"),
            ("core/plan/a.cpp", '"../graph/graph.hpp"', "<../graph/graph.hpp> is neither"),
            ("core/abi/motet/a.h", '"base/error.hpp"', "room 'abi' may not include"),
            ("core/base/a.cpp", "<curl/curl.h>", "<curl/curl.h> is neither"),
            ("core/misc/a.cpp", "<vector>", "the table has no room 'misc'"),
            ("plugins/audio/a.cpp", '"host/value.hpp"', "a plugin may not include 'host/value.hpp' of core room 'host'"),
            ("plugins/audio/a.cpp", '"prompt/chat.hpp"', "plugin 'audio' may not include 'prompt/chat.hpp' of plugin 'prompt'"),
            ("plugins/audio/a.cpp", "<vulkan/vulkan.hpp>", "a plugin never uses Vulkan"),
        ]:
            with self.subTest(path=path, line=line):
                found = self.found(path, line)
                self.assertEqual(len(found), 1, found)
                self.assertIn(message, found[0])
                (self.root / path).unlink()

    def test_what_a_program_writes_is_not_included(self):
        self.write("core/base/a.cpp", 'auto s = R"(\n#include "graph/a.hpp"\n)";\n#include "plan/b.hpp"\n')
        self.assertEqual([line[:18] for line in includes.Tree(self.root).check()], ["core/base/a.cpp:4:"])

    def test_leaving_by_a_relative_path(self):
        self.write("core/graph/graph.hpp", "")
        self.assertIn("leaves its own folder", self.found("core/plan/a.cpp", '"../graph/graph.hpp"')[0])


class Exports(unittest.TestCase):
    def library(self, source):
        folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, folder)
        subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", folder / "a.so"], input=source, text=True, check=True)
        return list(exports.wrong(folder / "a.so"))

    def test_data_alone(self):
        self.assertEqual(self.library("const int motet_plugin = 1;"), [])

    def test_function_under_the_name(self):
        self.assertTrue(any("does not export motet_plugin as data" in line for line in self.library("int motet_plugin(void) { return 1; }")))

    def test_more_than_one(self):
        found = self.library("const int motet_plugin = 1; int helper(void) { return 2; }")
        self.assertEqual(found, ["a.so exports helper (T); a plugin exports nothing but motet_plugin"])


if __name__ == "__main__":
    unittest.main()
