import { mapBounded } from '../api.ts';
import type { PairPlan, Player } from '../driver-protocol.ts';
import { measure, type Measured } from '../measure.ts';
import type { EjabberdPrograms } from './find-ejabberd.ts';
import { startEjabberd } from './start-ejabberd.ts';

/** Measures ejabberd with the same number of pairs, the same manner of writing and the same time. */
export async function measureEjabberd(
  programs: EjabberdPrograms,
  o: Omit<Parameters<typeof measure>[0], 'name' | 'urls' | 'pairs' | 'pids' | 'driver'> & { pairs: number },
): Promise<Measured> {
  o.progress('ejabberd: starting');
  const ejabberd = await startEjabberd(programs);
  try {
    const players = await mapBounded([...Array(o.pairs * 2).keys()], 6, async (index): Promise<Player> => {
      const player = { userId: `bench-${index}`, token: 'bench' };
      await ejabberd.register(player.userId, player.token);
      return player;
    });
    const pairs = Array.from({ length: o.pairs }, (_none, at): PairPlan => {
      const [a, b] = players.slice(at * 2, at * 2 + 2) as [Player, Player];
      return { chatId: `${a.userId}:${b.userId}`, players: [a, b] };
    });
    const { url, pids } = ejabberd;
    return await measure({ ...o, name: 'ejabberd', urls: [url], pairs, pids, driver: './ejabberd/driver-main.ts' });
  } finally {
    await ejabberd.stop();
  }
}
