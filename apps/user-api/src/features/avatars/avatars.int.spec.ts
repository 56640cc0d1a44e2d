import type { UploadId, UserId } from '@parley/domain';
import { createObjectStorage, type ObjectStorage } from '@parley/object-storage';
import { createRpcClient } from '@parley/rabbitmq';
import { createLogger } from '@parley/service-kit';
import { eventually, newClientMessageId } from '@parley/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startUserApi, type UserApiUnderTest } from '../../testing/user-api.spec.ts';

const ME = '/api/v1/users/me';
const newUploadId = () => newClientMessageId() as unknown as UploadId;

describe('avatars', () => {
  let api: UserApiUnderTest;
  let storage: ObjectStorage;
  beforeAll(async () => {
    api = await startUserApi();
    const logger = createLogger({ service: 'spec', level: 'silent' });
    storage = createObjectStorage({ ...api.engines.s3, logger });
    await storage.ensureBucket({ corsOrigins: [] });
  });
  afterEach(() => {
    api.chat.break(undefined);
    api.chat.onClaim(undefined);
    api.chat.takeAsked();
  });
  afterAll(async () => {
    const keys: string[] = [];
    for await (const { key } of storage.list('')) keys.push(key);
    await storage.delete(keys);
    storage.close();
    await api.end();
  });

  const show = (as: UserId, avatarUploadId: UploadId | null) => api.call('PATCH', ME, { as, body: { avatarUploadId } });
  const shownBy = async (id: UserId): Promise<string | null> =>
    (await api.call('GET', ME, { as: id })).json.user.avatarUrl;
  const withAvatar = async (name: string): Promise<{ id: UserId; uploadId: UploadId }> => {
    const [id, uploadId] = [await api.person(name), newUploadId()];
    expect((await show(id, uploadId)).status).toBe(200);
    api.chat.takeAsked();
    return { id, uploadId };
  };

  it('shows an upload of one’s own wherever one’s profile goes, by one URL that an <img> loads', async () => {
    const [ada, bob, cy] = [
      await api.person('ada', 'Ada Lovelace'),
      await api.person('bob'),
      await api.person('cyrus'),
    ];
    const uploadId = newUploadId();
    const picture = Buffer.from('RIFF....WEBP');
    await storage.put({ key: `avatar/${uploadId}`, body: picture, contentType: 'image/webp' });

    const { status, json } = await show(ada, uploadId);
    expect(status).toBe(200);
    expect(api.chat.takeAsked()).toEqual([`PUT ${uploadId} as ${ada}`]);
    const url = json.user.avatarUrl ?? '';
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([200, picture.toString()]);
    expect(answer.headers.get('content-type')).toBe('image/webp');
    expect(answer.headers.get('content-disposition')).toMatch(/^inline; filename="parley-[0-9a-f]{12}-avatar\.webp"/);
    const stripped = new URL(url);
    stripped.search = '';
    expect((await fetch(stripped)).status).toBe(403);
    expect((await fetch(url.replace('/avatar/', '/full/'))).status).toBe(403);

    await api.call('PUT', `/api/v1/users/contacts/${ada}`, { as: bob });
    await api.call('PUT', `/api/v1/users/blocks/${ada}`, { as: bob });
    const seen = await Promise.all([
      shownBy(ada),
      api.call('GET', `/api/v1/users/${ada}`, { as: bob }).then((a) => a.json.user.avatarUrl),
      api.call('GET', `/api/v1/users?ids=${bob},${ada}`, { as: bob }).then((a) => a.json.users[1]?.avatarUrl),
      api.call('GET', '/api/v1/users/contacts', { as: bob }).then((a) => a.json.contacts[0]?.avatarUrl),
      api.call('GET', '/api/v1/users/blocks', { as: bob }).then((a) => a.json.blocks[0]?.avatarUrl),
      api.call('GET', '/api/v1/users/search?q=lovelace', { as: cy }).then((a) => a.json.users[0]?.avatarUrl),
    ]);
    expect(seen).toEqual(seen.map(() => url));
    const event = await eventually(() => {
      const found = api.events.find((one) => one.type === 'user.updated' && one.payload.userId === ada);
      expect(found).toMatchObject({ payload: { avatarUrl: url, privacyChanged: false } });
      return found;
    });
    expect(event?.version).toBe(1);
  });

  it('is good for a quarter of an hour at least, as the URL itself says', async () => {
    const { id } = await withAvatar('cleo');
    const url = new URL((await shownBy(id)) ?? '');
    const signed = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(url.searchParams.get('X-Amz-Date') ?? '') ?? [];
    const [, y, mo, d, h, mi, s] = signed.map(Number) as [number, number, number, number, number, number, number];
    const endsAt = Date.UTC(y, mo - 1, d, h, mi, s) + Number(url.searchParams.get('X-Amz-Expires')) * 1000;
    expect(endsAt - Date.now()).toBeGreaterThan(15 * 60_000 - 5_000);
    expect(endsAt - Date.now()).toBeLessThanOrEqual(75 * 60_000);
  });

  it.each([
    ['upload_not_found', 404],
    ['upload_incomplete', 409],
    ['upload_used', 409],
    ['image_rejected', 422],
  ] as const)('refuses an upload with %s, as chat-api does, and changes nothing', async (code, status) => {
    const { id, uploadId } = await withAvatar(`dora-${code}`.replaceAll('_', '-').slice(0, 20));
    const bad = newUploadId();
    api.chat.refuse(bad, code);
    const answer = await api.call('PATCH', ME, { as: id, body: { avatarUploadId: bad, bio: 'new' } });
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(api.chat.takeAsked()).toEqual([`PUT ${bad} as ${id}`]);
    expect(await api.database.profiles.findOne({ _id: id })).toMatchObject({ avatar: { uploadId }, bio: '' });
  });

  it.each(['nonsense', 'silence'] as const)('answers 503 when chat-api gives %s, for pictures alone', async (how) => {
    const { id, uploadId } = await withAvatar(`eli-${how}`);
    api.chat.break(how);
    for (const change of [newUploadId(), null]) {
      const answer = await show(id, change);
      expect([answer.status, answer.json.code]).toEqual([503, 'unavailable']);
      expect(answer.headers.get('retry-after')).toBe('2');
    }
    expect((await api.call('PATCH', ME, { as: id, body: { bio: 'still here' } })).status).toBe(200);
    expect((await api.call('PATCH', ME, { as: id, body: { avatarUploadId: uploadId } })).status).toBe(200);
    expect(await shownBy(id)).toContain(uploadId);
  });

  it('tells chat-api of the picture before, when another or none takes its place, and of nothing else', async () => {
    const { id, uploadId } = await withAvatar('fay');
    await show(id, uploadId);
    await api.call('PATCH', ME, { as: id, body: { bio: 'hello' } });
    expect(api.chat.takeAsked()).toEqual([]);
    const second = newUploadId();
    await show(id, second);
    expect(api.chat.takeAsked()).toEqual([`PUT ${second} as ${id}`, `DELETE ${uploadId} as ${id}`]);
    expect((await show(id, null)).json.user.avatarUrl).toBeNull();
    expect(api.chat.takeAsked()).toEqual([`DELETE ${second} as ${id}`]);
    expect((await show(id, null)).status).toBe(200);
    expect(api.chat.takeAsked()).toEqual([]);
  });

  it('ends with one of two pictures that two devices choose at once, and has told of every other', async () => {
    const { id, uploadId: before } = await withAvatar('gil');
    const [one, two] = [newUploadId(), newUploadId()];
    let waiting = 2;
    let go: () => void = () => undefined;
    const both = new Promise<void>((resolve) => {
      go = resolve;
    });
    api.chat.onClaim(() => {
      waiting -= 1;
      if (waiting === 0) go();
      return both;
    });
    const answers = await Promise.all([show(id, one), show(id, two)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const profile = await api.database.profiles.findOne({ _id: id });
    const last = profile?.avatar?.uploadId;
    const first = last === one ? two : one;
    expect([one, two]).toContain(last);
    expect(profile?.version).toBe(4);
    const released = api.chat.takeAsked().filter((line) => line.startsWith('DELETE'));
    expect(released).toEqual(expect.arrayContaining([`DELETE ${before} as ${id}`, `DELETE ${first} as ${id}`]));
    expect(released).not.toContain(`DELETE ${last} as ${id}`);
  });

  it('tells chat-api which uploads are shown, each by its own person', async () => {
    const [hal, ida] = [await withAvatar('hal'), await withAvatar('ida')];
    await show(ida.id, null);
    const users = createRpcClient(api.rabbit, { queue: 'user.commands' });
    const avatars = [
      { userId: hal.id, uploadId: hal.uploadId },
      { userId: ida.id, uploadId: ida.uploadId },
      { userId: ida.id, uploadId: hal.uploadId },
      { userId: newUploadId() as unknown as UserId, uploadId: newUploadId() },
    ];
    const answer = await eventually(() => users.call('user.avatarsShown', { avatars }));
    expect(answer).toEqual({ uploadIds: [hal.uploadId] });
    expect(await users.call('user.avatarsShown', { avatars: [] })).toEqual({ uploadIds: [] });
    await users.close();
  });

  it.each([{ avatarUploadId: 'x' }, { avatarUploadId: { $ne: null } }, { avatarUrl: 'https://evil.example/x.png' }])(
    'refuses %j, and anonymous callers',
    async (body) => {
      const id = await api.person(`jo${Math.random().toString(36).slice(2)}`);
      expect((await api.call('PATCH', ME, { as: id, body })).json.code).toBe('invalid_request');
      expect((await api.call('PATCH', ME, { body: { avatarUploadId: newUploadId() } })).status).toBe(401);
      expect(api.chat.takeAsked()).toEqual([]);
    },
  );
});
