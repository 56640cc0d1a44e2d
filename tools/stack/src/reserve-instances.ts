import { GATEWAY_HEALTH_PORT } from './apps.ts';
import type { AppName, Instance, InstanceUrls } from './apps.ts';
import { reservePort, type PortReservation } from './ports.ts';

/** The ports of one process: where it serves and, used by a gateway only, where it tells its health. */
type Reserved = { serving: PortReservation; health: PortReservation };

/** Reserves the ports of all processes. The first of an app takes the preferred port, the others any. */
export async function reserveInstances(
  instances: readonly Instance[],
  wanted: Partial<Record<AppName, number>> = {},
): Promise<{ urls: Record<string, InstanceUrls>; get(name: string): Reserved }> {
  const reserved = new Map<string, Reserved>();
  const urls: Record<string, InstanceUrls> = {};
  for (const { app, name, index } of instances) {
    const first = index === 0 ? wanted[app] : undefined;
    const serving = await reservePort(first);
    const isGateway = app === 'realtime-gateway';
    const health = isGateway ? await reservePort(first === undefined ? undefined : GATEWAY_HEALTH_PORT) : serving;
    reserved.set(name, { serving, health });
    urls[name] = { url: `http://127.0.0.1:${serving.port}`, health: `http://127.0.0.1:${health.port}` };
  }
  return {
    urls,
    get: (name) => {
      const one = reserved.get(name);
      if (!one) throw new Error(`no port was reserved for ${name}`);
      return one;
    },
  };
}
