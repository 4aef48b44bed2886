// Runs the page's script against a registry, with as much of a browser as it uses: node page.mjs http://host:port
// Registers a schema through the form of that operation and prints what the page then shows.
class Element {
  constructor(tag) { Object.assign(this, { tag, children: [], listeners: {}, textContent: "", value: "" }); }
  append(...children) { this.children.push(...children); }
  addEventListener(event, listener) { this.listeners[event] = listener; }
  get lastChild() { return this.children.at(-1); }
}

const base = process.argv[2];
const send = fetch;
const known = { about: new Element("p"), operations: new Element("main"), authorization: new Element("input") };
let pending = 0;
globalThis.document = { createElement: tag => new Element(tag), getElementById: id => known[id] };
globalThis.location = new URL(base + "/openapi");
globalThis.fetch = async (url, options) => {
  pending++;
  try { return await send(base + url, options); } finally { setTimeout(() => pending--, 20); }
};

async function settle() {
  do { await new Promise(resolve => setTimeout(resolve, 20)); } while (pending > 0);
}

const page = await (await send(base + "/openapi")).text();
(0, eval)(page.match(/<script>([^]*)<\/script>/)[1]);
await settle();

const text = element => element.textContent + element.children.map(text).join(" ");
const operations = known.operations.children.filter(child => child.tag === "details");
const registering = operations.find(box => text(box).startsWith("POST /subjects/{subject}/versions "));
registering.listeners.toggle();
const form = registering.children[1];
const fields = form.children.filter(child => child.tag === "label").map(label => label.children[0]);
fields[0].value = "a/b";
fields.at(-1).value = JSON.stringify({ schema: "\"int\"" });
form.listeners.submit({ preventDefault() {} });
await settle();
console.log(`${operations.length} operations`);
console.log(text(form.lastChild));
