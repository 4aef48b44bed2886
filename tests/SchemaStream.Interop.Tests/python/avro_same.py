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


INNER = avro.schema.parse(json.dumps({"type": "record", "name": "BigDecimal", "fields": [
    {"name": "unscaled", "type": "bytes"}, {"name": "scale", "type": "int"}]}))


def big_decimal(digits):
    """The bytes of a big-decimal, which this library lacks, by Avro 1.12: all digits as the fewest bytes of a big-endian two's
    complement, then how many of them are after the point. The library writes both, as Avro's bytes and int."""
    unscaled = int(digits.replace(".", ""))
    size = (unscaled if unscaled >= 0 else ~unscaled).bit_length() // 8 + 1
    return bytes.fromhex(written(INNER, {
        "unscaled": unscaled.to_bytes(size, "big", signed=True), "scale": len(digits.partition(".")[2])}))


def real(value):
    """A value from its JSON."""
    if isinstance(value, list):
        return [real(item) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"hex"}:
        return bytes.fromhex(value["hex"])
    if set(value) == {"digits"}:
        return big_decimal(value["digits"])
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
