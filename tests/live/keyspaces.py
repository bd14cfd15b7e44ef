"""moto lacks Amazon Keyspaces. AWS keeps its own keyspaces in every account; users made none here."""

import cbor
from werkzeug.wrappers import Response

PATH = "/service/KeyspacesService/operation/"
OF_AWS = ["system", "system_schema", "system_schema_mcs", "system_multiregion_info"]


class Keyspaces:
    """WSGI middleware that answers ListKeyspaces and leaves the rest to moto."""

    def __init__(self, moto):
        self.moto = moto

    def __call__(self, environ, start_response):
        answer = _list_keyspaces() if environ["PATH_INFO"] == PATH + "ListKeyspaces" else self.moto
        return answer(environ, start_response)


def _list_keyspaces():
    keyspaces = [{"keyspaceName": name, "resourceArn": name, "replicationStrategy": "SINGLE_REGION"} for name in OF_AWS]
    return Response(cbor.encode({"keyspaces": keyspaces}), headers={"smithy-protocol": "rpc-v2-cbor"}, mimetype="application/cbor")
