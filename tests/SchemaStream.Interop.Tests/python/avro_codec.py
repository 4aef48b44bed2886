"""Debian's python3-avro as the other side: `decode` prints what the hex on standard input holds, `encode` the hex of a value.

Input, one JSON object: {"writer": schema, "reader": schema or absent, "hex": "..."} or {"writer": schema, "value": ...}.
Logical types are switched off: bytes are compared under them, since this library lacks several.
"""
import io
import json
import sys

import avro.io
import avro.schema


def plain(schema):
    """The schema without logical types, so that the underlying values are seen."""
    if isinstance(schema, list):
        return [plain(branch) for branch in schema]
    if isinstance(schema, dict):
        return {k: plain(v) if k in ("type", "items", "values", "fields") else v for k, v in schema.items()
                if k not in ("logicalType", "precision", "scale")}
    return schema


def visible(value):
    """Bytes as hex, so that JSON can carry them."""
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, dict):
        return {k: visible(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [visible(v) for v in value]
    return value


def real(value):
    """The reverse of visible."""
    if isinstance(value, dict):
        return bytes.fromhex(value["hex"]) if set(value) == {"hex"} else {k: real(v) for k, v in value.items()}
    return [real(v) for v in value] if isinstance(value, list) else value


request = json.load(sys.stdin)
writer = avro.schema.parse(json.dumps(plain(request["writer"])))
if sys.argv[1] == "decode":
    reader = avro.schema.parse(json.dumps(plain(request["reader"]))) if "reader" in request else writer
    source = io.BytesIO(bytes.fromhex(request["hex"]))
    value = avro.io.DatumReader(writer, reader).read(avro.io.BinaryDecoder(source))
    print(json.dumps({"value": visible(value), "left": len(source.read())}))
else:
    target = io.BytesIO()
    avro.io.DatumWriter(writer).write(real(request["value"]), avro.io.BinaryEncoder(target))
    print(json.dumps({"hex": target.getvalue().hex()}))
