"""A service with a bank of its own, which people are added to by HTTP."""
import http.client
import os
import signal
import subprocess
import time

from workshop import BankCommand


class Service(BankCommand):
    needs = ["int8.gguf", "detector.gguf"]
    # Seconds for which a client waits: the service itself gives a request 20.
    patience = 30

    def __init__(self, workshop, name, program, bank):
        super().__init__(workshop)
        self.name, self.program, self.changes = name, program, [bank]
        self.photo = (workshop.folder / "faces/03.jpg").read_bytes()

    def begin(self, folder, **environment):
        """Starts it; returns the process and its port."""
        process = subprocess.Popen(
            [self.program, "serve", "--model", "int8.gguf", "--detector", "detector.gguf", "--bank", self.changes[0],
             "--port", "0", "--threads", "1"], cwd=folder, env=dict(os.environ, **environment), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        line = process.stdout.readline()
        if "listening on " not in line:
            raise DoesNotBegin(process)
        return process, int(line.split(",")[0].rsplit(":", 1)[1])

    def ask(self, port, method, path, body=None, content_type="image/jpeg", paused=None):
        """Sends a request on a connection of its own; returns the status and the body.

        The process `paused` stands still while the connection is made. When it goes on, the connection and what the service
        does five times a second are due at once.
        """
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=self.patience)
        try:
            if paused:
                paused.send_signal(signal.SIGSTOP)
                try:
                    connection.connect()
                    time.sleep(0.25)
                finally:
                    paused.send_signal(signal.SIGCONT)
            connection.request(method, path, body, {"Content-Type": content_type} if body else {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def add(self, port, name, paused=None):
        """Adds a person; returns the status and the body."""
        mark = "----faces"
        body = (
            f'--{mark}\r\nContent-Disposition: form-data; name="name"\r\n\r\n{name}\r\n--{mark}\r\n'
            'Content-Disposition: form-data; name="photo"; filename="face.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
        ).encode() + self.photo + f"\r\n--{mark}--\r\n".encode()
        return self.ask(port, "POST", "/v1/people", body, f"multipart/form-data; boundary={mark}", paused)

    def people(self, folder):
        """The names in its bank, in the order in which they were added."""
        there = self.meaning(self.program, folder)
        return [person[0] for person in there] if isinstance(there, list) else [there] if there else []


class DoesNotBegin(RuntimeError):
    """The service ended, or said something else, before it listened."""

    def __init__(self, process):
        try:
            _, self.messages = process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            _, self.messages = process.communicate()
        self.status = process.returncode
        super().__init__(f"does not begin: status {self.status}, {self.messages!r}")


def services(workshop, board):
    return [
        Service(workshop, "service", workshop.program, "new.db"),
        Service(workshop, "the board's service", board, "new.bank")]
