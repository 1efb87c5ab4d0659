"""A caller in a process of its own that calls without a pause while something happens to servers."""
import re
import time

import world


class Load:
    """Clients that call on and on; each of the lanes is a way of calling with clients of its own."""

    def __init__(self, command, name, lanes=1):
        self.name = name
        self.lanes = lanes
        self.process = world.start(command, stdin=world.subprocess.PIPE)
        line = self.process.stdout.readline()
        if line != "@running\n":
            self.process.kill()
            raise RuntimeError(f"the load does not run: {line}{self.process.stdout.read()}")

    def calls_by_port(self):
        """So far, over all lanes."""
        self.say("mark")
        calls = {}
        for _ in range(self.lanes):
            for port, count in re.findall(r":(\d+)=(\d+)", self.process.stdout.readline()):
                calls[int(port)] = calls.get(int(port), 0) + int(count)
        return calls

    def is_called(self, server, seconds=5):
        """Whether 80 new calls reach the server before the time has passed."""
        before = self.calls_by_port().get(server.port, 0)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.calls_by_port().get(server.port, 0) >= before + 80:
                return True
            time.sleep(0.1)
        return False

    def end(self, points):
        self.say("end")
        world.forward(points, self.process, self.name)

    def say(self, word):
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
