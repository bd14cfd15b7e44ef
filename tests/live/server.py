"""Runs the AWS emulator of the live tests on 127.0.0.1.

Usage: server.py [PORT] [--with-parent], where port 0 (the default) chooses a
free one. Prints `listening on 127.0.0.1:PORT` when it is ready and serves until
it is killed or, with --with-parent, until its standard input closes: a test
that dies takes its server along.
"""

import contextlib
import os
import signal
import sys
import threading

# Read by moto when it is imported. Every region would otherwise be seeded with
# some 1300 public images, and answers would carry whichever region the user has.
os.environ |= {
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
    "MOTO_ALLOW_NONEXISTENT_REGION": "false",
    # moto counts automated snapshots too, which AWS does not limit.
    "MOTO_RDS_SNAPSHOT_LIMIT": "100000",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
}
# The tests must leave no trace in the checkout.
sys.dont_write_bytecode = True

from moto.server import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import ThreadedWSGIServer

import patches
from control import Control
from keyspaces import Keyspaces


class Server(ThreadedWSGIServer):
    daemon_threads = True

    def shutdown_request(self, request):
        # The default first sends FIN, after which a reset cannot be seen as one.
        self.close_request(request)


class QuietHandler(MotoRequestHandler):
    def log_request(self, *_):
        pass

    def connection_dropped(self, *_):
        pass


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--with-parent"]
    port = int(arguments[0]) if arguments else 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    patches.apply()
    moto = DomainDispatcherApplication(create_backend_app)
    server = Server("127.0.0.1", port, Control(Keyspaces(moto), patches.ORDERS), QuietHandler)
    if "--with-parent" in sys.argv[1:]:
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    print(f"listening on 127.0.0.1:{server.port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
