import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { IncomingMessage } from 'node:http';
import { Busboy, type BusboyHeaders } from '@fastify/busboy';
import { IMAGE_BYTES_MAX } from '@parley/domain';
import { HttpProblem } from '@parley/http-server';

const FIELDS_MAX = 8;
const FIELD_BYTES_MAX = 64 * 1024;
/** Room for the fields and what stands between the parts. */
const FORM_BYTES_MAX = IMAGE_BYTES_MAX + 2 * FIELD_BYTES_MAX;

/** A file of a form, on disk: never more of it in memory than a piece. */
export type FormFile = { path: string; bytes: number; sha256: string; contentType: string };
export type Form = { fields: Record<string, string>; file: FormFile | undefined };

/**
 * Reads a multipart/form-data request whose one file, if it has one, is named `image`.
 * @param folder where the file is put
 * @throws HttpProblem payload_too_large, invalid_request
 */
export async function receiveForm(request: IncomingMessage, folder: string): Promise<Form> {
  if (Number(request.headers['content-length'] ?? 0) > FORM_BYTES_MAX) throw tooLarge();
  const fields: Record<string, string> = {};
  const files: Promise<FormFile>[] = [];
  const parser = createParser(request.headers as BusboyHeaders);
  let refusal: HttpProblem | undefined;
  const refuse = (problem: HttpProblem) => {
    refusal ??= problem;
  };

  parser.on('field', (name, value, nameCut, valueCut) => {
    if (nameCut || valueCut) refuse(tooLarge());
    else if (Object.hasOwn(fields, name)) refuse(malformed(name, 'is given twice'));
    else fields[name] = value;
  });
  parser.on('file', (name, stream, _filename, _encoding, contentType) => {
    if (name !== 'image') {
      refuse(malformed(name, 'is no field of a message'));
      stream.resume();
      return;
    }
    const saving = saveFile(stream, join(folder, 'raw'), contentType);
    // It is awaited below, when the whole form is there.
    saving.catch(() => undefined);
    files.push(saving);
  });
  for (const limit of ['filesLimit', 'fieldsLimit', 'partsLimit'] as const) {
    parser.on(limit, () => refuse(malformed('', 'the form has too many parts')));
  }
  try {
    // Not ended with the parser: what still comes is read and dropped, so that the answer gets through.
    await pipeline(request.iterator({ destroyOnReturn: false }), limitForm(), parser);
  } catch (error) {
    request.on('data', () => undefined).resume();
    if (error instanceof HttpProblem) throw error;
    throw new HttpProblem('invalid_request', 'The form could not be read.');
  }
  if (refusal) throw refusal;
  const [file] = await Promise.all(files);
  return { fields, file };
}

function createParser(headers: BusboyHeaders) {
  try {
    return new Busboy({
      headers,
      limits: {
        fields: FIELDS_MAX,
        fieldSize: FIELD_BYTES_MAX,
        files: 1,
        fileSize: IMAGE_BYTES_MAX,
        parts: FIELDS_MAX + 1,
        headerPairs: 20,
        headerSize: 4_096,
      },
    });
  } catch {
    throw new HttpProblem('invalid_request', 'The form could not be read.');
  }
}

async function saveFile(stream: Readable & { truncated: boolean }, path: string, contentType: string) {
  const hash = createHash('sha256');
  let bytes = 0;
  stream.on('data', (piece: Buffer) => {
    hash.update(piece);
    bytes += piece.length;
  });
  await pipeline(stream, createWriteStream(path));
  if (stream.truncated) throw tooLarge();
  return { path, bytes, sha256: hash.digest('hex'), contentType };
}

function limitForm(): PassThrough {
  let bytes = 0;
  return new PassThrough({
    transform: (piece: Buffer, _encoding, done) => {
      bytes += piece.length;
      if (bytes > FORM_BYTES_MAX) done(tooLarge());
      else done(null, piece);
    },
  });
}

const tooLarge = () => new HttpProblem('payload_too_large', 'A picture has at most 10 MiB.');
const malformed = (path: string, message: string) =>
  new HttpProblem('invalid_request', 'The request is not valid.', { errors: [{ path, message }] });
