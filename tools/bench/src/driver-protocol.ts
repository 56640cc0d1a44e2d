export type Player = { userId: string; token: string };

/** Two people and their chat. */
export type PairPlan = { chatId: string; players: [Player, Player] };

export type DriverCommand =
  /** The two of a pair connect to two of the gateways, where there are several. `everyMs`: the pace of a pair, for an open loop. */
  | { type: 'connect'; urls: string[]; pairs: PairPlan[]; bodyBytes: number; everyMs: number | undefined }
  /** Begin to play. */
  | { type: 'play' }
  /** What arrives from now on counts. */
  | { type: 'measure' }
  /** Nothing more counts; finish what is in flight. */
  | { type: 'stop' };

export type DriverResult = {
  /** Messages that were pushed to the other member while it counted. */
  deliveries: number;
  /** All messages of the whole run: acknowledged; pushed to the other; acknowledged but never pushed; pushed again. */
  acknowledged: number;
  pushed: number;
  lost: number;
  doubled: number;
  /** Receipts that came back to the sender while it counted. */
  receipts: number;
  /** Turns that took over five seconds; in an open loop messages that were never acknowledged. */
  stalls: number;
  /** Refusals by their code. */
  errors: Record<string, number>;
  /** From sending to the push at the other, and to the acknowledgement: compressed HDR histograms in base64. */
  latencies: string;
  ackLatencies: string;
  /** The highest acknowledged `seq` of each chat. */
  heads: Record<string, number>;
};

export type DriverReport =
  | { type: 'connected' }
  | { type: 'stopped'; result: DriverResult }
  | { type: 'failed'; reason: string };
