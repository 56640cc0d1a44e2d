import { S3Error } from '../errors.ts';
import { checkKey } from '../request.ts';
import { childrenOf, element, malformed, parseXml, textOf, xmlDocument } from '../xml.ts';
import { readDocument, readNothing, xmlReply } from './operation.ts';
import type { Operation } from './operation.ts';

const AT_ONCE_MAX = 1000;

export const DELETE_OBJECT: Operation = {
  name: 'DeleteObject',
  method: 'DELETE',
  on: 'object',
  async run(call) {
    await readNothing(call);
    await call.bucket().delete([call.key]);
    return { status: 204 };
  },
};

export const DELETE_OBJECTS: Operation = {
  name: 'DeleteObjects',
  method: 'POST',
  on: 'bucket',
  selector: 'delete',
  async run(call) {
    const root = parseXml(await readDocument(call));
    const entries = childrenOf(root, 'Object');
    if (root.name !== 'Delete' || entries.length === 0 || entries.length > AT_ONCE_MAX) throw malformed();
    const isQuiet = textOf(root, 'Quiet') === 'true';
    const deleted: string[] = [];
    const results: string[] = [];
    for (const entry of entries) {
      const key = textOf(entry, 'Key');
      if (key === undefined) throw malformed();
      const refusal = entry.children.length > 1 ? onlyKeys : refusalOf(key);
      const named = [element('Key', key)];
      if (refusal)
        results.push(element('Error', [...named, element('Code', refusal.code), element('Message', refusal.message)]));
      else {
        deleted.push(key);
        if (!isQuiet) results.push(element('Deleted', named));
      }
    }
    await call.bucket().delete(deleted);
    return xmlReply(xmlDocument('DeleteResult', results));
  },
};

const onlyKeys = new S3Error('NotImplemented', 'embedded-s3 does not implement deletion by more than the key');

function refusalOf(key: string): S3Error | undefined {
  try {
    checkKey(key);
    return undefined;
  } catch (error) {
    if (error instanceof S3Error) return error;
    throw error;
  }
}
