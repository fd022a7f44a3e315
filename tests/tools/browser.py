"""A real browser without a window: Debian's Chromium."""
import base64
import json
import os
import shutil
import subprocess


def program():
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if found is None:
        raise AssertionError("chromium-headless-shell is not installed; ./dev setup installs it")
    return found


class Browser:
    """One page, spoken to through the browser's pipes: JSON messages, each ended by a zero byte."""

    def __init__(self, url, profile, ready="true"):
        to_read, self.to = os.pipe()
        self.come, come_write = os.pipe()

        def pipes():  # where --remote-debugging-pipe looks for them
            moved = os.dup(to_read), os.dup(come_write)
            os.dup2(moved[0], 3)
            os.dup2(moved[1], 4)

        self.process = subprocess.Popen(
            [program(), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", f"--user-data-dir={profile}", "--remote-debugging-pipe"],
            preexec_fn=pipes, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "HOME": str(profile)})
        os.close(to_read)
        os.close(come_write)
        self.number, self.rest, self.session = 0, b"", None
        try:
            self.open(url, ready)
        except BaseException:
            self.close()
            raise

    def open(self, url, ready):
        target = self.ask("Target.createTarget", url="about:blank", newWindow=True, width=1400, height=1000)["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.complaints = []
        self.ask("Runtime.enable")
        self.ask("Log.enable")
        self.ask("Page.enable")
        self.ask("Page.navigate", url=url)
        self.until(f"document.readyState === 'complete' && {ready}")

    def ask(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self.rest:
                read = os.read(self.come, 65536)
                if not read:
                    raise AssertionError("the browser has gone")
                self.rest += read
            one, self.rest = self.rest.split(b"\0", 1)
            answer = json.loads(one)
            if answer.get("method") in ("Runtime.exceptionThrown", "Log.entryAdded"):
                self.complaints.append(answer["params"])
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise AssertionError(answer["error"])
                return answer["result"]

    def value(self, script):
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise AssertionError(f"{script}: {answer['exceptionDetails']['exception'].get('description')}")
        return answer["result"].get("value")

    def until(self, script):
        for _ in range(100):
            if self.value(script):
                return
            self.value("new Promise(done => setTimeout(done, 50))")
        raise AssertionError(f"never: {script}")

    def click(self, selector):
        x, y = self.value(f"(() => {{ const e = document.querySelector({json.dumps(selector)}); e.scrollIntoView({{block: 'center'}}); "
                          "const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()")
        for kind in "mousePressed", "mouseReleased":
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def picture(self, file):
        """The page as it is now, for somebody to look at."""
        file.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"]))

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.to)
        os.close(self.come)
