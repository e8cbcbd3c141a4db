// Drives @stoqey/ib as orders on standard input say; see speech.py for the words.
// Its first argument is the folder that the package was installed in.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { join } from "node:path";

const require = createRequire(join(process.argv[2], "package.json"));
const { IBApi, ScanCode } = require("@stoqey/ib");

const LIBRARY_CODES = [501, 599]; // made by the client, not by the gateway
const UNTIED = -1;
const lines = new Map();

const say = (line, name, ...args) =>
  process.stdout.write(`${JSON.stringify({ line, name, args })}\n`);

function heard(line, name, args) {
  if (name === "info") {
    const [text, code] = args; // a message 4 that belongs to no request
    say(line, "error", UNTIED, code, text);
  } else if (name === "historicalData") {
    const [reqId, date, open, high, low, close, volume, barCount, wap] = args;
    if (String(date).startsWith("finished")) say(line, "historicalDataEnd", reqId);
    else say(line, name, reqId, { date, open, high, low, close, volume, barCount, wap });
  } else if (name === "historicalDataUpdate") {
    const [reqId, date, open, high, low, close, volume, barCount, wap] = args;
    say(line, name, reqId, { date, open, high, low, close, volume, barCount, wap });
  } else if (name.startsWith("accountUpdateMulti")) {
    const [reqId, ...rest] = args; // this one comes as text
    say(line, name, Number(reqId), ...rest);
  } else if (name !== "connectionClosed") {
    say(line, name, ...args);
  }
}

function connect(line, [port, clientId]) {
  const ib = new IBApi({ host: "127.0.0.1", port, maxReqPerSec: 10000 });
  lines.set(line, ib);
  ib.on("server", (version) => say(line, "opened", version));
  ib.on("disconnected", () => say(line, "closed"));
  ib.on("result", (name, args) => heard(line, name, args));
  ib.on("error", (error, code, reqId) => {
    const ours = code >= LIBRARY_CODES[0] && code <= LIBRARY_CODES[1];
    if (ours) say(line, "broken", `${code} ${error.message}`);
    else say(line, "error", reqId, code, error.message);
  });
  ib.connect(clientId);
}

const RENAMED = { reqHeadTimeStamp: "reqHeadTimestamp", cancelHeadTimeStamp: "cancelHeadTimestamp" };

function plain(word) {
  if (word?.scanCode && ScanCode) return { ...word, scanCode: ScanCode[word.scanCode] };
  return word;
}

createInterface({ input: process.stdin }).on("line", (text) => {
  const { line, do: deed, with: words } = JSON.parse(text);
  if (deed === "connect") connect(line, words);
  else {
    const ib = lines.get(line);
    ib[RENAMED[deed] ?? deed](...words.map(plain));
  }
}).on("close", () => process.exit(0));

process.on("uncaughtException", (error) => say("", "broken", error.stack));
