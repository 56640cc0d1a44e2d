import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ERROR_STATUS, type ErrorCode, type Problem } from '@parley/contracts';
import type { UploadId, UserId } from '@parley/domain';

export type ChatApiStandIn = {
  url: string;
  /** What an upload answers that is not simply its owner's: a code of refusal. */
  refuse(uploadId: UploadId, code: ErrorCode): void;
  /** `METHOD uploadId as userId` since the last call, in order. */
  takeAsked(): string[];
  /** Runs before a claim is answered. */
  onClaim(act: (() => Promise<void>) | undefined): void;
  /** Answers with this body and status 500 instead, or not at all. */
  break(how: 'nonsense' | 'silence' | undefined): void;
  close(): Promise<void>;
};

/** The edge of chat-api that user-api sees: claims of uploads. Apps may not import apps, so not chat-api itself. */
export async function chatApiStandIn(): Promise<ChatApiStandIn> {
  const refusals = new Map<string, ErrorCode>();
  const asked: string[] = [];
  let broken: 'nonsense' | 'silence' | undefined;
  let before: (() => Promise<void>) | undefined;
  const server = createServer((req, res) => {
    const uploadId = req.url?.split('/').at(-1) ?? '';
    asked.push(`${req.method} ${uploadId} as ${subjectOf(req.headers.authorization)}`);
    if (broken === 'silence') return void req.socket.destroy();
    const send = (status: number, body?: unknown): void =>
      void res.writeHead(status, { 'content-type': 'application/json' }).end(body && JSON.stringify(body));
    if (broken === 'nonsense' || !req.url?.startsWith('/internal/avatars/')) return send(500, '<html>');
    const code = refusals.get(uploadId);
    if (code) return send(ERROR_STATUS[code], problemOf(code));
    if (req.method === 'DELETE') return send(204);
    const claimed = () => send(200, { avatar: { uploadId, key: `avatar/${uploadId}` } });
    void (before?.() ?? Promise.resolve()).then(claimed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refuse: (uploadId, code) => void refusals.set(uploadId, code),
    takeAsked: () => asked.splice(0),
    onClaim: (act) => {
      before = act;
    },
    break: (how) => {
      broken = how;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const problemOf = (code: ErrorCode): Problem => ({
  ...{ type: `urn:parley:problem:${code}`, title: code, status: ERROR_STATUS[code], code },
  ...{ detail: `chat-api says ${code}`, requestId: 'r' },
});

function subjectOf(authorization = ''): UserId | undefined {
  const claims = authorization.split('.')[1];
  return claims === undefined
    ? undefined
    : (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sub: UserId }).sub;
}
