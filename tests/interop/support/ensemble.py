"""A real ZooKeeper, a look into it through kazoo, and a relay to it that can fall silent."""
import json
import re
import selectors
import socket
import subprocess
import threading
import time

from kazoo.client import KazooClient

from world import SOURCE

SCRIPT = SOURCE / "tests" / "support" / "zookeeper.sh"


class Ensemble:
    """One ZooKeeper and our own look into it."""

    def __init__(self, folder):
        self.folder = folder.path / "zookeeper"
        subprocess.run(["bash", SCRIPT, "start", self.folder], check=True, stdout=subprocess.DEVNULL)
        self.port = int((self.folder / "port").read_text())
        self.servers = f"127.0.0.1:{self.port}"
        self.client = KazooClient(self.servers, timeout=10)
        self.client.start(30)

    def restart(self, away_s):
        """It is away for a while; its data and its port stay."""
        subprocess.run(["bash", SCRIPT, "stop", self.folder], check=True, stdout=subprocess.DEVNULL)
        time.sleep(away_s)
        subprocess.run(["bash", SCRIPT, "start", self.folder], check=True, stdout=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.client.stop()
        self.client.close()
        subprocess.run(["bash", SCRIPT, "kill", self.folder], check=False)

    def members(self, path):
        """Name and text of every node below path."""
        if not self.client.exists(path):
            return {}
        found = {}
        for name in sorted(self.client.get_children(path)):
            try:
                found[name] = self.client.get(f"{path}/{name}")[0].decode()
            except Exception:  # it went meanwhile
                continue
        return found

    def members_of(self, path, port):
        """The names of the members that stand for this port."""
        return [name for name, text in self.members(path).items()
                if json.loads(text)["serviceEndpoint"]["port"] == port]

    def is_ephemeral(self, path, name):
        return self.client.exists(f"{path}/{name}").ephemeralOwner != 0


class Relay:
    """Passes connections on to a ZooKeeper. Silent, it keeps them and passes nothing on, as a network
    does that drops every packet; the ensemble then ends the sessions behind it."""

    def __init__(self, port):
        self.to = port
        self.silent = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.servers = f"127.0.0.1:{self.listener.getsockname()[1]}"
        self.links = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if self.silent.is_set():
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self.to))
            self.links.append((near, far))
            threading.Thread(target=self.pump, args=(near, far), daemon=True).start()

    def pump(self, near, far):
        with selectors.DefaultSelector() as both, near, far:
            both.register(near, selectors.EVENT_READ, far)
            both.register(far, selectors.EVENT_READ, near)
            while True:
                for key, _ in both.select():
                    try:
                        data = key.fileobj.recv(65536)
                        if not data:
                            return
                        if not self.silent.is_set():
                            key.data.sendall(data)
                    except OSError:
                        return

    def fall_silent(self):
        self.silent.set()

    def speak_again(self):
        """What was said meanwhile is lost, so the old connections end."""
        self.silent.clear()
        for near, far in self.links:
            for end in (near, far):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
        self.links.clear()

    def close(self):
        self.listener.close()
        self.fall_silent()


# What Finagle's own announcer writes, and both of its resolvers read.
MEMBER = re.compile(
    r'\{"serviceEndpoint":\{"host":"(?P<host>[^"]+)","port":(?P<port>\d+)\},'
    r'"additionalEndpoints":\{(?P<more>.*)\},"status":"ALIVE","shard":(?P<shard>\d+)'
    r'(,"metadata":\{.*\})?\}')
