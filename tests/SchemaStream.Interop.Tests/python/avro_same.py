"""Debian's python3-avro as the other side: see node/avro_same.js, which takes the same input and gives the same output."""
import io
import json
import sys

import avro.io
import avro.schema


def plain(schema):
    """The schema without logical types, so that what lies under them is compared."""
    if isinstance(schema, list):
        return [plain(branch) for branch in schema]
    if isinstance(schema, dict):
        return {k: plain(v) if k in ("type", "items", "values", "fields") else v for k, v in schema.items()
                if k not in ("logicalType", "precision", "scale")}
    return schema


def real(value):
    """A value from its JSON."""
    if isinstance(value, list):
        return [real(item) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"hex"}:
        return bytes.fromhex(value["hex"])
    if set(value) == {"long"}:
        return int(value["long"])
    if set(value) == {"branch", "value"}:
        return real(value["value"])
    return {key: real(item) for key, item in value.items()}


def written(schema, value):
    target = io.BytesIO()
    avro.io.DatumWriter(schema).write(value, avro.io.BinaryEncoder(target))
    return target.getvalue().hex()


results = []
for line in sys.stdin:
    if not line.strip():
        continue
    request = json.loads(line)
    schema = avro.schema.parse(json.dumps(plain(request["schema"])))
    source = io.BytesIO(bytes.fromhex(request["hex"]))
    value = avro.io.DatumReader(schema, schema).read(avro.io.BinaryDecoder(source))
    left = source.read()
    result = {"again": written(schema, value) + left.hex()}
    if "value" in request:
        result["written"] = written(schema, real(request["value"]))
    results.append(result)
print(json.dumps(results))
