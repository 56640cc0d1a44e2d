export { cpuPerThousand, parseStat, secondsOfTree, type ProcessTime } from './cpu.ts';
export { createLatencies, mergeEncoded, percentiles, recordMs, type Percentiles } from './latency.ts';
