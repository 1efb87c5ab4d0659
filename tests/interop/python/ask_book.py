#!/usr/bin/python3
"""Asks an address book that `./run demo` has left running, with Apache Thrift's own Python library:
its status, how many contacts begin so, and the first of them.

usage: ask_book.py PORT [PREFIX]
"""
import pathlib
import ssl
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "build" / "interop" / "python"))

from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.transport.TSSLSocket import TSSLSocket
from thrift.transport.TTransport import TFramedTransport

from address_book import AddressBook

port = int(sys.argv[1])
prefix = sys.argv[2] if len(sys.argv) > 2 else ""
certificates = ROOT / "certs" / "dev"
socket = TSSLSocket("localhost", port, cert_reqs=ssl.CERT_REQUIRED,
                    ca_certs=str(certificates / "ca.pem"),
                    certfile=str(certificates / "client.pem"),
                    keyfile=str(certificates / "client.key"))
transport = TFramedTransport(socket)
book = AddressBook.Client(TBinaryProtocol(transport))
transport.open()
print(book.status())
print(f"{book.count(prefix)} contacts begin with '{prefix}'; the first ones:")
for contact in book.search(prefix, "", 5).contacts:
    print(f"  {contact.id}: {contact.name.given} {contact.name.family}")
transport.close()
