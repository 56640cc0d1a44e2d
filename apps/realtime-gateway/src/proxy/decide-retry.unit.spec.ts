import { describe, expect, it } from 'vitest';
import { clientAddress } from './client-address.ts';
import { decideRetry } from './decide-retry.ts';

describe('decideRetry', () => {
  it('sends anything again that was refused, because it was never sent', () => {
    expect(decideRetry({ isRepeatable: false, errorCode: 'ECONNREFUSED', failures: 1 })).toBe(100);
    expect(decideRetry({ isRepeatable: true, errorCode: 'ECONNREFUSED', failures: 3 })).toBe(800);
  });

  it('sends only what may be repeated again after a cut connection, and nothing after an answer that took too long', () => {
    expect(decideRetry({ isRepeatable: true, errorCode: 'ECONNRESET', failures: 2 })).toBe(300);
    expect(decideRetry({ isRepeatable: false, errorCode: 'ECONNRESET', failures: 1 })).toBeUndefined();
    expect(decideRetry({ isRepeatable: true, errorCode: 'ETIMEDOUT', failures: 1 })).toBeUndefined();
  });

  it('gives up in the end, and at once on any other error', () => {
    expect(decideRetry({ isRepeatable: false, errorCode: 'ECONNREFUSED', failures: 4 })).toBeUndefined();
    expect(decideRetry({ isRepeatable: false, errorCode: 'ENOTFOUND', failures: 1 })).toBeUndefined();
    expect(decideRetry({ isRepeatable: false, errorCode: undefined, failures: 1 })).toBeUndefined();
  });
});

describe('clientAddress', () => {
  const from = (forwardedFor: string | undefined, trustedHops: number) =>
    clientAddress({ forwardedFor, remoteAddress: '10.0.0.1', trustedHops });

  it('believes nobody where no proxy stands before the gateway', () => {
    expect(from('1.1.1.1', 0)).toBe('10.0.0.1');
    expect(from(undefined, 0)).toBe('10.0.0.1');
  });

  it('believes what its own load balancer added, not what the client claimed before', () => {
    expect(from('6.6.6.6, 203.0.113.7', 1)).toBe('203.0.113.7');
    expect(from('6.6.6.6, 203.0.113.7, 172.16.0.2', 2)).toBe('203.0.113.7');
    expect(from('203.0.113.7', 2)).toBe('203.0.113.7');
  });
});
