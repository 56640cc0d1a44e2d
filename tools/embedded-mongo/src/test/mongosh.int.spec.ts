import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestEngine } from './engine.fixture.ts';
import { startTestEngine, temporaryFolder } from './engine.fixture.ts';

const MONGOSH = join(dirname(createRequire(import.meta.url).resolve('mongosh/package.json')), 'bin', 'mongosh.js');

/** What somebody types, and what the shell has to show for it. */
const SESSION: [typed: string, shown: RegExp][] = [
  ['db.people.insertOne({_id: 1, name: "anna", age: 30, tags: ["x"]})', /insertedId: 1/],
  ['db.people.insertMany(Array.from({length: 44}, (_, i) => ({_id: i + 2, name: "n" + i, age: i % 9})))', /acknowledged: true/],
  ['show dbs', /shell +[\d.]+ \w+/],
  ['show collections', /^people$/],
  ['db.people.find({}, {_id: 1})', /_id: 20 }\s*\]\s*Type "it" for more/],
  ['it', /_id: 21 }[\s\S]*_id: 40 }[\s\S]*Type "it" for more/],
  ['it', /_id: 45 }\s*\]$/],
  ['db.people.createIndex({age: 1})', /^age_1$/],
  ['db.people.getIndexes()', /key: { age: 1 }, name: 'age_1'/],
  ['db.people.find({age: 3}).explain("executionStats").queryPlanner.winningPlan.inputStage.stage', /^IXSCAN$/],
  ['db.people.explain("executionStats").count({age: 3}).executionStats.totalDocsExamined', /^0$/],
  ['db.people.explain("executionStats").remove({name: "anna"}).executionStats.totalDocsExamined', /^45$/m],
  ['db.people.explain("executionStats").update({age: 3}, {$set: {z: 1}}).executionStats.executionStages.nMatched', /^1$/m],
  ['db.people.explain().aggregate([{$match: {age: 3}}, {$group: {_id: "$age"}}]).stages.length', /^2$/],
  ['db.people.explain().distinct("name", {age: 3}).queryPlanner.winningPlan.inputStage.indexName', /^age_1$/],
  ['db.people.explain().findAndModify({query: {age: 3}, update: {$set: {z: 1}}}).queryPlanner.winningPlan.stage', /^UPDATE$/],
  ['db.people.updateOne({_id: 1}, {$set: {age: 31}, $push: {tags: "y"}})', /matchedCount: 1,\s+modifiedCount: 1/],
  ['db.people.findOneAndUpdate({_id: 2}, {$inc: {age: 1}}, {returnDocument: "after"})', /_id: 2, name: 'n0', age: 1/],
  ['db.people.aggregate([{$group: {_id: null, n: {$sum: 1}, oldest: {$max: "$age"}}}])', /_id: null, n: 45, oldest: 31/],
  ['db.people.deleteMany({age: {$lt: 9}})', /deletedCount: 44/],
  ['db.people.find().toArray()', /_id: 1, name: 'anna', age: 31, tags: \[ 'x', 'y' \]/],
  ['db.people.countDocuments()', /^1$/],
  ['db.people.stats().nindexes', /^2$/],
  ['db.people.validate().valid', /^true$/],
  ['db.people.aggregate([{$indexStats: {}}]).toArray().map(i => i.name).sort()', /\[ '_id_', 'age_1' \]/],
  ['db.stats()', /db: 'shell',\s+collections: Long\('1'\)/],
  ['db.hello()', /isWritablePrimary: true/],
  ['db.serverStatus().version', /^7\./],
  ['db.currentOp()', /inprog: \[\]/],
  ['db.adminCommand({listDatabases: 1}).databases.map(d => d.name)', /'shell'/],
  ['db.adminCommand({getLog: "startupWarnings"}).log.length', /^0$/],
  ['db.hostInfo().system.cpuAddrSize', /^64$/],
  ['db.getProfilingStatus().was', /^0$/],
  ['rs.status()', /MongoServerError\[NoReplicationEnabled\]: not running with --replSet/],
  ['s = db.getMongo().startSession(); s.getDatabase("shell").people.findOne({_id: 1}).age', /^31$/],
  ['s.startTransaction(); s.getDatabase("shell").people.insertOne({_id: 99})', /MongoServerError: This MongoDB deployment does not support retryable writes/],
  ['db.people.watch()', /\$changeStream stage is only supported on replica sets/],
  ['db.people.renameCollection("folk")', /ok: 1/],
  ['db.runCommand({collMod: "folk", index: {keyPattern: {age: 1}, hidden: true}}).hidden_new', /^true$/],
  ['db.folk.dropIndex("age_1")', /nIndexesWas: 2/],
  ['db.createView("v", "folk", [])', /MongoServerError\[NotImplemented\]/],
  ['db.folk.drop()', /^true$/],
  ['show tables', /^$/],
  ['db.dropDatabase()', /dropped: 'shell'|ok: 1/],
]; // prettier-ignore

describe('the real mongosh', () => {
  let engine: TestEngine;
  const home = temporaryFolder();
  beforeAll(async () => void (engine = await startTestEngine()));
  afterAll(async () => {
    await engine.stop();
    home.remove();
  });

  it('connects, looks around and edits', async () => {
    const { shown, code } = await type(
      engine.uri,
      home.path,
      SESSION.map(([typed]) => typed),
    );
    expect(
      SESSION.map(([typed, pattern], i) => ({ typed, shown: shown[i], fits: pattern.test(shown[i] ?? '') })),
    ).toEqual(SESSION.map(([typed], i) => ({ typed, shown: shown[i], fits: true })));
    expect(code).toBe(0);
  }, 60_000);
});

/** Types lines into a shell on the database `shell`; gives what it shows after each. */
async function type(uri: string, home: string, lines: readonly string[]): Promise<{ shown: string[]; code: unknown }> {
  const target = uri.replace('/?', '/shell?');
  const shell = spawn(process.execPath, [MONGOSH, '--quiet', '--norc', target], { env: { HOME: home } });
  let output = '';
  shell.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  shell.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  shell.stdin.end(lines.join('\n') + '\n');
  const [code] = (await once(shell, 'close')) as unknown[];
  const shown = output.split(/^shell> /m).slice(1);
  return { shown: shown.map((text) => text.trim()), code };
}
