import type { ErrorCode } from '@parley/contracts';

export type PublishFailure = 'unavailable' | 'blocked' | 'overloaded' | 'unroutable' | 'timeout' | 'refused';

/** An event that the broker did not take over: whoever published still has it. */
export class PublishError extends Error {
  readonly reason: PublishFailure;

  constructor(reason: PublishFailure, detail: string) {
    super(`${reason}: ${detail}`);
    this.name = 'PublishError';
    this.reason = reason;
  }
}

/** A command that was refused, or that nobody could answer (`unavailable`). */
export class RpcError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, detail: string) {
    super(detail);
    this.name = 'RpcError';
    this.code = code;
  }
}
