// Consume, transform, produce with kafkajs: node FILE BOOTSTRAP INPUT OUTPUT. Ends when all is transformed.
'use strict';

const { Kafka, logLevel } = require('kafkajs');
const { pause } = require('./scenario.js');

const [bootstrap, source, target] = process.argv.slice(2);
const most = 25;
const limit = Date.now() + 170_000;
const retry = { initialRetryTime: 50, maxRetryTime: 300, retries: 20 };
const kafka = new Kafka({ clientId: 'kafkajs-transformer', brokers: bootstrap.split(','), logLevel: logLevel.NOTHING, retry });
const groupId = 'kafkajs-transformer';

async function transform(producer, partition, messages) {
  const transaction = await producer.transaction();
  try {
    await transaction.send({ topic: target, messages: messages.map(message => ({ partition, value: `${message.value}!` })) });
    const offset = `${BigInt(messages.at(-1).offset) + 1n}`;
    await transaction.sendOffsets({ consumerGroupId: groupId, topics: [{ topic: source, partitions: [{ partition, offset }] }] });
    await transaction.commit();
  } catch (error) {
    await transaction.abort().catch(() => { /* the next session's producer ends what is open */ });
    throw error;
  }
}

/** Whether everything that is there was transformed; a failure ends the session, and the next one goes on behind the commit. */
async function session() {
  // Connected first: what its predecessor left open is ended before offsets are asked for.
  const producer = kafka.producer({ transactionalId: groupId, idempotent: true, maxInFlightRequests: 1, retry });
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100, sessionTimeout: 6000, rebalanceTimeout: 2000, heartbeatInterval: 500, retry });
  const admin = kafka.admin({ retry });
  let failed;
  const failure = new Promise((_, reject) => { failed = reject; });
  failure.catch(() => { /* waited for below */ });
  try {
    await producer.connect();
    await admin.connect();
    await consumer.connect();
    await consumer.subscribe({ topic: source, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async ({ batch, resolveOffset, heartbeat, isRunning, isStale }) => {
        try {
          for (let i = 0; i < batch.messages.length && isRunning() && !isStale(); i += most) {
            const messages = batch.messages.slice(i, i + most);
            await transform(producer, batch.partition, messages);
            resolveOffset(messages.at(-1).offset);
            await heartbeat();
          }
        } catch (error) {
          failed(error);
          throw error;
        }
      },
    });
    while (Date.now() < limit) {
      await Promise.race([pause(200), failure]);
      const ends = await admin.fetchTopicOffsets(source);
      const [committed] = await admin.fetchOffsets({ groupId, topics: [source] });
      if (ends.every(end => committed.partitions.some(one => one.partition === end.partition && one.offset === end.high))) {
        return true;
      }
    }
    throw new Error('not all was transformed in time');
  } finally {
    await Promise.race([Promise.allSettled([consumer.disconnect(), producer.disconnect(), admin.disconnect()]), pause(3000)]);
  }
}

(async () => {
  for (let sessions = 1; ; sessions++) {
    try {
      await session();
      console.log(JSON.stringify({ sessions }));
      process.exit(0);
    } catch (error) {
      if (Date.now() > limit) {
        console.error(error);
        process.exit(1);
      }
      await pause(100);
    }
  }
})();
