#!/usr/bin/env python3
"""A real HTTP server for tests, with all that a client may meet.

usage: http_server.py [CERTIFICATE KEY [CLIENT-CA]]

Listens on a free port of 127.0.0.1 and prints it; with a certificate it speaks TLS, with a CA
besides it wants clients' certificates. Ends with its standard input.
"""
import http.server
import ssl
import sys
import threading
import time
import urllib.parse

gone = 0  # requests to /slow whose client went away


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, body, status=200, headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_any(self):
        url = urllib.parse.urlsplit(self.path)
        length = int(self.headers.get("Content-Length", 0))
        self.body = self.rfile.read(length)
        page = getattr(self, "page_" + url.path.strip("/").replace("-", "_"), None)
        if page is None:
            self.answer(b"no such page", 404)
        else:
            page(url.query)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_any

    def page_hello(self, _):
        self.answer(b"hello", headers=[("X-Test", "first"), ("x-test", "second")])

    def page_echo(self, _):
        self.answer(self.body, headers=[("X-Method", self.command),
                                        ("X-Type", self.headers.get("Content-Type", "none")),
                                        ("X-Given", self.headers.get("X-Given", "none"))])

    def page_who(self, _):
        self.answer(str(self.client_address[1]).encode())

    def page_bytes(self, query):
        self.answer(b"x" * int(query))

    def page_chunked(self, query):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for _ in range(int(query)):
            self.wfile.write(b"400\r\n" + b"y" * 1024 + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def page_headers(self, query):
        self.answer(b"", headers=[("X-Long", "z" * 1000)] * int(query))

    def page_moved(self, query):
        self.answer(b"moved", 302, [("Location", query)])

    def page_broken(self, _):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"only this")
        self.close_connection = True

    def page_sleep(self, query):
        time.sleep(float(query))
        self.answer(b"slept")

    def page_slow(self, _):
        global gone
        self.rfile.read(1)  # nothing comes but the end
        gone += 1
        self.close_connection = True

    def page_gone(self, _):
        self.answer(str(gone).encode())

    def page_unavailable(self, _):
        self.answer(b"try later", 503)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 1024
    tls = None

    def finish_request(self, request, client_address):
        if self.tls is not None:
            request = self.tls.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)

    def handle_error(self, *_):
        pass


server = Server(("127.0.0.1", 0), Handler)
if len(sys.argv) > 2:
    server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.tls.load_cert_chain(sys.argv[1], sys.argv[2])
if len(sys.argv) > 3:
    server.tls.verify_mode = ssl.CERT_REQUIRED
    server.tls.load_verify_locations(sys.argv[3])
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
