export type CrowdCommand = {
  /** Connections are spread over these. */
  urls: string[];
  /** One connection each, in this order. */
  tokens: string[];
  /** How many may be connecting at a time. */
  atOnce: number;
};

export type CrowdReport =
  /** `readyMs`: from asking to `ready`, of each, as a compressed HDR histogram in base64; `lastMs`: until all were. */
  { type: 'ready'; readyMs: string; lastMs: number; failed: number } | { type: 'failed'; reason: string };
