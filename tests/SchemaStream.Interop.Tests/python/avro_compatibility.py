"""Debian's python3-avro as a judge of pairs of schemas: a line {"reader": ..., "writer": ...} in, a line of what it says out.

Each answer is {"compatible": bool, "kinds": [...]}; the last line is the list of all of them.
"""
import json
import sys

import avro.compatibility
import avro.schema


def judge(pair):
    reader = avro.schema.parse(json.dumps(pair["reader"]))
    writer = avro.schema.parse(json.dumps(pair["writer"]))
    found = avro.compatibility.ReaderWriterCompatibilityChecker().get_compatibility(reader, writer)
    compatible = found.compatibility is avro.compatibility.SchemaCompatibilityType.compatible
    return {"compatible": compatible, "kinds": sorted({kind.name for kind in found.incompatibilities})}


print(json.dumps([judge(json.loads(line)) for line in sys.stdin if line.strip()]))
