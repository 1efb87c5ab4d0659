"""What the suites stand on: folders, certificates, the server under test, and the callers. The server
is the built conformance_server, or, with DUNLIN_INTEROP_SERVER=finagle, the same service on real
Finagle: a case that fails there says nothing about ours."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time

SOURCE = pathlib.Path(os.environ.get("DUNLIN_SOURCE_DIR")
                      or pathlib.Path(__file__).resolve().parents[3])
BUILD = pathlib.Path(os.environ.get("DUNLIN_BUILD_DIR") or SOURCE / "build" / "release")
BIN = pathlib.Path(os.environ.get("DUNLIN_BIN_DIR") or BUILD / "bin")
CALLERS = pathlib.Path(os.environ.get("DUNLIN_INTEROP_DIR") or SOURCE / "build" / "interop")
CERTIFICATES = CALLERS / "certificates"
# Finagle makes a key store for every TLS connection, which hashes the password of each entry ten
# thousand times: seconds for 200 connections, and nothing of what is tested.
JAVA = ["java", "-Xmx512m", "-Xshare:auto", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
        "-XX:-UsePerfData", "-Dkeystore.pkcs12.keyPbeIterationCount=1",
        "-Dkeystore.pkcs12.certPbeIterationCount=1", "-Dkeystore.pkcs12.macIterationCount=1"]
# Debian's: the one for which its packages install modules.
PYTHON = "/usr/bin/python3"
# Nothing that a suite starts outlives it, however it ends.
LEASH = ["setpriv", "--pdeathsig", "KILL", "--"]
START_S = 30
# DUNLIN_... are settings to the server, and ours are none of its.
SERVER_ENVIRONMENT = {name: value for name, value in os.environ.items()
                      if not name.startswith("DUNLIN_")}


def is_finagle():
    return os.environ.get("DUNLIN_INTEROP_SERVER") == "finagle"


def make_certificates():
    subprocess.run([SOURCE / "certs" / "make-dev-ca", "--all", CERTIFICATES], check=True,
                   stdout=subprocess.DEVNULL)


def certificate(name):
    return str(CERTIFICATES / f"{name}.pem")


def key(name):
    return str(CERTIFICATES / f"{name}.key")


def java_path(module):
    folder = CALLERS / "java" / module
    return f"{folder}/classes:{folder}/lib/*"


class Folder:
    """A temporary folder for as long as a suite runs; kept when it fails, for a look."""

    def __init__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="dunlin-interop-"))
        self.keep = False

    def __enter__(self):
        return self

    def __exit__(self, kind, *unused):
        if self.keep or kind:
            print(f"# logs are in {self.path}", flush=True)
        else:
            shutil.rmtree(self.path, ignore_errors=True)


class Server:
    """The service under test in a process of its own."""

    def __init__(self, folder, name, secure, *flags, finagle=None):
        self.name = name
        self.secure = secure
        self.is_finagle = is_finagle() if finagle is None else finagle
        self.out = folder.path / f"{name}.out"
        self.log = folder.path / f"{name}.log"
        with open(self.out, "wb") as out, open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                LEASH + self.program() + self.tls_flags() + ["--thrift.port=0", *flags],
                env=SERVER_ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=out, stderr=log)
        self.host, self.port = self.wait_until_listening()
        self.address = f"{self.host}:{self.port}"

    def program(self):
        if self.is_finagle:
            return JAVA + ["-cp", java_path("finagle"), "interop.FinagleServer"]
        return [str(BIN / "conformance_server"), "--log.format=text"]

    def tls_flags(self):
        if not self.secure:
            return ["--tls.mode=off"]
        flags = ["--tls.mode=required", f"--tls.certificate={certificate('server')}",
                 f"--tls.key={key('server')}", f"--tls.ca={certificate('ca')}"]
        return flags if self.is_finagle else flags + [f"--tls.crl={certificate('crl')}"]

    def wait_until_listening(self):
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            found = re.search(r"^listening thrift (\S+):(\d+)$", self.out.read_text(), re.M)
            if found:
                return found[1], int(found[2])
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise RuntimeError(f"{self.name} does not start (exit code {self.process.poll()}):\n"
                           + self.log_text()[-3000:])

    def log_text(self):
        return self.log.read_text(errors="replace")

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def kill(self):
        self.process.kill()

    def wait(self, seconds=30):
        """Its exit code; None when it does not end."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def ends_well(points, group, server, seconds=20):
    """The last point of a server's life: SIGTERM, exit code 0, and no sanitizer had to speak."""
    def body():
        server.terminate()
        code = server.wait(seconds)
        # The JVM always tells of the signal.
        expected = 143 if server.is_finagle else 0
        if code != expected:
            from tap import Wrong
            raise Wrong(f"exit code {code} {seconds} s after SIGTERM\n" + server.log_text()[-2000:])
    points.point(group, "the server stops, exit code 0", body)


def tls_options(secure, name="client"):
    return [f"--tls-ca={certificate('ca')}", f"--tls-certificate={certificate(name)}",
            f"--tls-key={key(name)}"] if secure else []


def finagle_command(words, secure, *options):
    return JAVA + ["-cp", java_path("finagle"), "interop.FinagleSuite", *words,
                   *tls_options(secure), *options]


def finagle(server):
    return finagle_command(["conformance", f"inet!{server.address}"], server.secure), None


def java(server):
    return JAVA + ["-cp", java_path("libthrift"), "interop.LibthriftSuite", server.host,
                   str(server.port), *tls_options(server.secure)], None


def python(server):
    here = SOURCE / "tests" / "interop"
    return [PYTHON, "-B", str(here / "python" / "suite.py"), server.host, str(server.port),
            *tls_options(server.secure)], \
        {"PYTHONPATH": f"{CALLERS / 'python'}:{here / 'support'}"}


def plain_paths(secure):
    return [certificate("ca"), certificate("client"), key("client")] if secure else []


def cpp(server):
    return [str(CALLERS / "cpp" / "suite"), server.host, str(server.port),
            *plain_paths(server.secure)], None


def go(server):
    return [str(CALLERS / "go" / "suite"), server.address, *plain_paths(server.secure)], None


def dunlin_command(words, secure, finagle, *options):
    return [str(BIN / "interop_dunlin"), *words, *tls_options(secure),
            *(["--finagle"] if finagle else []), *options]


BY_ADDRESS = {"finagle": finagle, "java": java, "python": python, "cpp": cpp, "go": go}


def start(command, environment=None, **how):
    return subprocess.Popen(LEASH + command, env={**os.environ, **(environment or {})}, text=True,
                            stdout=subprocess.PIPE, **how)


def forward(points, process, name):
    """Takes a caller's points over as ours."""
    planned = taken = 0
    for line in process.stdout:
        found = re.match(r"(ok|not ok) \d+ - (.*) # (\d+) ms$", line)
        if found:
            taken += 1
            points.take(found[1] == "ok", found[2], int(found[3]))
        elif line.startswith("1.."):
            planned = int(line[3:])
        elif line.startswith("#"):
            points.note(line[1:].rstrip().removeprefix(" "))
    code = process.wait()
    if planned == 0 or planned != taken or code not in (0, 1):
        points.take(False, f"{name} | | | | the caller runs to its end", 0)
        points.note(f"exit code {code}, {taken} points of {planned}")
