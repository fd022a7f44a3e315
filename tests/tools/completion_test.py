#!/usr/bin/env python3
"""Completion as the shells do it, with the real program (MOTET), and the manual page: both are made of what --help is made of."""
import os
import pty
import re
import select
import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MOTET = Path(os.environ["MOTET"])
BASH_HARNESS = r"""
source <(motet completion bash)
# As readline cuts a line, at blanks and at the shell's word breaks.
complete_line() {
  COMP_LINE=$1 COMP_POINT=${#1}
  _motet
  printf '%s\n' "${COMPREPLY[@]}"
}
complete_line "$1" 2> /dev/null
"""


def says(*words, cwd=ROOT, **options):
    environment = {**os.environ, "PATH": f"{MOTET.parent}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=60, check=False, cwd=cwd, env=environment, **options)


def bash(line):
    return sorted(filter(None, says("bash", "--norc", "-c", BASH_HARNESS, "bash", line).stdout.split("\n")))


def typed(shell, setup, line, wanted):
    """What a terminal shows after `line` was typed into a shell, once `wanted` is there."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(ROOT)
        os.environ.update(PATH=f"{MOTET.parent}{os.pathsep}{os.environ['PATH']}", TERM="dumb", PS1="ready> ", HOME=tempfile.gettempdir())
        os.execvp(shell[0], shell)
    shown, begin, sent = "", time.monotonic(), []
    try:
        steps = [("", setup + "\n"), ("set-up-done", line)]
        while time.monotonic() - begin < 30:
            if steps and re.search(steps[0][0] + r"\r?\n" if steps[0][0] else "", shown):
                os.write(terminal, steps.pop(0)[1].encode())
                sent.append(len(shown))
            if select.select([terminal], [], [], 0.1)[0]:
                try:
                    shown += os.read(terminal, 4096).decode(errors="replace")
                except OSError:
                    break
            if not steps and wanted in shown[sent[-1]:]:
                break
        return shown[sent[-1]:]
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
        os.close(terminal)


class Words(unittest.TestCase):
    """The program's own answer: the same for every shell."""

    def words(self, *line):
        said = says(MOTET, "completion", "words", *line)
        self.assertEqual((said.returncode, said.stderr), (0, ""))
        return [one.split("\t")[0] for one in said.stdout.splitlines()]

    def test_verbs(self):
        verbs = re.findall(r"^  (\w+) {2,}\w", says(MOTET, "--help").stdout, re.M)
        self.assertEqual(self.words(""), verbs)
        self.assertEqual(self.words("re"), [])
        self.assertEqual(self.words("ru"), ["run"])
        self.assertIn("new", self.words("plugin", ""))
        self.assertEqual(self.words("no-such-verb", ""), [])
        self.assertEqual(self.words(), [])

    def test_options_are_those_of_help(self):
        for verb in ["run"], ["check"], ["graph"], ["plugin", "new"], ["completion"]:
            options = re.findall(r"^  (--[a-z]+)", says(MOTET, *verb, "--help").stdout, re.M)
            self.assertEqual(self.words(*verb, "--"), options)
        self.assertNotIn("--json", self.words("check", "p", "--json", "--"))  # once is enough
        self.assertIn("--set", self.words("check", "p", "--set", "a=b", "--"))

    def test_values(self):
        self.assertEqual(self.words("graph", "p", "--format", ""), ["svg", "html", "dot", "mermaid", "json"])
        self.assertEqual(self.words("graph", "p", "--format=s"), ["--format=svg"])
        self.assertEqual(self.words("inspect", "decoder.t"), ["decoder.transformer"])
        self.assertEqual(self.words("explain", "M030"), re.findall(r"\bM030\d", says(MOTET, "explain").stdout))
        self.assertIn("cross-attention", self.words("plugin", "new", "--kind", ""))
        self.assertEqual(self.words("plugin", "new", "--language", ""), ["c++", "c"])
        self.assertEqual(self.words("run", ""), ["/files"])
        self.assertEqual(self.words("run", "p", "--out", ""), ["/folders"])

    def test_what_a_pipeline_has(self):
        self.assertIn("model=", self.words("run", "pipelines/chat", "--set", ""))
        self.assertEqual(self.words("run", "pipelines/chat", "--in", "t"), ["text="])
        self.assertEqual(self.words("run", "pipelines/chat", "--in", "text=R"), ["/files"])
        self.assertEqual(self.words("test", "pipelines/nearest-text", "--only", "two"), ["two_of_them"])
        self.assertEqual(self.words("run", "no/such/pipeline", "--set", ""), [])


class Bash(unittest.TestCase):
    def test_script_is_well_formed(self):
        self.assertEqual(says("bash", "-n", input=says(MOTET, "completion", "bash").stdout).stderr, "")

    def test_function(self):
        self.assertEqual(bash("motet che"), ["check"])
        self.assertEqual(bash("motet plugin new --kind enc"), ["encoder"])
        self.assertIn("model=", bash("motet run pipelines/chat --set "))
        self.assertEqual(bash("motet run pipelines/chat --in te"), ["text="])
        self.assertEqual(bash("motet graph p --format=m"), ["mermaid"])  # bash has ended a word at =
        self.assertEqual(bash("motet run pipelines/chat --in text=@pipelines/ch"), ["@pipelines/chat/"])  # and begins one with @

    def test_at_a_terminal(self):
        setup = "bind 'set bell-style none'; source <(motet completion bash); echo set-up-\"done\""
        shown = typed(["bash", "--norc", "-i"], setup, "motet expl\tM0300\n", "weights that cannot be read")
        self.assertIn("weights that cannot be read", shown)
        shown = typed(["bash", "--norc", "-i"], setup, "motet check pipelines/transcr\t --js\t\n", '"errors"')
        self.assertIn('"errors"', shown)  # the folder and the option are whole, and the model is missing


class Zsh(unittest.TestCase):
    def setUp(self):
        if shutil.which("zsh") is None:
            self.fail("zsh is not installed; ./dev setup installs it")

    def test_script_is_well_formed(self):
        self.assertEqual(says("zsh", "-n", "/dev/stdin", input=says(MOTET, "completion", "zsh").stdout).stderr, "")

    def test_at_a_terminal(self):
        setup = "unsetopt beep zle_bracketed_paste; autoload -U compinit; compinit -D; source <(motet completion zsh); echo set-up-\"done\""
        shown = typed(["zsh", "-f", "-i"], setup, "motet expl\tM0300\n", "weights that cannot be read")
        self.assertIn("weights that cannot be read", shown)


class Fish(unittest.TestCase):
    def setUp(self):
        if shutil.which("fish") is None:
            self.fail("fish is not installed; ./dev setup installs it")

    def fish(self, line):
        said = says("fish", "--no-config", "-c", "motet completion fish | source; complete -C $argv[1]", line)
        return {one.split("\t")[0]: one.partition("\t")[2] for one in said.stdout.splitlines()}

    def test_completes(self):
        self.assertEqual(self.fish("motet che"), {"check": "says everything that is wrong with a pipeline, without running it"})
        self.assertIn("max_tokens=", self.fish("motet run pipelines/chat --set "))
        self.assertEqual(list(self.fish("motet run pipelines/cha")), ["pipelines/chat/"])
        self.assertEqual(list(self.fish("motet run pipelines/chat --in text=READ")), ["text=README.md"])
        self.assertEqual(list(self.fish("motet run pipelines/chat --in text=@READ")), ["text=@README.md"])
        self.assertEqual(list(self.fish("motet run pipelines/chat --out pip")), ["pipelines/"])


class Man(unittest.TestCase):
    def test_has_every_verb_and_option(self):
        page = says(MOTET, "man").stdout.replace("\\-", "-").replace("\\fB", "").replace("\\fR", "")
        for verb in re.findall(r"^  (\w+) {2,}\w", says(MOTET, "--help").stdout, re.M):
            if verb == "plugin":
                continue
            self.assertIn(f".SS {verb}\n", page)
            section = page.split(f".SS {verb}\n")[1].split(".S")[0]
            for option in re.findall(r"^  (--[a-z]+)", says(MOTET, verb, "--help").stdout, re.M):
                if option != "--help":
                    self.assertRegex(section, rf"\.TP\n{option}\b")
        self.assertIn(".SS plugin new\n", page)

    def test_is_well_formed(self):
        if shutil.which("mandoc") is None:
            self.fail("mandoc is not installed; ./dev setup installs it")
        complaints = says("mandoc", "-T", "lint", "-W", "warning", input=says(MOTET, "man").stdout).stdout
        self.assertEqual([line for line in complaints.splitlines() if "missing date" not in line], [])


if __name__ == "__main__":
    unittest.main()
