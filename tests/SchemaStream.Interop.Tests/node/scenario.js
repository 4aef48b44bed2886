// What the scenario files of all Node clients share: how they are called, and how they wait.
'use strict';

const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

/** Asks again until it holds; fails with what was waited for. */
async function waitUntil(holds, what, seconds = 45) {
  const deadline = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > deadline) {
      throw new Error(`in ${seconds} s it did not come to this: ${JSON.stringify(await what())}`);
    }
    await pause(20);
  }
}

/** node FILE SCENARIO BOOTSTRAP TOPIC: the last line of output is the outcome. */
async function main(scenarios) {
  const [name, bootstrap, topic] = process.argv.slice(2);
  const [base, ...option] = name.split('-');
  try {
    const outcome = await scenarios[base](bootstrap, topic, option.join('-'));
    console.log(JSON.stringify(outcome));
    process.exit(0);
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
}

module.exports = { main, pause, waitUntil };
