#!/usr/bin/python3
"""A phone that was offline tells the shop which products were looked at some minutes ago."""
import argparse
import datetime
import sys
import uuid

from confluent_kafka import KafkaException, Producer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.json_schema import JSONSerializer
from confluent_kafka.serialization import MessageField, SerializationContext, SerializationError

TOPIC = "shop.visits"
SKUS = [f"sku-{number}" for number in range(1, 7)]


def visit(number, minutes_ago, source):
    at = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=minutes_ago)
    return {"visitId": str(uuid.uuid4()), "sku": SKUS[number % len(SKUS)], "source": source, "at": at.isoformat()}


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kafka", default="127.0.0.1:9092", help="a broker's external listener")
    options.add_argument("--registry", default="http://127.0.0.1:8081")
    options.add_argument("--count", type=int, default=10)
    options.add_argument("--minutes-ago", type=int, default=5)
    options.add_argument("--break", dest="broken", action="store_true", help="send a shape that is not the topic's")
    options = options.parse_args()

    # The type is the topic's, and was registered by whoever bound it: this program takes it as it is.
    registry = SchemaRegistryClient({"url": options.registry})
    schema = registry.get_latest_version(f"{TOPIC}-value").schema.schema_str
    serialize = JSONSerializer(schema, registry)
    context = SerializationContext(TOPIC, MessageField.VALUE)

    producer = Producer({"bootstrap.servers": options.kafka, "acks": "all", "enable.idempotence": True})
    delivered = []

    def on_delivery(error, message):
        if error is not None:
            raise KafkaException(error)
        delivered.append(message.offset())

    for number in range(options.count):
        value = visit(number, options.minutes_ago, "phone")
        if options.broken:
            del value["sku"]
        try:
            payload = serialize(value, context)
        except SerializationError as error:
            print(f"refused before it left: {error}")
            return 3
        producer.produce(TOPIC, key=SKUS[number % len(SKUS)], value=payload, on_delivery=on_delivery)
    producer.flush(30)
    print(f"sent {len(delivered)} visits")
    return 0 if len(delivered) == options.count else 1


if __name__ == "__main__":
    sys.exit(main())
