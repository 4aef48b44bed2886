#!/usr/bin/python3
"""Reads the shop's committed orders: Avro, by the schema that each record names."""
import argparse
import io
import struct
import sys
import time

import avro.io
import avro.schema
from confluent_kafka import Consumer, KafkaException
from confluent_kafka.schema_registry import SchemaRegistryClient

TOPIC = "shop.orders"
PREFIX = struct.Struct(">bI")  # a zero, and the schema's id


class AvroReader:
    """Reads Confluent's wire format with the registry's schemas, each asked for once."""

    def __init__(self, registry):
        self._registry = SchemaRegistryClient({"url": registry})
        self._readers = {}

    def read(self, payload):
        magic, schema_id = PREFIX.unpack_from(payload)
        if magic != 0:
            raise ValueError(f"expected Confluent's wire format, found a first byte of {magic}")
        if schema_id not in self._readers:
            text = self._registry.get_schema(schema_id).schema_str
            self._readers[schema_id] = avro.io.DatumReader(avro.schema.parse(text))
        return self._readers[schema_id].read(avro.io.BinaryDecoder(io.BytesIO(payload[PREFIX.size:])))


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kafka", default="127.0.0.1:9092", help="a broker's external listener")
    options.add_argument("--registry", default="http://127.0.0.1:8081")
    options.add_argument("--group", default="python-orders")
    options.add_argument("--count", type=int, default=0, help="how many to read; 0 reads until Ctrl-C")
    options.add_argument("--seconds", type=float, default=60, help="how long to wait for them")
    options = options.parse_args()

    reader = AvroReader(options.registry)
    consumer = Consumer({
        "bootstrap.servers": options.kafka,
        "group.id": options.group,
        "auto.offset.reset": "earliest",
        "isolation.level": "read_committed",  # nothing of a transaction that did not happen
    })
    consumer.subscribe([TOPIC])
    read, total, deadline = 0, 0, time.monotonic() + options.seconds
    try:
        while options.count == 0 or (read < options.count and time.monotonic() < deadline):
            message = consumer.poll(0.5)
            if message is None:
                continue
            if message.error():
                raise KafkaException(message.error())
            order = reader.read(message.value())
            read += 1
            total += order["Total"]
            lines = ", ".join(f"{line['Quantity']} x {line['Sku']}" for line in order["Lines"])
            print(f"{order['PlacedAt']:%H:%M:%S} {message.key().decode()}: {lines}, {order['Total']}", flush=True)
    except KeyboardInterrupt:
        pass
    finally:
        consumer.close()  # commits, and leaves the group at once
    print(f"read {read} orders of {total}")
    return 0 if read >= options.count else 1


if __name__ == "__main__":
    sys.exit(main())
