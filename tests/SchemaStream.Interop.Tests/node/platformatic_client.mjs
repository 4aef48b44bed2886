// @platformatic/kafka 1.35, a client of its own code with the newest versions of every API: some scenarios of
// Matrix/Scenarios.cs, and what the other clients have no call for.
import { createRequire } from 'node:module';
import { Admin, Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka';

const { main, waitUntil } = createRequire(import.meta.url)('./scenario.js');
const clientId = 'platformatic';
const range = count => Array.from({ length: count }, (_, i) => i);

async function withAdmin(bootstrap, work) {
  const admin = new Admin({ clientId, bootstrapBrokers: [bootstrap] });
  try {
    return await work(admin);
  } finally {
    await admin.close();
  }
}

const create = (bootstrap, topic, partitions) => withAdmin(bootstrap, admin => admin.createTopics({ topics: [topic], partitions, replicas: 1 }));

async function produce(bootstrap, messages, options = {}) {
  const producer = new Producer({ clientId, bootstrapBrokers: [bootstrap], serializers: stringSerializers, ...options });
  const sent = await producer.send({ messages, acks: -1, ...options });
  await producer.close();
  return sent;
}

async function readAll(bootstrap, topic, count, options = {}) {
  const consumer = new Consumer({ clientId, groupId: `${topic}-readers`, bootstrapBrokers: [bootstrap], deserializers: stringDeserializers, maxWaitTime: 100, ...options });
  const stream = await consumer.consume({ autocommit: false, topics: [topic], mode: 'earliest' });
  const messages = [];
  for await (const message of stream) {
    messages.push(message);
    if (messages.length >= count) {
      break;
    }
  }
  await consumer.close(true);
  return messages;
}

const admin = (bootstrap, topic) => withAdmin(bootstrap, async client => {
  const resource = { resourceType: 2, resourceName: topic };
  await client.createTopics({ topics: [topic], partitions: 2, replicas: 1, configs: [{ name: 'retention.ms', value: '3600000' }] });
  const codes = error => [error.apiCode, ...(error.errors ?? []).flatMap(codes), ...(error.cause ? codes(error.cause) : [])];
  const again = await client.createTopics({ topics: [topic], partitions: 2, replicas: 1 }).then(() => 0, error => codes(error).includes(36) ? 36 : codes(error));
  await client.createPartitions({ topics: [{ name: topic, count: 5, assignments: null }] });
  const partitions = async () => (await client.metadata({ topics: [topic], forceUpdate: true })).topics.get(topic).partitionsCount;
  await waitUntil(async () => await partitions() === 5, partitions);
  const retention = async () => (await client.describeConfigs({ resources: [{ ...resource, configurationKeys: null }] }))[0]
    .configs.find(config => config.name === 'retention.ms').value;
  const created = await retention();
  await client.incrementalAlterConfigs({ resources: [{ ...resource, configs: [{ name: 'retention.ms', configOperation: 0, value: '7200000' }] }] });
  const outcome = { again, partitions: await partitions(), retention: created, altered: await retention() };
  await client.deleteTopics({ topics: [topic] });
  return { ...outcome, deleted: !(await client.listTopics()).includes(topic) };
});

async function compression(bootstrap, topic, codec) {
  await create(bootstrap, topic, 1);
  const values = range(300).map(i => `value-${i} ${'x'.repeat(100)}`);
  await produce(bootstrap, values.map(value => ({ topic, value })), { compression: codec });
  const found = (await readAll(bootstrap, topic, 300)).map(message => message.value);
  return { delivered: values.length, read: found.length, same: JSON.stringify(found) === JSON.stringify(values) };
}

async function headers(bootstrap, topic) {
  await create(bootstrap, topic, 1);
  await produce(bootstrap, [{ topic, key: 'k', value: 'v', headers: { trace: 'abc', empty: '' } }]);
  await produce(bootstrap, [{ topic, key: 'gone' }]);
  const [first, second] = await readAll(bootstrap, topic, 2);
  return { key: first.key, value: first.value, headers: Object.fromEntries(first.headers), tombstone: second.value ? null : second.key };
}

async function idempotent(bootstrap, topic) {
  await create(bootstrap, topic, 1);
  const producer = new Producer({ clientId, bootstrapBrokers: [bootstrap], serializers: stringSerializers, idempotent: true });
  for (let i = 0; i < 1000; i += 50) {
    await producer.send({ messages: range(50).map(n => ({ topic, value: `${i + n}` })) });
  }
  await producer.close();
  const found = (await readAll(bootstrap, topic, 1000)).map(message => message.value);
  return { delivered: 1000, read: found.length, inOrder: found.every((value, i) => value === `${i}`) };
}

/** Client quotas and log directories: no other client here has calls for them. */
const extras = (bootstrap, topic) => withAdmin(bootstrap, async client => {
  await create(bootstrap, topic, 2);
  await produce(bootstrap, range(100).map(i => ({ topic, value: `${i}` })));
  const entity = [{ entityType: 'client-id', entityName: topic }];
  await client.alterClientQuotas({ entries: [{ entities: entity, ops: [{ key: 'producer_byte_rate', value: 1048576, remove: false }] }] });
  const components = [{ entityType: 'client-id', matchType: 0, match: topic }];
  const set = await client.describeClientQuotas({ components });
  await client.alterClientQuotas({ entries: [{ entities: entity, ops: [{ key: 'producer_byte_rate', value: 0, remove: true }] }] });
  const removed = await client.describeClientQuotas({ components });
  const directories = await client.describeLogDirs({ topics: [{ name: topic, partitions: [0, 1] }] });
  const partitions = directories[0].results[0].topics.find(found => found.name === topic).partitions;
  return { quota: set[0].values[0].value, afterRemoval: removed.length, partitions: partitions.length, hasBytes: partitions.some(found => found.partitionSize > 0n) };
});

main({ admin, compression, headers, idempotent, extras });
