// Reads one pair of schemas a line, {edition, old, new, data: [..]}, and says for each how many of the data are valid
// under the old schema, and which of those are not under the new: {valid, broken: [..]}.
'use strict';
const readline = require('node:readline');

const editions = {
  Draft4: () => require('ajv-draft-04').default,
  Draft6: () => require('ajv').default,
  Draft7: () => require('ajv').default,
  Draft201909: () => require('ajv/dist/2019').default,
  Draft202012: () => require('ajv/dist/2020').default,
};

// Defaults are filled in, for a required property with a default may be added: who reads fills it in.
const options = {
  strict: false, validateSchema: false, validateFormats: false, useDefaults: true, addUsedSchema: false, logger: false,
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

const copy = (value) => JSON.parse(JSON.stringify(value));

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const pair = JSON.parse(line);
  try {
    const before = compile(pair.edition, pair.old);
    const valid = pair.data.filter((value) => before(copy(value)));
    const after = valid.length > 0 ? compile(pair.edition, pair.new) : () => true;
    const broken = valid.filter((value) => !after(copy(value)));
    process.stdout.write(JSON.stringify({ valid: valid.length, broken }) + '\n');
  } catch (error) {
    process.stdout.write(JSON.stringify({ valid: 0, broken: [], error: String(error) }) + '\n');
  }
});
