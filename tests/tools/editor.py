"""An editor as far as a language server knows one: it opens texts, and asks what to complete, what is under the cursor, what is wrong."""
import json
import os
import subprocess

SETTINGS = {"validate": True, "completion": True, "hover": True, "schemas": {}, "schemaStore": {"enable": False}}


class Editor:
    """Speaks the language server protocol with `server`, a program of node, about files of `folder`, which need not exist."""

    def __init__(self, server, folder):
        self.folder = folder
        self.process = subprocess.Popen(["node", server, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.requests = self.files = 0
        self.diagnostics = {}  # by file
        try:
            self.ask("initialize", processId=os.getpid(), rootUri=folder.as_uri(), capabilities={
                "workspace": {"configuration": True}, "textDocument": {"hover": {}, "completion": {"completionItem": {"snippetSupport": True}}}})
            self.tell("initialized")
            self.tell("workspace/didChangeConfiguration", settings={"yaml": SETTINGS})
        except BaseException:
            self.close()
            raise

    def send(self, **message):
        written = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(written), written))
        self.process.stdin.flush()

    def tell(self, method, **parameters):
        self.send(method=method, params=parameters)

    def ask(self, method, **parameters):
        self.requests += 1
        asked = self.requests
        self.send(id=asked, method=method, params=parameters)
        while True:
            message = self.hear()
            if message.get("id") == asked and "method" not in message:
                if "error" in message:
                    raise AssertionError(message["error"])
                return message["result"]

    def hear(self):
        """The server's next message; what it asks of an editor is answered, and what it says of files is noted."""
        length = None
        while (line := self.process.stdout.readline()) != b"\r\n":
            if not line:
                raise AssertionError("the language server has gone")
            name, value = line.split(b":")
            if name == b"Content-Length":
                length = int(value)
        message = json.loads(self.process.stdout.read(length))
        if "id" in message and "method" in message:
            configured = message["method"] == "workspace/configuration"
            self.send(id=message["id"], result=[SETTINGS if one["section"] == "yaml" else None for one in message["params"]["items"]] if configured else None)
        if message.get("method") == "textDocument/publishDiagnostics":
            self.diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        return message

    def open(self, text):
        self.files += 1
        uri = (self.folder / f"{self.files}.yaml").as_uri()
        self.tell("textDocument/didOpen", textDocument={"uri": uri, "languageId": "yaml", "version": 1, "text": text})
        return uri

    def at_cursor(self, method, text):
        """`text` has the cursor where it has ¦."""
        before, after = text.split("¦")
        position = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
        return self.ask(method, textDocument={"uri": self.open(before + after)}, position=position)

    def completions(self, text):
        """{what is offered: what is said of it}"""
        return {one["label"]: one.get("documentation") or "" for one in self.at_cursor("textDocument/completion", text)["items"]}

    def hover(self, text):
        answer = self.at_cursor("textDocument/hover", text)
        return answer["contents"]["value"] if answer else ""

    def mistakes(self, text):
        """[(line from 1, message)]"""
        uri = self.open(text)
        while uri not in self.diagnostics:
            self.hear()
        return [(one["range"]["start"]["line"] + 1, one["message"]) for one in self.diagnostics[uri]]

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
