"""Debian's confluent-kafka (librdkafka 2.0) against a broker: the first argument names the scenario."""
import json
import sys
import time

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewPartitions, NewTopic

scenario, bootstrap, topic = sys.argv[1:4]
options = sys.argv[4:]


def producer(**settings):
    return Producer({"bootstrap.servers": bootstrap, "linger.ms": 5, **{k.replace("_", "."): v for k, v in settings.items()}})


def consumer(group, **settings):
    return Consumer({
        "bootstrap.servers": bootstrap, "group.id": group, "auto.offset.reset": "earliest",
        "enable.auto.commit": False, **{k.replace("_", "."): v for k, v in settings.items()}})


def produce(client, count, partition=None):
    delivered = []

    def on_delivery(error, message):
        if error is not None:
            raise KafkaException(error)
        delivered.append((message.partition(), message.offset()))

    for i in range(count):
        place = {} if partition is None else {"partition": partition}
        client.produce(topic, key=f"key-{i % 10}", value=f"value-{i} " + "x" * 100, headers=[("n", str(i).encode())],
                       on_delivery=on_delivery, **place)
        client.poll(0)
    client.flush(30)
    return delivered


def read(client, count, seconds=30):
    messages, deadline = [], time.monotonic() + seconds
    while len(messages) < count and time.monotonic() < deadline:
        message = client.poll(0.2)
        if message is None:
            continue
        if message.error():
            raise KafkaException(message.error())
        messages.append(message)
    return messages


def compression():
    codec, count = options[0], int(options[1])
    delivered = produce(producer(compression_type=codec, enable_idempotence=True, acks="all"), count)
    client = consumer(f"{topic}-readers")
    client.subscribe([topic])
    messages = read(client, count)
    client.commit(asynchronous=False)
    client.close()
    return {
        "delivered": len(delivered),
        "read": len(messages),
        "values": sorted({m.value().decode().split(" ")[0] for m in messages}) == sorted(f"value-{i}" for i in range(count)),
        "headers": all(m.headers() == [("n", m.value().decode().split(" ")[0].split("-")[1].encode())] for m in messages),
        "keysKeepTheirPartition": len({(m.key(), m.partition()) for m in messages}) == len({m.key() for m in messages}),
    }


def group():
    """Two members share three partitions; what one commits, its successor does not read again."""
    administrator = AdminClient({"bootstrap.servers": bootstrap})
    administrator.create_topics([NewTopic(topic, 3, 1)])[topic].result(20)
    first, second = consumer(topic, session_timeout_ms=6000), consumer(topic, session_timeout_ms=6000)
    owned = {}
    for name, client in (("first", first), ("second", second)):
        client.subscribe([topic], on_assign=lambda c, ps, n=name: owned.__setitem__(n, sorted(p.partition for p in ps)))
    seen, deadline = {"first": [], "second": []}, time.monotonic() + 40
    sent = False
    while time.monotonic() < deadline and sum(map(len, seen.values())) < 300:
        for name, client in (("first", first), ("second", second)):
            message = client.poll(0.05)
            if message is not None and not message.error():
                seen[name].append((message.partition(), message.offset()))
        both = sorted(owned.get("first", []) + owned.get("second", [])) == [0, 1, 2] and owned.get("first") and owned.get("second")
        if both and not sent:
            for partition in range(3):
                produce(producer(), 100, partition)
            sent = True
    for client in (first, second):
        client.commit(asynchronous=False)
    owned = dict(owned)
    first.close()
    second.close()
    produce(producer(), 5, 1)
    third = consumer(topic)
    third.subscribe([topic])
    rest = read(third, 6, seconds=8)
    third.close()
    return {
        "owned": owned,
        "first": len(seen["first"]), "second": len(seen["second"]),
        "twice": len(seen["first"] + seen["second"]) - len(set(seen["first"] + seen["second"])),
        "afterCommit": [m.offset() for m in rest],
    }


def admin():
    client = AdminClient({"bootstrap.servers": bootstrap})
    outcome = {}
    client.create_topics([NewTopic(topic, 2, 1, config={"retention.ms": "3600000"})])[topic].result(20)
    try:
        client.create_topics([NewTopic(topic, 2, 1)])[topic].result(20)
    except KafkaException as error:
        outcome["again"] = error.args[0].name()
    client.create_partitions([NewPartitions(topic, 5)])[topic].result(20)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        metadata = client.list_topics(topic, timeout=10).topics[topic]
        if len(metadata.partitions) == 5:
            break
    outcome["partitions"] = len(metadata.partitions)
    outcome["leaders"] = sorted({p.leader for p in metadata.partitions.values()})
    from confluent_kafka.admin import ConfigResource
    config = client.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, topic)])
    entries = list(config.values())[0].result(20)
    outcome["retention"] = entries["retention.ms"].value
    client.delete_topics([topic])[topic].result(20)
    outcome["deleted"] = topic not in client.list_topics(timeout=10).topics
    return outcome


def seek():
    """Seeks by time: the first record at or after a moment."""
    client = producer()
    base = 1_700_000_000_000
    for i in range(20):
        client.produce(topic, value=str(i), timestamp=base + i * 1000, partition=0)
    client.flush(30)
    reader = consumer(f"{topic}-seekers")
    found = reader.offsets_for_times([TopicPartition(topic, 0, base + 7500)], timeout=20)
    low, high = reader.get_watermark_offsets(TopicPartition(topic, 0), timeout=20)
    reader.assign(found)
    message = read(reader, 1)[0]
    reader.close()
    return {"offset": found[0].offset, "value": message.value().decode(), "low": low, "high": high}


print(json.dumps({"compression": compression, "group": group, "admin": admin, "seek": seek}[scenario]()))
