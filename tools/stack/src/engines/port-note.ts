import type { PortReservation } from '../ports.ts';

/** Says that the usual port was busy and another one is used. */
export function portNote({ port, wanted }: Pick<PortReservation, 'port' | 'wanted'>): string {
  return wanted === undefined || wanted === port ? '' : ` (${wanted} is busy)`;
}
