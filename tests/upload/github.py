"""A stand-in for GitHub's code scanning API: https://docs.github.com/rest/code-scanning/code-scanning.

Prints its port, then serves until it is killed. The repository's name chooses what happens: in
OWNER/busy the first request of each kind is answered 429 with Retry-After, OWNER/slow never decides,
OWNER/private is forbidden, OWNER/small takes 2,000 bytes, any other is as GitHub is.
"""

import base64
import gzip
import http.server
import json
import re
import uuid

MOST_BYTES = 10_000_000
uploads = {}
seen = set()


class Refused(Exception):
    def __init__(self, status, message, **headers):
        self.status, self.message, self.headers = status, message, headers


def problems(log):
    """What GitHub says only after it has taken the file."""
    runs = log.get("runs")
    if not isinstance(runs, list) or not 1 <= len(runs) <= 20:
        yield "1 to 20 runs required"
        return
    categories = [run.get("automationDetails", {}).get("id", "").rpartition("/")[0] for run in runs]
    if len(set(categories)) < len(categories):
        yield "A delivery cannot contain multiple runs with the same category"
    for run in runs:
        if any(not invocation.get("executionSuccessful") for invocation in run.get("invocations", [])):
            yield "unsuccessful execution"
        if len(run.get("results", [])) > 25_000:
            yield "too many results"
        for result in run.get("results", []):
            if not result.get("locations"):
                yield "locationFromSarifResult: expected at least one location"
                return


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status, body, **headers):
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def handled(self, work):
        length = int(self.headers.get("Content-Length", 0))
        data = self.rfile.read(length)
        try:
            match = re.fullmatch(r"/repos/[^/]+/([^/]+)/code-scanning/sarifs(?:/([^/]+))?", self.path)
            if not match:
                raise Refused(404, "Not Found")
            if self.headers.get("Authorization") != "Bearer good":
                raise Refused(401, "Bad credentials")
            if self.headers.get("Accept") != "application/vnd.github+json" or not self.headers.get("User-Agent"):
                raise Refused(403, "Request forbidden by administrative rules")
            repository, number = match.groups()
            if repository == "private":
                raise Refused(403, "Code Security must be enabled for this repository to use code scanning.")
            if repository == "busy" and (self.command, self.path) not in seen:
                seen.add((self.command, self.path))
                raise Refused(429, "You have exceeded a secondary rate limit", Retry_After="1")
            self.answer(*work(repository, number, data))
        except Refused as refused:
            self.answer(refused.status, {"message": refused.message}, **refused.headers)

    def do_POST(self):
        self.handled(self.take)

    def do_GET(self):
        self.handled(self.status)

    def take(self, repository, _, data):
        body = json.loads(data)
        if not re.fullmatch(r"[0-9a-f]{40}", body.get("commit_sha", "")):
            raise Refused(422, "commit_sha is not a commit")
        if not re.fullmatch(r"refs/(heads|tags)/.+|refs/pull/\d+/(merge|head)", body.get("ref", "")):
            raise Refused(422, "ref is not a reference")
        packed = base64.b64decode(body["sarif"], validate=True)
        if len(packed) > (2_000 if repository == "small" else MOST_BYTES):
            raise Refused(413, "Payload Too Large")
        log = json.loads(gzip.decompress(packed))
        if log.get("version") != "2.1.0":
            raise Refused(400, "Invalid SARIF. The version is not 2.1.0")
        number = str(uuid.uuid4())
        uploads[number] = {"errors": list(problems(log)), "asked": 0, "never": repository == "slow"}
        return 202, {"id": number, "url": f"http://localhost{self.path}/{number}"}

    def status(self, _, number, __):
        upload = uploads.get(number)
        if upload is None:
            raise Refused(404, "Not Found")
        upload["asked"] += 1
        if upload["asked"] < 2 or upload["never"]:
            return 200, {"processing_status": "pending"}
        if upload["errors"]:
            return 200, {"processing_status": "failed", "errors": upload["errors"]}
        return 200, {"processing_status": "complete", "analyses_url": "http://localhost/analyses"}


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
