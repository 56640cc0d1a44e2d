import { createHash } from 'node:crypto';
import { bodyPreimage, GENESIS_HASH, ledgerPreimage } from '@parley/domain';
import type { ChatHistory } from '../history.ts';
import type { Report } from './report.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Each hash covers the message and the hash before it; the body's hash is that of what was sent. */
export function checkLedger({ stored, attempts }: ChatHistory, report: Report): void {
  const meant = new Map(attempts.map((attempt) => [`${attempt.senderId} ${attempt.clientMessageId}`, attempt]));
  let before = GENESIS_HASH;
  for (const message of stored) {
    const { seq, prevHash, bodyHash, hash, senderId, clientMessageId } = message;
    if (prevHash !== before) report('hashes chain', `seq ${seq} continues ${prevHash}, before it is ${before}`);
    if (hash !== sha256(ledgerPreimage(message))) report('hashes chain', `seq ${seq} has a hash of something else`);
    before = hash;
    const attempt = meant.get(`${senderId} ${clientMessageId}`);
    if (!attempt) report('nothing is invented', `nobody sent ${clientMessageId}, which is seq ${seq}`);
    else if (bodyHash !== sha256(bodyPreimage(attempt))) {
      report('stored as sent', `seq ${seq} has another body than ${JSON.stringify(attempt.text)}`);
    }
  }
}
