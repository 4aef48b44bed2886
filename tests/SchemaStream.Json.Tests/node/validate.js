// Reads one pair of schemas a line, {edition, old, new, data: [..]}, and says for each how many of the data are valid
// under the old schema, and which of those are not under the new: {valid, broken: [..]}.
//
// A required property with a default may be added: who reads fills it in. So the new schema is asked a second time without
// demanding such properties. Really filling them in would be another question, for a filled-in value is counted, named and
// matched like a given one: {} would have a property under one schema and none under the other.
'use strict';
const readline = require('node:readline');

const editions = {
  Draft4: () => require('ajv-draft-04').default,
  Draft6: () => require('ajv').default,
  Draft7: () => require('ajv').default,
  Draft201909: () => require('ajv/dist/2019').default,
  Draft202012: () => require('ajv/dist/2020').default,
};

const options = {
  strict: false, validateSchema: false, validateFormats: false, addUsedSchema: false, logger: false,
  code: { optimize: false },
};

const validators = {};
let used = 0;

function compile(edition, schema) {
  if (!validators[edition] || ++used % 500 === 0) {
    validators[edition] = new (editions[edition]())(options);
  }
  const ajv = validators[edition];
  const validate = ajv.compile(schema);
  ajv.removeSchema(schema);
  return validate;
}

// The same schema, whose properties with a default need not be there.
function undemanding(schema) {
  if (Array.isArray(schema)) {
    return schema.map(undemanding);
  }
  if (schema === null || typeof schema !== 'object') {
    return schema;
  }
  const result = Object.fromEntries(Object.entries(schema).map(([keyword, value]) => [keyword, undemanding(value)]));
  if (Array.isArray(schema.required)) {
    result.required = schema.required.filter((name) => schema.properties?.[name]?.default === undefined);
    if (result.required.length === 0) {
      delete result.required; // Draft 4 has no empty list here.
    }
  }
  return result;
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const pair = JSON.parse(line);
  try {
    if (pair.schema !== undefined) {
      // One schema alone: the indexes of the data that do not follow it.
      const validate = compile(pair.edition, pair.schema);
      const broken = pair.data.map((value, index) => (validate(value) ? -1 : index)).filter((index) => index >= 0);
      process.stdout.write(JSON.stringify({ valid: pair.data.length - broken.length, broken }) + '\n');
      return;
    }
    const before = compile(pair.edition, pair.old);
    const valid = pair.data.filter((value) => before(value));
    const after = valid.length > 0 ? compile(pair.edition, pair.new) : () => true;
    const suspects = valid.filter((value) => !after(value));
    const filled = suspects.length > 0 ? compile(pair.edition, undemanding(pair.new)) : () => true;
    const broken = suspects.filter((value) => !filled(value));
    process.stdout.write(JSON.stringify({ valid: valid.length, broken }) + '\n');
  } catch (error) {
    process.stdout.write(JSON.stringify({ valid: 0, broken: [], error: String(error) }) + '\n');
  }
});
