"""CBOR (RFC 8949), as far as answers of Smithy RPC v2 need it: maps, lists, texts, yes and no."""


def encode(value):
    if isinstance(value, dict):
        return _head(5, len(value)) + b"".join(encode(part) for item in value.items() for part in item)
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(map(encode, value))
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    text = value.encode()
    return _head(3, len(text)) + text


def _head(major, argument):
    if argument < 24:
        return bytes([major << 5 | argument])
    return bytes([major << 5 | 27]) + argument.to_bytes(8, "big")
