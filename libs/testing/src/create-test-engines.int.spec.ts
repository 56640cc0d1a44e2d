import { CreateBucketCommand, ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { connect } from 'amqplib';
import { MongoClient } from 'mongodb';
import { createClient } from 'redis';
import { describe, expect, it } from 'vitest';
import { createTestEngines } from './create-test-engines.ts';

describe('createTestEngines', () => {
  it('drops its bucket with all that is in it, and no other', async () => {
    const [a, b, c] = await Promise.all([1, 2, 3].map(() => createTestEngines({ s3: true })));
    const { accessKey: accessKeyId, secretKey: secretAccessKey, ...s3 } = a!.s3;
    const client = new S3Client({ ...s3, credentials: { accessKeyId, secretAccessKey }, forcePathStyle: true });
    for (const { s3: own } of [a!, b!]) {
      await client.send(new CreateBucketCommand({ Bucket: own.bucket }));
      await client.send(new PutObjectCommand({ Bucket: own.bucket, Key: 'k', Body: 'x' }));
    }
    await Promise.all([a!.dispose(), c!.dispose()]);
    const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
    const names = Buckets.map(({ Name }) => Name);
    expect([a!, b!].map((engines) => names.includes(engines.s3.bucket))).toEqual([false, true]);
    await b!.dispose();
    client.destroy();
  });

  it('gives each spec a virtual host of its own, and drops it', async () => {
    const [a, b] = await Promise.all([createTestEngines({ rabbit: true }), createTestEngines({ rabbit: true })]);
    const [inA, inB] = await Promise.all([connect(a.rabbitUrl), connect(b.rabbitUrl)]);
    const channel = await inA.createChannel();
    await channel.assertQueue('only-in-a');
    const other = await inB.createChannel();
    other.on('error', () => undefined);
    await expect(other.checkQueue('only-in-a')).rejects.toThrow(/NOT_FOUND/);
    await Promise.all([inA.close(), inB.close()]);

    await Promise.all([a.dispose(), b.dispose()]);
    await expect(connect(a.rabbitUrl)).rejects.toThrow();
  });

  it('drops the keys of its prefix and no others', async () => {
    const [a, b] = await Promise.all([createTestEngines({ redis: true }), createTestEngines({ redis: true })]);
    const client = createClient({ url: a.redisUrl });
    await client.connect();
    await client.set(`${a.redisKeyPrefix}k`, '1');
    await client.set(`${b.redisKeyPrefix}k`, '2');
    await a.dispose();
    expect(await client.get(`${a.redisKeyPrefix}k`)).toBeNull();
    expect(await client.get(`${b.redisKeyPrefix}k`)).toBe('2');
    await b.dispose();
    expect(await client.get(`${b.redisKeyPrefix}k`)).toBeNull();
    await client.close();
  });

  it('drops its databases and no others', async () => {
    const [a, b] = await Promise.all([createTestEngines({ mongo: true }), createTestEngines({ mongo: true })]);
    const client = new MongoClient(a.mongoUri);
    const insert = (database: string) => client.db(database).collection('things').insertOne({ n: 1 });
    await Promise.all([insert(a.database), insert(`${a.database}_more`), insert(b.database)]);
    await a.dispose();
    expect(await client.db(a.database).collection('things').countDocuments()).toBe(0);
    expect(await client.db(`${a.database}_more`).collection('things').countDocuments()).toBe(0);
    expect(await client.db(b.database).collection('things').countDocuments()).toBe(1);
    await b.dispose();
    await client.close();
  });
});
