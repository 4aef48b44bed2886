"""Consume, transform, produce with Debian's confluent-kafka: python3 FILE BOOTSTRAP INPUT OUTPUT. Ends when all is transformed."""
import json
import sys
import time

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

bootstrap, source, target = sys.argv[1:4]
STEP, LIMIT = 10, 170
DEADLINE = time.monotonic() + LIMIT
COMMON = {"bootstrap.servers": bootstrap, "reconnect.backoff.ms": 20, "reconnect.backoff.max.ms": 200, "log_level": 0}


def again(step, *arguments):
    """The broker may be away: the same call goes on where it was."""
    while True:
        try:
            return step(*arguments)
        except KafkaException as error:
            if not error.args[0].retriable() or time.monotonic() > DEADLINE:
                raise


def next_records(consumer, ended, most=25):
    records = []
    while len(records) < most:
        message = consumer.poll(0.1)
        if message is None:
            break
        if message.error():
            if message.error().code() == KafkaError._PARTITION_EOF:
                ended.add((message.topic(), message.partition()))
                break
            if message.error().retriable() or message.error().code() in (KafkaError._TRANSPORT, KafkaError._ALL_BROKERS_DOWN):
                continue
            raise KafkaException(message.error())
        ended.discard((message.topic(), message.partition()))  # its end is told once each time it is reached
        records.append(message)
    return records


def transform(producer, consumer, records):
    try:
        producer.begin_transaction()
        for record in records:
            producer.produce(target, value=record.value() + b"!", partition=record.partition())
        ends = {}
        for record in records:
            ends[record.partition()] = record.offset() + 1
        offsets = [TopicPartition(source, partition, end) for partition, end in ends.items()]
        again(producer.send_offsets_to_transaction, offsets, consumer.consumer_group_metadata(), STEP)
        again(producer.commit_transaction, STEP)
    except KafkaException as error:
        if error.args[0].txn_requires_abort():
            again(producer.abort_transaction, STEP)
        raise  # the session's positions are beyond what was committed


def session():
    producer = Producer({**COMMON, "transactional.id": "python-transformer", "linger.ms": 2})
    again(producer.init_transactions, STEP)
    consumer = Consumer({
        **COMMON, "group.id": "python-transformer", "auto.offset.reset": "earliest", "enable.auto.commit": False,
        "enable.partition.eof": True, "session.timeout.ms": 6000, "isolation.level": "read_committed"})
    consumer.subscribe([source])
    ended = set()
    try:
        while True:
            records = next_records(consumer, ended)
            assigned = {(place.topic, place.partition) for place in consumer.assignment()}
            if records:
                transform(producer, consumer, records)
            elif assigned and assigned <= ended:
                return
            if time.monotonic() > DEADLINE:
                raise TimeoutError(f"not all was transformed in {LIMIT} s")
    finally:
        consumer.close()


sessions = 1
while True:
    try:
        session()
        break
    except KafkaException:
        if time.monotonic() > DEADLINE:
            raise
        sessions += 1  # a new session fences this one and goes on behind what was committed
print(json.dumps({"sessions": sessions}))
