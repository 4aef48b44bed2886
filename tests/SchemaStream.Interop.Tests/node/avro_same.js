// avsc as the other side. Input, one JSON object a line: {"schema": ..., "hex": "..."} and, where it is given, "value": what
// the bytes should hold. Each payload is read and written again; the value is written too. The last line of output is a
// JSON array with {"again": hex, "written": hex} for each line.
//
// Logical types are not known here: what lies under them is compared. Values in JSON: bytes are {"hex": "..."}, longs
// {"long": "..."}, a branch that has to be named {"branch": name, "value": ...}, a big-decimal {"digits": "..."}.
'use strict';
const avro = require('avsc');

const long = avro.types.LongType.__with({
  fromBuffer: (bytes) => bytes.readBigInt64LE(),
  toBuffer: (value) => { const bytes = Buffer.alloc(8); bytes.writeBigInt64LE(value); return bytes; },
  fromJSON: BigInt,
  toJSON: String,
  isValid: (value) => typeof value === 'bigint',
  compare: (a, b) => (a === b ? 0 : a < b ? -1 : 1),
});

/** The schema without logical types; a long is then the name that the registry of types has another one for. */
function plain(schema) {
  if (Array.isArray(schema)) return schema.map(plain);
  if (typeof schema !== 'object') return schema;
  if (schema.type === 'long' && schema.name === undefined) return 'long';
  const parts = Object.entries(schema).filter(([key]) => !['logicalType', 'precision', 'scale'].includes(key));
  return Object.fromEntries(parts.map(([key, part]) =>
    [key, ['type', 'items', 'values'].includes(key) ? plain(part) : key === 'fields' ? part.map(plain) : part]));
}

const inner = avro.Type.forSchema({ type: 'record', name: 'BigDecimal', fields: [
  { name: 'unscaled', type: 'bytes' }, { name: 'scale', type: 'int' }] });

/**
 * The bytes of a big-decimal, which avsc lacks, by Avro 1.12: all digits as the fewest bytes of a big-endian two's complement,
 * then how many of them are after the point. avsc writes both, as Avro's bytes and int.
 */
function bigDecimal(digits) {
  const whole = BigInt(digits.replace('.', ''));
  let size = 1;
  while (BigInt.asIntN(8 * size, whole) !== whole) size++;
  const hex = BigInt.asUintN(8 * size, whole).toString(16).padStart(2 * size, '0');
  return inner.toBuffer({ unscaled: Buffer.from(hex, 'hex'), scale: (digits.split('.')[1] ?? '').length });
}

/** A value from its JSON, as avsc wants it for a type. */
function real(type, value) {
  switch (type.typeName) {
    case 'record':
      return Object.fromEntries(type.fields.map((field) => [field.name, real(field.type, value[field.name])]));
    case 'array':
      return value.map((item) => real(type.itemsType, item));
    case 'map':
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, real(type.valuesType, item)]));
    case 'union:wrapped':
    case 'union:unwrapped': {
      if (value === null) return null;
      const named = typeof value === 'object' && 'branch' in value;
      const branch = type.types.find((each) => (named ? each.branchName === value.branch : each.typeName !== 'null'));
      const inner = real(branch, named ? value.value : value);
      return type.typeName === 'union:wrapped' ? { [branch.branchName]: inner } : inner;
    }
    case 'long':
    case 'abstract:long':
      return BigInt(value.long);
    case 'bytes':
    case 'fixed':
      return value.digits === undefined ? Buffer.from(value.hex, 'hex') : bigDecimal(value.digits);
    default:
      return value;
  }
}

const results = [];
for (const line of require('fs').readFileSync(0, 'utf8').split('\n').filter((text) => text.length > 0)) {
  const { schema, hex, value } = JSON.parse(line);
  const type = avro.Type.forSchema(plain(schema), { registry: { long } });
  const result = { again: type.toBuffer(type.fromBuffer(Buffer.from(hex, 'hex'))).toString('hex') };
  if (value !== undefined) result.written = type.toBuffer(real(type, value)).toString('hex');
  results.push(result);
}
console.log(JSON.stringify(results));
