// Runs the journeys of the peer in the current folder. Arguments name journeys; without any, all run.

import { readdirSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Exchanges, Journey } from './journey.mjs';

const variable = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start this with \`cargo xtask peers\``);
  return value;
};
const load = (path) => import(pathToFileURL(resolve(path)).href);

const report = variable('PEER_REPORT');
const exchanges = new Exchanges();
const { connect } = await load('client.mjs');
const api = connect({
  baseUrl: variable('STREAM_BASE_URL'),
  key: variable('STREAM_API_KEY'),
  secret: variable('STREAM_API_SECRET'),
  exchanges,
});

const all = readdirSync('journeys').filter((file) => file.endsWith('.mjs'));
const names = all.map((file) => basename(file, '.mjs')).sort();
const wanted = process.argv.slice(2);
for (const name of wanted.length ? wanted : names) {
  const journey = new Journey(name, report, exchanges);
  await journey.step('the journey as a whole', async () => {
    const { default: travel } = await load(`journeys/${name}.mjs`);
    await travel(journey, api);
  });
  journey.finish();
}
// A client may keep timers and connections.
process.exit(0);
