"""Debian's kafka-python (2.0): the scenarios of Matrix/Scenarios.cs. It knows no idempotence and no transactions."""
import threading

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, NewPartitions, NewTopic
from kafka.errors import TopicAlreadyExistsError
from kafka.structs import OffsetAndMetadata

from scenario import main, wait_until

SECONDS = 30


def create(bootstrap, topic, partitions, **config):
    client = KafkaAdminClient(bootstrap_servers=bootstrap)
    client.create_topics([NewTopic(topic, partitions, 1, topic_configs=config)])
    client.close()


def new_consumer(bootstrap, group, **settings):
    return KafkaConsumer(bootstrap_servers=bootstrap, group_id=group, auto_offset_reset="earliest", enable_auto_commit=False, **settings)


def produce(bootstrap, topic, values, partition=None, **settings):
    producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all", linger_ms=5, **settings)
    sent = [producer.send(topic, value=value.encode(), partition=partition) for value in values]
    offsets = [future.get(SECONDS).offset for future in sent]
    producer.close()
    return offsets


def poll(consumer, messages, milliseconds=100, most=None):
    for batch in consumer.poll(timeout_ms=milliseconds, max_records=most).values():
        messages.extend(batch)


def read(consumer, count):
    messages = []
    wait_until(lambda: len(messages) >= count, lambda: f"{len(messages)} of {count} records", SECONDS, lambda: poll(consumer, messages))
    poll(consumer, messages, 300)  # one too many would come now
    return messages


def read_all(bootstrap, topic, count):
    consumer = new_consumer(bootstrap, None)
    consumer.assign([TopicPartition(topic, 0)])
    consumer.seek_to_beginning()
    messages = read(consumer, count)
    consumer.close()
    return messages


def admin(bootstrap, topic):
    client = KafkaAdminClient(bootstrap_servers=bootstrap)
    create(bootstrap, topic, 2, **{"retention.ms": "3600000"})
    try:
        create(bootstrap, topic, 2)
    except TopicAlreadyExistsError as error:
        again = error.errno
    client.create_partitions({topic: NewPartitions(5)})
    partitions = lambda: len(client.describe_topics([topic])[0]["partitions"])
    wait_until(lambda: partitions() == 5, partitions)

    def retention():
        resources = client.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])[0].resources
        return next(entry[1] for entry in resources[0][4] if entry[0] == "retention.ms")

    created = retention()
    client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, configs={"retention.ms": "7200000"})])
    outcome = {"again": again, "partitions": partitions(), "retention": created, "altered": retention()}
    client.delete_topics([topic])
    outcome["deleted"] = topic not in client.list_topics()
    client.close()
    return outcome


def compression(bootstrap, topic, codec):
    create(bootstrap, topic, 1)
    values = [f"value-{i} {'x' * 100}" for i in range(300)]
    delivered = produce(bootstrap, topic, values, compression_type=None if codec == "none" else codec)
    found = [m.value.decode() for m in read_all(bootstrap, topic, 300)]
    return {"delivered": len(delivered), "read": len(found), "same": found == values}


def headers(bootstrap, topic):
    create(bootstrap, topic, 1)
    producer = KafkaProducer(bootstrap_servers=bootstrap)
    producer.send(topic, key=b"k", value=b"v", headers=[("trace", b"abc"), ("empty", b"")]).get(SECONDS)
    producer.send(topic, key=b"gone", value=None).get(SECONDS)
    producer.close()
    first, second = read_all(bootstrap, topic, 2)
    return {
        "key": first.key.decode(), "value": first.value.decode(), "headers": {k: v.decode() for k, v in first.headers},
        "tombstone": second.key.decode() if second.value is None else None,
    }


def seek(bootstrap, topic):
    create(bootstrap, topic, 1)
    base = 1_700_000_000_000
    producer = KafkaProducer(bootstrap_servers=bootstrap)
    for i in range(20):
        producer.send(topic, value=str(i).encode(), timestamp_ms=base + i * 1000, partition=0).get(SECONDS)
    producer.close()
    consumer = new_consumer(bootstrap, f"{topic}-seekers")
    place = TopicPartition(topic, 0)
    consumer.assign([place])
    found = consumer.offsets_for_times({place: base + 7500})[place]
    low, high = consumer.beginning_offsets([place])[place], consumer.end_offsets([place])[place]
    consumer.seek(place, found.offset)
    value = read(consumer, 12)[0].value.decode()
    consumer.close()
    return {"offset": found.offset, "value": value, "low": low, "high": high}


def resume(bootstrap, topic):
    create(bootstrap, topic, 1)
    produce(bootstrap, topic, [str(i) for i in range(100)])
    place = TopicPartition(topic, 0)
    first = new_consumer(bootstrap, topic)
    first.subscribe([topic])
    messages = []
    wait_until(lambda: len(messages) == 40, lambda: len(messages), SECONDS, lambda: poll(first, messages, most=40 - len(messages)))
    first.commit({place: OffsetAndMetadata(messages[-1].offset + 1, "here")})
    committed = first.committed(place)
    first.close(autocommit=False)
    second = new_consumer(bootstrap, topic)
    second.subscribe([topic])
    rest = read(second, 60)
    second.close(autocommit=False)
    return {"committed": committed, "resumedAt": rest[0].offset, "rest": len(rest)}


class Member(threading.Thread):
    """One consumer in a thread of its own: its poll waits for the others while a group comes together."""

    def __init__(self, bootstrap, topic, seen):
        super().__init__(daemon=True)
        self.bootstrap, self.topic, self.seen = bootstrap, topic, seen
        self.share, self.uncommitted, self.leaving, self.failure = 0, 0, False, None
        self.start()

    def run(self):
        try:
            consumer = new_consumer(self.bootstrap, self.topic, session_timeout_ms=10000, heartbeat_interval_ms=500)
            consumer.subscribe([self.topic])
            while not self.leaving:
                messages = []
                poll(consumer, messages, 50)
                self.uncommitted = len(messages)
                self.seen.extend(messages)
                if messages:
                    consumer.commit()
                self.uncommitted = 0
                self.share = len(consumer.assignment())
            consumer.close(autocommit=False)
        except Exception as failure:  # told by the main thread
            self.failure = failure


def group(bootstrap, topic):
    create(bootstrap, topic, 6)
    members, seen = [], []

    def join():
        members.append(Member(bootstrap, topic, seen))

    def shares():
        for member in members:
            if member.failure is not None:
                raise member.failure
        return sorted(member.share for member in members)

    def settle(wanted):
        wait_until(lambda: shares() == wanted, shares, SECONDS)

    def share(count):
        before = len(seen)
        for partition in range(6):
            produce(bootstrap, topic, [str(i) for i in range(count)], partition)
        wait_until(lambda: len(seen) - before >= 6 * count and not any(m.uncommitted for m in members), lambda: len(seen) - before, SECONDS)
        return len(seen) - before

    join()
    settle([6])
    alone = share(5)
    join()
    join()
    settle([2, 2, 2])
    three = share(50)
    leaver = members.pop()
    leaver.leaving = True
    leaver.join(SECONDS)
    settle([3, 3])
    two = share(10)
    for member in members:
        member.leaving = True
        member.join(SECONDS)
    places = [(m.partition, m.offset) for m in seen]
    return {"alone": alone, "three": three, "two": two, "twice": len(places) - len(set(places))}


if __name__ == "__main__":
    main({
        "admin": admin, "compression": compression, "headers": headers,
        "seek": seek, "resume": resume, "group": group,
    })
