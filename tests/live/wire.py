"""What a signed AWS request asks for, and the errors AWS answers it with.

Knows the wire protocols and nothing of the emulator: no state, no decision.
"""

import gzip
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

import botocore.loaders
import cbor
from moto.core.request import Request
from moto.core.routing import NotFound, get_service_router
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

REQUEST_ID = "00000000-0000-0000-0000-000000000000"
SCOPE = re.compile(r"Credential=[^/]+/\d{8}/([^/]+)/([^/]+)/aws4_request")
CALLER = re.compile(r"Credential=([^/]+)/")
RPC = re.compile(r"/service/[^/]+/operation/(\w+)")
METADATA = re.compile(r'"(signingName|endpointPrefix)"\s*:\s*"([^"]+)"')

# Signing names that differ from the prefix IAM policies use.
IAM_PREFIXES = {"email": "ses", "monitoring": "cloudwatch", "tagging": "tag"}

# Operations that IAM policies name otherwise.
IAM_ACTIONS = {"s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock"}

# Failure -> protocol -> (HTTP status, error code).
ERRORS = {
    "denied": {
        "query": (403, "AccessDenied"),
        "ec2": (403, "UnauthorizedOperation"),
        "json": (400, "AccessDeniedException"),
        "rest-json": (403, "AccessDeniedException"),
        "rest-xml": (403, "AccessDenied"),
    },
    "scp": {
        "query": (403, "AccessDenied"),
        "ec2": (403, "UnauthorizedOperation"),
        "json": (400, "AccessDeniedException"),
        "rest-json": (403, "AccessDeniedException"),
        "rest-xml": (403, "AccessDenied"),
    },
    "throttle": {
        "query": (400, "Throttling"),
        "ec2": (503, "RequestLimitExceeded"),
        "json": (400, "ThrottlingException"),
        "rest-json": (429, "TooManyRequestsException"),
        "rest-xml": (503, "SlowDown"),
    },
    "internal": {
        "query": (500, "InternalFailure"),
        "ec2": (500, "InternalError"),
        "json": (500, "InternalFailure"),
        "rest-json": (500, "InternalFailure"),
        "rest-xml": (500, "InternalError"),
    },
    "expired": {
        "query": (403, "ExpiredToken"),
        "ec2": (400, "RequestExpired"),
        "json": (400, "ExpiredTokenException"),
        "rest-json": (403, "ExpiredTokenException"),
        "rest-xml": (400, "ExpiredToken"),
    },
    "region-disabled": {
        "query": (403, "InvalidClientTokenId"),
        "ec2": (401, "AuthFailure"),
        "json": (400, "UnrecognizedClientException"),
        "rest-json": (403, "UnrecognizedClientException"),
        "rest-xml": (403, "InvalidAccessKeyId"),
    },
    "unknown": {
        "query": (400, "InvalidAction"),
        "ec2": (400, "InvalidAction"),
        "json": (400, "UnknownOperationException"),
        "rest-json": (404, "UnknownOperationException"),
        "rest-xml": (405, "MethodNotAllowed"),
    },
}

MESSAGES = {
    "denied": "User: arn:aws:iam::123456789012:user/scanner is not authorized to perform: {action}",
    "scp": "User: arn:aws:iam::123456789012:user/scanner is not authorized to perform: {action} with an explicit deny in a service control policy",
    "throttle": "Rate exceeded",
    "internal": "The request processing has failed because of an unknown error",
    "expired": "The security token included in the request is expired",
    "region-disabled": "The security token included in the request is invalid",
    "unknown": "The action {action} is not valid for this web service",
}


@dataclass(frozen=True)
class Call:
    """One API call: service prefix as IAM names it, operation, region."""

    service: str
    operation: str
    region: str
    protocol: str
    parameters: dict

    @property
    def action(self):
        action = f"{self.service}:{self.operation}"
        return IAM_ACTIONS.get(action, action)


def caller(environ):
    """The access key that signs a request."""
    return CALLER.search(environ["HTTP_AUTHORIZATION"])[1]


def identify(environ, body):
    """The call a request makes; None when it is not signed as AWS calls are."""
    scope = SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    if scope is None:
        return None
    region, signing_name = scope.groups()
    protocol, operation, parameters = _operation(environ, body, signing_name)
    service = IAM_PREFIXES.get(signing_name, signing_name)
    return Call(service, operation, region, protocol, parameters)


def _operation(environ, body, signing_name):
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return "json", target.rpartition(".")[2], _json(body)
    if rpc := RPC.fullmatch(environ["PATH_INFO"]):
        return "cbor", rpc[1], {}
    form = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        form |= parse_qsl(body.decode(), keep_blank_values=True)
    if operation := form.pop("Action", None):
        form.pop("Version", None)
        return "ec2" if signing_name == "ec2" else "query", operation, form
    protocol, operation, parameters = _rest_operation(environ, body, signing_name)
    return protocol, operation, {**form, **parameters}


def _rest_operation(environ, body, signing_name):
    # A fresh Request per service: matching may consume the body.
    for service in _services_signing_as(signing_name):
        try:
            operation, parameters = get_service_router(service).match(Request(dict(environ)))
        except (NotFound, HTTPException, NotImplementedError):
            continue
        protocol = operation.service_model.metadata["protocol"]
        return protocol, operation.name, {**parameters, **_json(body)}
    return "rest-json", f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}", {}


def _json(body):
    try:
        document = json.loads(body)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


@cache
def _services_signing_as(signing_name):
    """botocore's services under that signing name; nearly always the namesake alone."""
    loader = botocore.loaders.create_loader()
    services = loader.list_available_services("service-2")
    if signing_name in services:
        return [signing_name]
    return [service for service in services if _signing_name(loader, service) == signing_name]


def _signing_name(loader, service):
    # The metadata opens the file; parsing four hundred whole models takes half a minute.
    version = loader.determine_latest_version(service, "service-2")
    for folder in map(Path, loader.search_paths):
        for model in (folder / service / version).glob("service-2.json.gz"):
            with gzip.open(model, "rt") as text:
                found = dict(METADATA.findall(text.read(4000)))
            return found.get("signingName", found.get("endpointPrefix"))
    return None


def error(failure, call):
    """The answer AWS gives to `call` on `failure`, one of the keys of ERRORS."""
    # CBOR is another spelling of JSON, to errors too.
    status, code = ERRORS[failure]["json" if call.protocol == "cbor" else call.protocol]
    message = MESSAGES[failure].format(action=call.action)
    if call.protocol == "cbor":
        return Response(cbor.encode({"__type": code, "message": message}), status, mimetype="application/cbor")
    if call.protocol in ("json", "rest-json"):
        return _json_error(call.protocol, status, code, message)
    return Response(_xml_error(call.protocol, code, escape(message)), status, mimetype="text/xml")


def _json_error(protocol, status, code, message):
    mimetype = "application/x-amz-json-1.1" if protocol == "json" else "application/json"
    body = json.dumps({"__type": code, "message": message})
    headers = {"x-amzn-RequestId": REQUEST_ID, "x-amzn-ErrorType": code}
    return Response(body, status, headers, mimetype=mimetype)


def _xml_error(protocol, code, message):
    detail = f"<Code>{code}</Code><Message>{message}</Message>"
    if protocol == "ec2":
        return f"<Response><Errors><Error>{detail}</Error></Errors><RequestID>{REQUEST_ID}</RequestID></Response>"
    if protocol == "rest-xml":
        return f"<Error>{detail}<RequestId>{REQUEST_ID}</RequestId></Error>"
    error = f"<Error><Type>Sender</Type>{detail}</Error>"
    return f"<ErrorResponse>{error}<RequestId>{REQUEST_ID}</RequestId></ErrorResponse>"
