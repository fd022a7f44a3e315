"""Motet as an author has it: installed, moved, found by its program alone, and nothing of the source tree in reach."""
import os
import subprocess


class Installed:
    def __init__(self, build, scratch):
        """Installs what `build` built into a folder of `scratch` and moves it. Commands run in `scratch` where no folder is named."""
        self.scratch = scratch
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(("MOTET_", "CMAKE_"))}
        self.run("cmake", "--install", build.resolve(), "--prefix", scratch / "installed")
        self.folder = (scratch / "installed").rename(scratch / "moved")
        self.environment["PATH"] = f"{self.folder / 'bin'}{os.pathsep}{self.environment['PATH']}"
        self.environment["CMAKE_GENERATOR"] = "Ninja"
        cached = (build / "CMakeCache.txt").read_text()
        sanitize = next((line.split("=", 1)[1] for line in cached.splitlines() if line.startswith("MOTET_SANITIZE:")), "")
        self.sanitized = bool(sanitize)
        if sanitize:  # of the host, whose run-time library the plugin shares
            self.environment["CFLAGS"] = self.environment["CXXFLAGS"] = f"-fsanitize={sanitize}"

    def run(self, *command, folder=None, status=0):
        """`status` None: any. Returns the finished process, its output as text."""
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd=folder or self.scratch, env=self.environment, check=False)
        if status is not None and done.returncode != status:
            raise AssertionError(f"{command} ended with {done.returncode}\n{done.stdout}{done.stderr}")
        return done
