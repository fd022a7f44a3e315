#!/usr/bin/env python3
"""Compiles the variants of one shader into a C++ source with their SPIR-V and what was reflected from it.

usage: compile_shaders.py [--glslang PROGRAM] [--include DIR] [--depfile FILE] SHADER.yaml OUTPUT.cpp

SHADER.yaml lists variants of SHADER.comp beside it:

    variants:                      # absent: one variant with the shader's own name
      - name: binary_i32           # may use {KEY} of `each`
        define: {T: int}
        each: {WEIGHT: [f32, q8_0]}  # one variant for each combination; KEY is defined as the value

Bindings, push constants and specialisation constants are read from the SPIR-V, so that the host code names them and
nothing is written twice.
"""
import argparse
import itertools
import os
import re
import struct
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import yaml

NAME, MEMBER_NAME, EXECUTION_MODE = 5, 6, 16
TYPE_INT, TYPE_FLOAT, TYPE_VECTOR, TYPE_IMAGE, TYPE_ARRAY, TYPE_RUNTIME_ARRAY, TYPE_STRUCT, TYPE_POINTER = 21, 22, 23, 25, 28, 29, 30, 32
CONSTANT, CONSTANT_COMPOSITE, SPEC_TRUE, SPEC_FALSE, SPEC_CONSTANT, SPEC_COMPOSITE = 43, 44, 48, 49, 50, 51
VARIABLE, DECORATE, MEMBER_DECORATE = 59, 71, 72
SPEC_ID, ARRAY_STRIDE, BUILT_IN, NON_WRITABLE, BINDING, OFFSET = 1, 6, 11, 24, 33, 35
WORKGROUP_SIZE = 25
UNIFORM_CONSTANT, PUSH_CONSTANT, STORAGE_BUFFER = 0, 9, 12


class Module:
    """The few facts of a SPIR-V module that the host wants to know."""

    def __init__(self, words):
        self.words = words
        self.names, self.member_names = {}, {}
        self.decorations, self.member_decorations = {}, {}
        self.types, self.constants, self.variables = {}, {}, []
        self.spec_defaults, self.composites = {}, {}
        at = 5
        while at < len(words):
            length, opcode = words[at] >> 16, words[at] & 0xFFFF
            self.read(opcode, words[at + 1 : at + length])
            at += length

    @staticmethod
    def text(words):
        return struct.pack(f"<{len(words)}I", *words).split(b"\0")[0].decode()

    def read(self, opcode, w):
        if opcode == NAME:
            self.names[w[0]] = self.text(w[1:])
        elif opcode == MEMBER_NAME:
            self.member_names[w[0], w[1]] = self.text(w[2:])
        elif opcode == DECORATE:
            self.decorations.setdefault(w[0], {})[w[1]] = w[2:]
        elif opcode == MEMBER_DECORATE:
            self.member_decorations.setdefault((w[0], w[1]), {})[w[2]] = w[3:]
        elif opcode in (TYPE_INT, TYPE_FLOAT, TYPE_VECTOR, TYPE_IMAGE, TYPE_ARRAY, TYPE_RUNTIME_ARRAY, TYPE_STRUCT, TYPE_POINTER):
            self.types[w[0]] = (opcode, w[1:])
        elif opcode == CONSTANT:
            self.constants[w[1]] = w[2]
        elif opcode in (SPEC_TRUE, SPEC_FALSE, SPEC_CONSTANT):
            self.spec_defaults[w[1]] = w[2] if opcode == SPEC_CONSTANT else int(opcode == SPEC_TRUE)
        elif opcode in (CONSTANT_COMPOSITE, SPEC_COMPOSITE):
            self.composites[w[1]] = w[2:]
        elif opcode == VARIABLE:
            self.variables.append((w[1], w[0], w[2]))

    def pointee(self, pointer):
        return self.types[pointer][1][1]

    def bindings(self):
        """(name, binding, kind) of each storage buffer, named by its block's first member, and texel buffer."""
        found = []
        for variable, pointer, storage in self.variables:
            if storage == UNIFORM_CONSTANT and self.types[self.pointee(pointer)][0] == TYPE_IMAGE:
                found.append((self.names[variable], self.decorations[variable][BINDING][0], "texels"))
            if storage != STORAGE_BUFFER:
                continue
            block = self.pointee(pointer)
            read_only = NON_WRITABLE in self.member_decorations.get((block, 0), {}) or NON_WRITABLE in self.decorations.get(variable, {})
            found.append((self.member_names[block, 0], self.decorations[variable][BINDING][0], "read" if read_only else "written"))
        return sorted(found, key=lambda b: (b[1], b[0]))

    def push_members(self):
        """(name, offset, words) of each member of the push constant block."""
        for _, pointer, storage in self.variables:
            if storage == PUSH_CONSTANT:
                block = self.pointee(pointer)
                return [
                    (self.member_names[block, i], self.member_decorations[block, i][OFFSET][0], self.word_count(member))
                    for i, member in enumerate(self.types[block][1])
                ]
        return []

    def word_count(self, type_id):
        opcode, w = self.types[type_id]
        if opcode in (TYPE_INT, TYPE_FLOAT):
            return 1
        if opcode == TYPE_ARRAY and self.decorations[type_id][ARRAY_STRIDE][0] == 4:
            return self.constants[w[1]]
        raise ValueError("push constants are 32-bit scalars and arrays of them")

    def spec_constants(self):
        """(name, id, default) of each specialisation constant; the workgroup's size has no name of its own."""
        unnamed = {}
        for composite, parts in self.composites.items():
            if self.decorations.get(composite, {}).get(BUILT_IN) == [WORKGROUP_SIZE]:
                unnamed.update({part: f"local_size_{axis}" for part, axis in zip(parts, "xyz")})
        return sorted(
            (self.names.get(i) or unnamed[i], self.decorations[i][SPEC_ID][0], default)
            for i, default in self.spec_defaults.items()
            if SPEC_ID in self.decorations.get(i, {})
        )

    def stripped(self):
        """The module without names."""
        kept, at = list(self.words[:5]), 5
        while at < len(self.words):
            length, opcode = self.words[at] >> 16, self.words[at] & 0xFFFF
            if opcode not in (3, 4, NAME, MEMBER_NAME):  # source and its extensions
                kept += self.words[at : at + length]
            at += length
        return kept


def variants(description, stem):
    for entry in description.get("variants") or [{"name": stem}]:
        each = entry.get("each", {})
        for values in itertools.product(*each.values()):
            chosen = dict(zip(each.keys(), values))
            yield entry["name"].format(**chosen), {**entry.get("define", {}), **chosen}


def included(path, folder, seen):
    if path not in seen:
        seen.append(path)
        with open(path, encoding="utf-8") as file:
            for name in re.findall(r'^\s*#include "([^"]+)"', file.read(), re.MULTILINE):
                included(os.path.join(folder, name), folder, seen)
    return seen


def compile_variant(options, source, name, defines, scratch):
    output = os.path.join(scratch, name + ".spv")
    command = [options.glslang, "--target-env", "vulkan1.1", "-S", "comp", f"-I{options.include}", "-o", output]
    # A type is named in lower case where it is a variant's key: the shader tests for WEIGHT_q8_0.
    for key, value in defines.items():
        command += [f"-D{key}={value}", f"-D{key}_{value}=1"]
    run = subprocess.run(command + [source], capture_output=True, text=True)
    if run.returncode != 0:
        raise RuntimeError(f"{source} as {name}:\n{run.stdout}{run.stderr}")
    with open(output, "rb") as file:
        data = file.read()
    return name, Module(list(struct.unpack(f"<{len(data) // 4}I", data)))


def array(kind, name, entries):
    return f"constexpr {kind} {name}[] = {{{', '.join(entries)}}};\n" if entries else f"constexpr std::span<const {kind}> {name}{{}};\n"


def cpp(stem, compiled):
    text = '// Generated by tools/compile_shaders.py.\n#include "device/vulkan/shader.hpp"\n\nnamespace motet::device::vulkan::shaders {\nnamespace {\n'
    for i, (name, module) in enumerate(compiled):
        words = module.stripped()
        text += f"// {name}\nconstexpr std::uint32_t words{i}[] = {{"
        text += ",".join(("\n" if j % 24 == 0 else "") + (str(w) if w < 1000 else hex(w)) for j, w in enumerate(words)) + "};\n"
        text += array("Binding", f"bindings{i}", [f'{{"{n}", {b}, Binding::Kind::{k}}}' for n, b, k in module.bindings()])
        text += array("PushMember", f"push{i}", [f'{{"{n}", {o}, {c}}}' for n, o, c in module.push_members()])
        text += array("SpecConstant", f"constants{i}", [f'{{"{n}", {s}, {d}u}}' for n, s, d in module.spec_constants()])
    text += "constexpr Shader variants[] = {\n"
    for i, (name, _) in enumerate(compiled):
        text += f'    {{"{name}", words{i}, bindings{i}, push{i}, constants{i}}},\n'
    text += f"}};\n}}  // namespace\n\nextern const std::span<const Shader> {stem};\nconst std::span<const Shader> {stem}{{variants}};\n"
    return text + "}  // namespace motet::device::vulkan::shaders\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--glslang", default="glslangValidator")
    parser.add_argument("--include", default="shaders/include")
    parser.add_argument("--depfile")
    parser.add_argument("yaml")
    parser.add_argument("output")
    options = parser.parse_args()
    stem = os.path.splitext(os.path.basename(options.yaml))[0]
    source = os.path.splitext(options.yaml)[0] + ".comp"
    with open(options.yaml, encoding="utf-8") as file:
        description = yaml.safe_load(file) or {}
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [pool.submit(compile_variant, options, source, name, defines, scratch) for name, defines in variants(description, stem)]
        try:
            compiled = [job.result() for job in jobs]
        except (RuntimeError, KeyError, ValueError) as error:
            sys.exit(f"{options.yaml}: {error}")
    with open(options.output + ".part", "w", encoding="utf-8") as file:
        file.write(cpp(stem, compiled))
    os.replace(options.output + ".part", options.output)
    if options.depfile:
        with open(options.depfile, "w", encoding="utf-8") as file:
            file.write(f"{options.output}: " + " ".join(included(source, options.include, [])) + f" {options.yaml}\n")


if __name__ == "__main__":
    main()
