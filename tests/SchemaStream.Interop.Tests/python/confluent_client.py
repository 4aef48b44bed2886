"""Debian's confluent-kafka (librdkafka 2.0): the scenarios of Matrix/Scenarios.cs."""
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, NewPartitions, NewTopic

from scenario import main, wait_until

SECONDS = 30


def connect_admin(bootstrap):
    return AdminClient({"bootstrap.servers": bootstrap})


def create(bootstrap, topic, partitions, **config):
    client = connect_admin(bootstrap)  # it must live until the answer is there
    client.create_topics([NewTopic(topic, partitions, 1, config=config)])[topic].result(SECONDS)


def new_producer(bootstrap, **settings):
    return Producer({"bootstrap.servers": bootstrap, "linger.ms": 5, **{k.replace("_", "."): v for k, v in settings.items()}})


def new_consumer(bootstrap, group, **settings):
    return Consumer({
        "bootstrap.servers": bootstrap, "group.id": group, "auto.offset.reset": "earliest",
        "enable.auto.commit": False, **{k.replace("_", "."): v for k, v in settings.items()}})


def produce(producer, topic, values, **place):
    delivered = []

    def on_delivery(error, message):
        if error is not None:
            raise KafkaException(error)
        delivered.append(message.offset())

    for value in values:
        producer.produce(topic, value=value, on_delivery=on_delivery, **place)
        producer.poll(0)
    producer.flush(SECONDS)
    return delivered


def poll(consumer, messages, seconds=0.1):
    message = consumer.poll(seconds)
    if message is not None:
        if message.error():
            raise KafkaException(message.error())
        messages.append(message)


def read(consumer, count):
    messages = []
    wait_until(lambda: len(messages) >= count, lambda: f"{len(messages)} of {count} records", SECONDS, lambda: poll(consumer, messages))
    poll(consumer, messages, 0.3)  # one too many would come now
    return messages


def read_all(bootstrap, topic, count, **settings):
    consumer = new_consumer(bootstrap, f"{topic}-readers", **settings)
    consumer.assign([TopicPartition(topic, 0, 0)])
    messages = read(consumer, count)
    consumer.close()
    return messages


def admin(bootstrap, topic):
    client = connect_admin(bootstrap)
    create(bootstrap, topic, 2, **{"retention.ms": "3600000"})
    try:
        create(bootstrap, topic, 2)
    except KafkaException as error:
        again = error.args[0].code()
    client.create_partitions([NewPartitions(topic, 5)])[topic].result(SECONDS)
    partitions = lambda: len(client.list_topics(topic, timeout=10).topics[topic].partitions)
    wait_until(lambda: partitions() == 5, partitions)

    def retention():
        return list(client.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, topic)]).values())[0].result(SECONDS)["retention.ms"].value

    created = retention()
    list(client.alter_configs([ConfigResource(ConfigResource.Type.TOPIC, topic, set_config={"retention.ms": "7200000"})]).values())[0].result(SECONDS)
    outcome = {"again": again, "partitions": partitions(), "retention": created, "altered": retention()}
    client.delete_topics([topic])[topic].result(SECONDS)
    outcome["deleted"] = topic not in client.list_topics(timeout=10).topics
    return outcome


def compression(bootstrap, topic, codec):
    create(bootstrap, topic, 1)
    values = [f"value-{i} {'x' * 100}" for i in range(300)]
    delivered = produce(new_producer(bootstrap, compression_type=codec, acks="all"), topic, values)
    found = [m.value().decode() for m in read_all(bootstrap, topic, 300)]
    return {"delivered": len(delivered), "read": len(found), "same": found == values}


def headers(bootstrap, topic):
    create(bootstrap, topic, 1)
    producer = new_producer(bootstrap)
    producer.produce(topic, key="k", value="v", headers=[("trace", b"abc"), ("empty", b"")])
    producer.produce(topic, key="gone", value=None)
    producer.flush(SECONDS)
    first, second = read_all(bootstrap, topic, 2)
    return {
        "key": first.key().decode(), "value": first.value().decode(), "headers": {k: v.decode() for k, v in first.headers()},
        "tombstone": second.key().decode() if second.value() is None else None,
    }


def idempotent(bootstrap, topic):
    create(bootstrap, topic, 1)
    values = [str(i) for i in range(1000)]
    delivered = produce(new_producer(bootstrap, enable_idempotence=True), topic, values)
    found = [m.value().decode() for m in read_all(bootstrap, topic, 1000)]
    return {"delivered": len(delivered), "read": len(found), "inOrder": found == values}


def seek(bootstrap, topic):
    create(bootstrap, topic, 1)
    base = 1_700_000_000_000
    producer = new_producer(bootstrap)
    for i in range(20):
        producer.produce(topic, value=str(i), timestamp=base + i * 1000, partition=0)
    producer.flush(SECONDS)
    consumer = new_consumer(bootstrap, f"{topic}-seekers")
    found = consumer.offsets_for_times([TopicPartition(topic, 0, base + 7500)], timeout=SECONDS)
    low, high = consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=SECONDS)
    consumer.assign(found)
    value = read(consumer, 12)[0].value().decode()
    consumer.close()
    return {"offset": found[0].offset, "value": value, "low": low, "high": high}


def resume(bootstrap, topic):
    create(bootstrap, topic, 1)
    produce(new_producer(bootstrap), topic, [str(i) for i in range(100)])
    first = new_consumer(bootstrap, topic)
    first.subscribe([topic])
    messages = []
    wait_until(lambda: len(messages) == 40, lambda: len(messages), SECONDS, lambda: poll(first, messages))
    first.commit(message=messages[-1], asynchronous=False)
    committed = first.committed([TopicPartition(topic, 0)], timeout=SECONDS)[0].offset
    first.close()
    second = new_consumer(bootstrap, topic)
    second.subscribe([topic])
    rest = read(second, 60)
    second.close()
    return {"committed": committed, "resumedAt": rest[0].offset(), "rest": len(rest)}


def group(bootstrap, topic):
    create(bootstrap, topic, 6)
    producer = new_producer(bootstrap)
    members, seen = [], []

    def join():
        member = new_consumer(bootstrap, topic, session_timeout_ms=10000, heartbeat_interval_ms=500)
        member.subscribe([topic])
        members.append(member)

    def turn():
        for member in members:
            poll(member, seen, 0.02)

    def shares():
        return sorted(len(member.assignment()) for member in members)

    def settle(wanted):
        wait_until(lambda: shares() == wanted, shares, SECONDS, turn)

    def share(count):
        before = len(seen)
        for partition in range(6):
            produce(producer, topic, [str(i) for i in range(count)], partition=partition)
        wait_until(lambda: len(seen) - before >= 6 * count, lambda: len(seen) - before, SECONDS, turn)
        for member in members:
            member.commit(asynchronous=False)
        return len(seen) - before

    join()
    settle([6])
    alone = share(5)
    join()
    join()
    settle([2, 2, 2])
    three = share(50)
    members.pop().close()
    settle([3, 3])
    two = share(10)
    for member in members:
        member.close()
    places = [(m.partition(), m.offset()) for m in seen]
    return {"alone": alone, "three": three, "two": two, "twice": len(places) - len(set(places))}


def transactions(bootstrap, topic):
    create(bootstrap, topic, 1)
    producer = new_producer(bootstrap, transactional_id=topic)
    producer.init_transactions(SECONDS)
    for i in range(3):
        producer.begin_transaction()
        produce(producer, topic, [f"{i}/{n}" for n in range(10)])
        producer.abort_transaction(SECONDS) if i == 1 else producer.commit_transaction(SECONDS)
    consumer = new_consumer(bootstrap, f"{topic}-offsets")
    producer.begin_transaction()
    producer.send_offsets_to_transaction([TopicPartition(topic, 0, 7)], consumer.consumer_group_metadata(), SECONDS)
    producer.commit_transaction(SECONDS)
    offset = consumer.committed([TopicPartition(topic, 0)], timeout=SECONDS)[0].offset
    consumer.close()
    committed = read_all(bootstrap, topic, 20, isolation_level="read_committed")
    uncommitted = read_all(bootstrap, topic, 30, isolation_level="read_uncommitted")
    producer.begin_transaction()
    produce(producer, topic, ["fenced"])  # delivered: one on its way would be refused as what can be aborted
    new_producer(bootstrap, transactional_id=topic).init_transactions(SECONDS)
    try:
        producer.commit_transaction(SECONDS)
        fenced = False
    except KafkaException as error:
        fenced = error.args[0].fatal()
    return {
        "committed": len(committed), "uncommitted": len(uncommitted), "offset": offset, "fenced": fenced,
        "aborted": sum(m.value().decode().startswith("1/") for m in committed),
    }


if __name__ == "__main__":
    main({
        "admin": admin, "compression": compression, "headers": headers, "idempotent": idempotent,
        "seek": seek, "resume": resume, "group": group, "transactions": transactions,
    })
