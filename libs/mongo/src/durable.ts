import type { WriteConcern } from 'mongodb';

/** Acknowledged only when it is in the journal of a majority: it survives the end of any process and of any one node. */
export const DURABLE = { w: 'majority', journal: true } as const satisfies Partial<WriteConcern>;
