"""Prints the members of a serverset, one a line: its node's name and text.

usage: members.py SERVERS PATH
"""
import logging
import sys

from kazoo.client import KazooClient
from kazoo.exceptions import NoNodeError

logging.disable()
client = KazooClient(sys.argv[1], read_only=True)
client.start(20)
try:
    for name in sorted(client.get_children(sys.argv[2])):
        print(name, client.get(f"{sys.argv[2]}/{name}")[0].decode())
except NoNodeError:
    pass
client.stop()
