import { randomUUID } from 'node:crypto';
import type { PictureFile } from '../support/picture.ts';
import type { Answer } from './person.ts';

export type FormFile = Pick<PictureFile, 'mimeType' | 'buffer'>;

/** `POST /chat/message` as curl and bots send it: a form with the file in it. Without a token: nobody's. */
export async function sendForm(
  api: string,
  token: string | undefined,
  fields: Record<string, string>,
  file: FormFile,
): Promise<Answer> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ clientMessageId: randomUUID(), ...fields })) form.set(name, value);
  form.set('image', new Blob([new Uint8Array(file.buffer)], { type: file.mimeType }), 'picture');
  const response = await fetch(`${api}/api/v1/chat/message`, {
    method: 'POST',
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    body: form,
    signal: AbortSignal.timeout(30_000),
  });
  return {
    status: response.status,
    body: (await response.json()) as Record<string, unknown>,
    headers: response.headers,
  };
}
