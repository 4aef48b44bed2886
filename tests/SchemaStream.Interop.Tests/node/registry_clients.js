// Confluent's and kafkajs's own clients of the registry: register, write, read.
//   node registry_clients.js URL confluent|kafkajs FORMAT SUBJECT-OR-TOPIC   registers the format's schema and writes the sample with it
//   node registry_clients.js URL read-confluent|read-kafkajs FORMAT TOPIC HEX   reads what someone wrote
//   node registry_clients.js URL administer TOPIC                            everything else that Confluent's client offers
//   node registry_clients.js URL associate TOPIC                             which subject the topic has, and writing with it
// The last line of output is the result, as JSON.
'use strict';
const confluent = require('@confluentinc/schemaregistry');
const { SchemaRegistry, SchemaType } = require('@kafkajs/confluent-schema-registry');
const bufbuild = require('@bufbuild/protobuf');
const wkt = require('@bufbuild/protobuf/wkt');

const sample = { orderId: 'o-17', quantity: 3, tags: ['new', 'gift'] };

const texts = {
  AVRO: JSON.stringify({
    type: 'record', name: 'OrderPlaced', namespace: 'com.acme', fields: [
      { name: 'orderId', type: 'string' },
      { name: 'quantity', type: 'int' },
      { name: 'tags', type: { type: 'array', items: 'string' } },
    ],
  }),
  JSON: JSON.stringify({
    $schema: 'http://json-schema.org/draft-07/schema#', title: 'OrderPlaced', type: 'object', additionalProperties: false,
    properties: { orderId: { type: 'string' }, quantity: { type: 'integer' }, tags: { type: 'array', items: { type: 'string' } } },
    required: ['orderId', 'quantity'],
  }),
  PROTOBUF: [
    'syntax = "proto3";', 'package com.acme;', '', 'message OrderPlaced {',
    '  string orderId = 1;', '  int32 quantity = 2;', '  repeated string tags = 3;', '}', '',
  ].join('\n'),
};

/** Confluent's Protobuf serde takes generated classes: the same message as a generator would describe it. */
function orderPlaced() {
  const label = wkt.FieldDescriptorProto_Label;
  const type = wkt.FieldDescriptorProto_Type;
  const field = (name, number, kind, many) => bufbuild.create(wkt.FieldDescriptorProtoSchema, {
    name, number, type: kind, label: many ? label.REPEATED : label.OPTIONAL, jsonName: name,
  });
  const file = bufbuild.create(wkt.FileDescriptorProtoSchema, {
    name: 'order_placed.proto', package: 'com.acme', syntax: 'proto3',
    messageType: [bufbuild.create(wkt.DescriptorProtoSchema, {
      name: 'OrderPlaced',
      field: [field('orderId', 1, type.STRING), field('quantity', 2, type.INT32), field('tags', 3, type.STRING, true)],
    })],
  });
  return bufbuild.createFileRegistry(file, () => undefined).getMessage('com.acme.OrderPlaced');
}

function confluentClient(url) {
  return confluent.SchemaRegistryClient.newClient({ baseURLs: [url], cacheCapacity: 100, cacheLatestTtlSecs: 60 });
}

function serializer(client, format, registry) {
  const known = { useLatestVersion: true };
  switch (format) {
    case 'AVRO': return new confluent.AvroSerializer(client, confluent.SerdeType.VALUE, known);
    case 'JSON': return new confluent.JsonSerializer(client, confluent.SerdeType.VALUE, { ...known, validate: true });
    default: {
      const messages = bufbuild.createMutableRegistry(registry);
      return new confluent.ProtobufSerializer(client, confluent.SerdeType.VALUE, { autoRegisterSchemas: true, registry: messages });
    }
  }
}

function deserializer(client, format) {
  switch (format) {
    case 'AVRO': return new confluent.AvroDeserializer(client, confluent.SerdeType.VALUE, {});
    case 'JSON': return new confluent.JsonDeserializer(client, confluent.SerdeType.VALUE, { validate: true });
    default: return new confluent.ProtobufDeserializer(client, confluent.SerdeType.VALUE, {});
  }
}

const plain = value => ({ orderId: value.orderId, quantity: value.quantity, tags: [...value.tags] });

const commands = {
  async confluent(url, format, topic) {
    const client = confluentClient(url);
    const message = format === 'PROTOBUF' ? orderPlaced() : null;
    if (!message) {
      await client.register(`${topic}-value`, { schemaType: format, schema: texts[format] });
    }
    const value = message ? bufbuild.create(message, sample) : sample;
    const bytes = await serializer(client, format, message).serialize(topic, value);
    const latest = await client.getLatestSchemaMetadata(`${topic}-value`);
    const read = plain(await deserializer(client, format).deserialize(topic, bytes));
    return { id: latest.id, version: latest.version, hex: bytes.toString('hex'), read };
  },

  async kafkajs(url, format, topic) {
    const registry = new SchemaRegistry({ host: url });
    const { id } = await registry.register({ type: SchemaType[format], schema: texts[format] }, { subject: `${topic}-value` });
    const bytes = await registry.encode(id, sample);
    return { id, latest: await registry.getLatestSchemaId(`${topic}-value`), hex: bytes.toString('hex'), read: plain(await registry.decode(bytes)) };
  },

  async 'read-confluent'(url, format, topic, hex) {
    return { read: await deserializer(confluentClient(url), format).deserialize(topic, Buffer.from(hex, 'hex')) };
  },

  async 'read-kafkajs'(url, format, topic, hex) {
    return { read: await new SchemaRegistry({ host: url }).decode(Buffer.from(hex, 'hex')) };
  },

  async administer(url, topic) {
    const client = confluentClient(url);
    const subject = `${topic}-value`;
    const first = { schemaType: 'AVRO', schema: texts.AVRO };
    const wider = JSON.parse(texts.AVRO);
    wider.fields.push({ name: 'note', type: ['null', 'string'], default: null });
    const narrower = JSON.parse(texts.AVRO);
    narrower.fields.push({ name: 'required', type: 'string' });
    const registered = await client.registerFullResponse(subject, first);
    const next = { schemaType: 'AVRO', schema: JSON.stringify(wider), metadata: { properties: { owner: 'checkout' } } };
    const result = {
      id: registered.id,
      compatible: await client.testSubjectCompatibility(subject, next),
      incompatible: await client.testCompatibility(subject, 1, { schemaType: 'AVRO', schema: JSON.stringify(narrower) }),
      nextId: await client.register(subject, next),
      versions: await client.getAllVersions(subject),
      version: await client.getVersion(subject, first),
      idAgain: await client.getId(subject, first),
      byId: JSON.parse((await client.getBySubjectAndId(subject, registered.id)).schema).name,
      byGuid: JSON.parse((await client.getByGuid(registered.guid)).schema).name,
      withMetadata: (await client.getLatestWithMetadata(subject, { owner: 'checkout' })).version,
      subjects: (await client.getAllSubjects()).includes(subject),
      level: await client.updateCompatibility(subject, confluent.Compatibility.FULL),
      config: (await client.getConfig(subject)).compatibilityLevel,
      global: await client.getDefaultCompatibility(),
    };
    await client.register(subject, next).then(id => { result.same = id; });
    result.refused = await client.register(subject, { schemaType: 'AVRO', schema: JSON.stringify(narrower) })
      .then(() => 'let in', error => error.errorCode ?? error.code);
    result.deletedVersion = await client.deleteSubjectVersion(subject, 1);
    result.deleted = await client.deleteSubject(subject);
    result.gone = await client.deleteSubject(subject, true);
    return result;
  },

  async associate(url, topic) {
    const client = confluentClient(url);
    const shared = `com.acme.${topic}`;
    const schema = { schemaType: 'AVRO', schema: texts.AVRO };
    const resource = name => ({ resourceName: name, resourceNamespace: 'lkc-1', resourceId: `${name}-id`, resourceType: 'topic' });
    const found = async (name, namespace) =>
      (await client.getAssociationsByResourceName(name, namespace, 'topic', ['value'], null, 0, -1)).map(a => [a.subject, a.lifecycle, a.frozen]);
    const id = await client.register(shared, schema);
    const created = await client.createAssociation({ ...resource(topic), associations: [{ subject: shared, associationType: 'value', lifecycle: 'WEAK' }] });
    const serializer = new confluent.AvroSerializer(client, confluent.SerdeType.VALUE, {
      useLatestVersion: true, autoRegisterSchemas: false, subjectNameStrategyType: confluent.SubjectNameStrategyType.ASSOCIATED,
    });
    const bytes = await serializer.serialize(topic, sample);
    const result = {
      created: created.associations.map(a => [a.subject, a.associationType, a.lifecycle, a.frozen]),
      byName: await found(topic, '-'),
      byNamespace: await found(topic, 'lkc-1'),
      elsewhere: await found(topic, 'lkc-2'),
      written: bytes.readInt32BE(1) === id,
      read: plain(await deserializer(client, 'AVRO').deserialize(topic, bytes)),
    };
    await client.deleteAssociations(`${topic}-id`, 'topic', ['value'], false);
    result.left = await found(topic, '-');
    const owned = `${topic}-owned`;
    const strong = await client.createAssociation({ ...resource(owned), associations: [{ associationType: 'value', schema }] });
    result.strong = strong.associations.map(a => [a.subject, a.lifecycle, a.frozen, a.schema.version]);
    result.frozen = await client.deleteAssociations(`${owned}-id`, 'topic', null, false).then(() => 'gone', error => error.errorCode ?? error.code);
    await client.deleteAssociations(`${owned}-id`, 'topic', null, true);
    result.subjectGone = await client.getAllVersions(`:.lkc-1:${owned}-value`).then(() => 'there', error => error.errorCode ?? error.code);
    return result;
  },
};

const [url, command, ...rest] = process.argv.slice(2);
commands[command](url, ...rest).then(
  result => { console.log(JSON.stringify(result)); process.exit(0); },
  error => { console.error(error); process.exit(1); });
