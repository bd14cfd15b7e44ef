"""WSGI middleware in front of moto: records calls, injects failures, takes orders.

The orders come over HTTP under /dbmoat/; the README lists them. Nothing here
knows a service: what a request asks for and how its errors look is in wire.py.
"""

import io
import json
import random
import socket
import struct
import threading
import time
import traceback
from fnmatch import fnmatchcase

from botocore.model import OperationNotFoundError
from moto.backends import list_of_moto_modules
from werkzeug.wrappers import Request, Response

import absent
import wire

STALL_SECONDS, PAUSE_SECONDS = 30, 5

# The parts of a request, beside its body, that say what is asked.
QUESTION = ("REQUEST_METHOD", "HTTP_HOST", "PATH_INFO", "QUERY_STRING")

# What only reads: between two of anything else, the same question has the same answer.
READS = ("Describe", "Get", "List", "BatchGet", "Lookup")

# Identifier or ARN -> {field: value}, laid over what moto answers (see patches.py).
OVERLAY = {}


class Control:
    def __init__(self, moto, orders):
        self.moto, self.orders = moto, orders
        # moto's backends are not safe under concurrent requests, and a test
        # wants the same answer whatever the interleaving.
        self.lock = threading.Lock()
        # Answers already given: moto takes some 9 ms for each, and the tests scan the same account many times.
        self.answers = {}
        self.reset()

    def reset(self):
        self.denied, self.faults, self.calls, self.latency, self.busy = [], {}, [], 0, 0
        OVERLAY.clear()
        self.answers.clear()

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        if path.startswith("/dbmoat/"):
            answer = self._order(path.removeprefix("/dbmoat/"), Request(environ))
        elif path.startswith("/moto-api"):
            self.answers.clear()
            answer = self.moto
        else:
            answer = self._call(environ)
        return answer(environ, start_response)

    def _order(self, order, request):
        try:
            return self._obey(request.method, order, request.get_json(silent=True))
        except ValueError as mistake:
            return Response(f"{mistake}\n", 400)

    def _obey(self, method, order, document):
        match (method, order):
            case ("POST", "deny"):
                self.denied = document
            case ("POST", "fault"):
                self.faults = {action: _fault(text) for action, text in document.items()}
            case ("POST", "overlay"):
                self.answers.clear()
                for key, fields in document.items():
                    OVERLAY.setdefault(key, {}).update(fields)
            case ("POST", "latency"):
                self.latency = document["milliseconds"] / 1000
            case ("GET", "calls"):
                return Response(json.dumps(self.calls), mimetype="application/json")
            case ("GET", "busy"):
                return Response(json.dumps(self.busy), mimetype="application/json")
            case ("POST", "calls/reset"):
                self.calls, self.busy = [], 0
            case ("POST", "reset"):
                self.reset()
            case ("POST", _) if order in self.orders:
                self.answers.clear()
                self.orders[order](**document)
            case _:
                return Response(f"no such order: {method} {order}\n", 404)
        return Response("ok\n")

    def _call(self, environ):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        call = wire.identify(environ, body)
        if call is None:
            self.answers.clear()
            return self.moto
        self.calls.append({"operation": call.action, "region": call.region, "parameters": call.parameters})
        environ["wsgi.input"].seek(0)
        time.sleep(self.latency)
        if any(_matches(pattern, call) for pattern in self.denied):
            return wire.error("denied", call)
        return self._answer(environ, body, call, self._take_fault(call))

    def _take_fault(self, call):
        for pattern, fault in self.faults.items():
            if _matches(pattern, call) and fault["left"] > 0 and fault["dice"].random() < fault["share"]:
                fault["left"] -= 1
                return fault["kind"]
        return None

    def _answer(self, environ, body, call, fault):
        match fault:
            case None:
                return self._remembered(environ, body, call)
            case "stall":
                time.sleep(STALL_SECONDS)
                return self._remembered(environ, body, call)
            case "pause":
                time.sleep(PAUSE_SECONDS)
                return self._remembered(environ, body, call)
            case "reset":
                _reset_connection(environ["werkzeug.socket"])
            case "malformed":
                answer = self._remembered(environ, body, call)
                answer.set_data(answer.get_data()[: answer.content_length // 2])
                answer.status_code = 200
                return answer
            case failure:
                return wire.error(failure, call)

    def _remembered(self, environ, body, call):
        """moto's answer, or the one that it gave to the same caller for the same question."""
        if not call.operation.startswith(READS):
            # Who assumes a role changes nothing of the account.
            if call.service != "sts":
                self.answers.clear()
            return self._ask_moto(environ, call)
        question = (wire.caller(environ), call.region, call.action, *map(environ.get, QUESTION), body)
        known = self.answers.get(question)
        if known is None:
            answer = self._ask_moto(environ, call)
            known = self.answers[question] = (answer.get_data(), answer.status, list(answer.headers))
        return Response(*known)

    def _ask_moto(self, environ, call):
        """moto's answer, with AWS's error where moto answers an HTML page.

        SDKs retry or fail to parse that page, so a missing operation would look
        like an outage instead of a refusal.
        """
        if (nothing := absent.listing(call)) is not None:
            return Response(json.dumps(nothing), mimetype="application/json")
        try:
            with self.lock:
                begun = time.monotonic()
                answer = Response.from_app(self.moto, environ, buffered=True)
                self.busy += time.monotonic() - begun
        except (NotImplementedError, OperationNotFoundError):
            return wire.error("unknown", call)
        except Exception:
            if call.service.replace("-", "") not in list_of_moto_modules():
                return wire.error("unknown", call)
            traceback.print_exc()
            return wire.error("internal", call)
        if answer.mimetype == "text/html" and answer.status_code >= 400:
            return wire.error("unknown", call)
        return answer


def _fault(text):
    """`kind` for every matching call, `kind:N` for the first N of them, `kind%N` for N in a hundred."""
    kind, _, share = text.partition("%")
    kind, _, times = kind.partition(":")
    if kind not in {*wire.ERRORS, "stall", "pause", "reset", "malformed"}:
        raise ValueError(f"unknown fault {kind}")
    left, share = int(times) if times else float("inf"), int(share) / 100 if share else 1
    return {"kind": kind, "left": left, "share": share, "dice": random.Random(42)}


def _matches(pattern, call):
    """`rds:DescribeDBInstances`, `rds:*`, either with `@region`, with `=text` in some parameter."""
    action, _, text = pattern.partition("=")
    action, _, region = action.partition("@")
    of_parameters = not text or any(text in str(value) for value in call.parameters.values())
    return fnmatchcase(call.action, action) and region in ("", call.region) and of_parameters


def _reset_connection(connection):
    # Closing with zero linger sends RST; shutting the reading side makes the
    # handler see the end of the stream instead of waiting for a next request.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.shutdown(socket.SHUT_RD)
    raise ConnectionResetError("reset on order")
