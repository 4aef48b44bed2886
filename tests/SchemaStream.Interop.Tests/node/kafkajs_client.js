// kafkajs 2.2: the scenarios of Matrix/Scenarios.cs.
'use strict';

const { CompressionCodecs, CompressionTypes, ConfigResourceTypes, Kafka, logLevel } = require('kafkajs');
const { main, pause, waitUntil } = require('./scenario.js');

const range = count => Array.from({ length: count }, (_, i) => i);
const connect = bootstrap => new Kafka({ clientId: 'kafkajs', brokers: bootstrap.split(','), logLevel: logLevel.NOTHING });

// kafkajs brings gzip; the other codecs are its users' to add.
CompressionCodecs[CompressionTypes.Snappy] = require('kafkajs-snappy');
CompressionCodecs[CompressionTypes.LZ4] = () => {
  const lz4 = require('lz4js');
  return { compress: async encoder => Buffer.from(lz4.compress(encoder.buffer)), decompress: async buffer => Buffer.from(lz4.decompress(buffer)) };
};
CompressionCodecs[CompressionTypes.ZSTD] = () => {
  const simple = new Promise(resolve => require('zstd-codec').ZstdCodec.run(zstd => resolve(new zstd.Simple())));
  return {
    compress: async encoder => Buffer.from((await simple).compress(encoder.buffer)),
    decompress: async buffer => Buffer.from((await simple).decompress(buffer)),
  };
};

async function withAdmin(bootstrap, work) {
  const admin = connect(bootstrap).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

const create = (bootstrap, topic, numPartitions, configEntries = []) =>
  withAdmin(bootstrap, admin => admin.createTopics({ topics: [{ topic, numPartitions, configEntries }] }));

async function produce(bootstrap, topic, messages, compression = CompressionTypes.None, options = {}) {
  const producer = connect(bootstrap).producer(options);
  await producer.connect();
  const sent = await producer.send({ topic, compression, messages });
  await producer.disconnect();
  return sent;
}

/** Reads from the beginning until so many came, and a little longer: one too many would come then. */
async function readAll(bootstrap, topic, count, groupId, options = {}, from = undefined) {
  const consumer = connect(bootstrap).consumer({ groupId, maxWaitTimeInMs: 100, ...options });
  const messages = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({ autoCommit: false, eachMessage: async ({ partition, message }) => messages.push({ partition, ...message }) });
  if (from !== undefined) {
    consumer.seek({ topic, partition: 0, offset: from });
  }
  await waitUntil(() => messages.length >= count, () => messages.length);
  await pause(300);
  await consumer.disconnect();
  return messages;
}

const admin = (bootstrap, topic) => withAdmin(bootstrap, async client => {
  const configEntries = [{ name: 'retention.ms', value: '3600000' }];
  await client.createTopics({ topics: [{ topic, numPartitions: 2, configEntries }] });
  // kafkajs itself makes of TOPIC_ALREADY_EXISTS that nothing was created.
  const again = await client.createTopics({ topics: [{ topic, numPartitions: 2 }] }) ? 0 : 36;
  await client.createPartitions({ topicPartitions: [{ topic, count: 5 }] });
  const partitions = async () => (await client.fetchTopicMetadata({ topics: [topic] })).topics[0].partitions.length;
  await waitUntil(async () => await partitions() === 5, partitions);
  const retention = async () => (await client.describeConfigs({ includeSynonyms: false, resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }] }))
    .resources[0].configEntries.find(entry => entry.configName === 'retention.ms').configValue;
  const created = await retention();
  const altered = [{ name: 'retention.ms', value: '7200000' }];
  await client.alterConfigs({ validateOnly: false, resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries: altered }] });
  const outcome = { again, partitions: await partitions(), retention: created, altered: await retention() };
  await client.deleteTopics({ topics: [topic] });
  return { ...outcome, deleted: !(await client.listTopics()).includes(topic) };
});

async function compression(bootstrap, topic, codec) {
  await create(bootstrap, topic, 1);
  const type = { none: CompressionTypes.None, gzip: CompressionTypes.GZIP, snappy: CompressionTypes.Snappy, lz4: CompressionTypes.LZ4, zstd: CompressionTypes.ZSTD }[codec];
  const values = range(300).map(i => `value-${i} ${'x'.repeat(100)}`);
  let delivered = 0;
  for (let i = 0; i < 300; i += 100) {
    await produce(bootstrap, topic, values.slice(i, i + 100).map(value => ({ value })), type);
    delivered += 100;
  }
  const found = (await readAll(bootstrap, topic, 300, topic)).map(message => message.value.toString());
  return { delivered, read: found.length, same: JSON.stringify(found) === JSON.stringify(values) };
}

async function headers(bootstrap, topic) {
  await create(bootstrap, topic, 1);
  await produce(bootstrap, topic, [{ key: 'k', value: 'v', headers: { trace: 'abc', empty: '' } }, { key: 'gone', value: null }]);
  const [first, second] = await readAll(bootstrap, topic, 2, topic);
  const text = Object.fromEntries(Object.entries(first.headers).map(([key, value]) => [key, value.toString()]));
  return { key: first.key.toString(), value: first.value.toString(), headers: text, tombstone: second.value === null ? second.key.toString() : null };
}

async function idempotent(bootstrap, topic) {
  await create(bootstrap, topic, 1);
  const producer = connect(bootstrap).producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  let delivered = 0;
  for (let i = 0; i < 1000; i += 50) {
    await producer.send({ topic, messages: range(50).map(n => ({ value: `${i + n}` })) });
    delivered += 50;
  }
  await producer.disconnect();
  const found = (await readAll(bootstrap, topic, 1000, topic)).map(message => message.value.toString());
  return { delivered, read: found.length, inOrder: found.every((value, i) => value === `${i}`) };
}

async function seek(bootstrap, topic) {
  await create(bootstrap, topic, 1);
  const base = 1700000000000;
  await produce(bootstrap, topic, range(20).map(i => ({ value: `${i}`, timestamp: `${base + i * 1000}`, partition: 0 })));
  return withAdmin(bootstrap, async client => {
    const offset = (await client.fetchTopicOffsetsByTimestamp(topic, base + 7500))[0].offset;
    const { low, high } = (await client.fetchTopicOffsets(topic))[0];
    const found = await readAll(bootstrap, topic, 12, topic, {}, offset);
    return { offset: Number(offset), value: found.find(message => message.offset === offset).value.toString(), low: Number(low), high: Number(high) };
  });
}

async function resume(bootstrap, topic) {
  await create(bootstrap, topic, 1);
  await produce(bootstrap, topic, range(100).map(i => ({ value: `${i}` })));
  const first = connect(bootstrap).consumer({ groupId: topic, maxWaitTimeInMs: 100 });
  let read = 0;
  await first.connect();
  await first.subscribe({ topic, fromBeginning: true });
  await first.run({
    autoCommit: false,
    eachMessage: async ({ partition, message }) => {
      if (++read === 40) {
        await first.commitOffsets([{ topic, partition, offset: `${Number(message.offset) + 1}`, metadata: 'here' }]);
      }
    },
  });
  const committed = () => withAdmin(bootstrap, async client => Number((await client.fetchOffsets({ groupId: topic, topics: [topic] }))[0].partitions[0].offset));
  await waitUntil(async () => await committed() === 40, committed);
  await first.disconnect();
  const rest = await readAll(bootstrap, topic, 60, topic);
  return { committed: await committed(), resumedAt: Number(rest[0].offset), rest: rest.length };
}

async function group(bootstrap, topic) {
  await create(bootstrap, topic, 6);
  const members = [];
  const seen = [];
  const producer = connect(bootstrap).producer();
  await producer.connect();

  async function join() {
    const consumer = connect(bootstrap).consumer({ groupId: topic, maxWaitTimeInMs: 100, sessionTimeout: 10000, heartbeatInterval: 500, rebalanceTimeout: 10000 });
    const member = { consumer, share: 0, busy: 0 };
    consumer.on(consumer.events.GROUP_JOIN, event => { member.share = (event.payload.memberAssignment[topic] ?? []).length; });
    members.push(member);
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ partition, message }) => {
        member.busy++;
        seen.push(`${partition}/${message.offset}`);
        await consumer.commitOffsets([{ topic, partition, offset: `${Number(message.offset) + 1}` }]);
        member.busy--;
      },
    });
  }

  const shares = () => members.map(member => member.share).sort();
  const settle = wanted => waitUntil(() => `${shares()}` === `${wanted}`, shares);

  async function share(count) {
    const before = seen.length;
    await producer.send({ topic, messages: range(6 * count).map(i => ({ partition: i % 6, value: `${i}` })) });
    await waitUntil(() => seen.length - before >= 6 * count && members.every(member => member.busy === 0), () => seen.length - before);
    return seen.length - before;
  }

  await join();
  await settle([6]);
  const alone = await share(5);
  await Promise.all([join(), join()]);
  await settle([2, 2, 2]);
  const three = await share(50);
  await members.pop().consumer.disconnect();
  await settle([3, 3]);
  const two = await share(10);
  await Promise.all(members.map(member => member.consumer.disconnect()));
  await producer.disconnect();
  return { alone, three, two, twice: seen.length - new Set(seen).size };
}

async function transactions(bootstrap, topic) {
  await create(bootstrap, topic, 1);
  const newProducer = () => connect(bootstrap).producer({ transactionalId: topic, idempotent: true, maxInFlightRequests: 1, retry: { retries: 3 } });
  const producer = newProducer();
  await producer.connect();
  for (const i of range(3)) {
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: range(10).map(n => ({ value: `${i}/${n}` })) });
    await (i === 1 ? transaction.abort() : transaction.commit());
  }
  const offsets = await producer.transaction();
  await offsets.sendOffsets({ consumerGroupId: `${topic}-offsets`, topics: [{ topic, partitions: [{ partition: 0, offset: '7' }] }] });
  await offsets.commit();
  const offset = await withAdmin(bootstrap, async client =>
    Number((await client.fetchOffsets({ groupId: `${topic}-offsets`, topics: [topic] }))[0].partitions[0].offset));
  const committed = await readAll(bootstrap, topic, 20, `${topic}-committed`);
  const uncommitted = await readAll(bootstrap, topic, 30, `${topic}-uncommitted`, { readUncommitted: true });
  const late = await producer.transaction();
  await late.send({ topic, messages: [{ value: 'fenced' }] });
  const successor = newProducer();
  await successor.connect();
  await (await successor.transaction()).abort();
  const fenced = await late.commit().then(() => false, () => true);
  return {
    committed: committed.length, uncommitted: uncommitted.length, offset, fenced,
    aborted: committed.filter(message => message.value.toString().startsWith('1/')).length,
  };
}

main({ admin, compression, headers, idempotent, seek, resume, group, transactions });
