import { fork, type ChildProcess } from 'node:child_process';
import type { Logger } from '@parley/service-kit';
import type { RenderJob, RenderResult } from './render-image.ts';
import type { SquareJob, SquareResult } from './render-square.ts';

export type ImageRenderer = {
  /**
   * Renders a picture, once those asked for before are done.
   * @throws RendererAway when nothing can be said of the picture: trying again may succeed
   */
  render(job: RenderJob): Promise<RenderResult>;
  /** Makes an avatar of a picture, likewise. */
  renderSquare(job: SquareJob): Promise<SquareResult>;
  close(): void;
};

/** Nothing can be said of the picture. */
export class RendererAway extends Error {
  override readonly name = 'RendererAway';
  /** The worker died while it was at this picture: by chance, or because of it. */
  readonly isCrash: boolean;

  constructor(reason: string, isCrash: boolean) {
    super(reason);
    this.isCrash = isCrash;
  }
}

type Rejected = { kind: 'rejected'; reason: string };
type Reply<R> = { id: number; result: R | { kind: 'failed'; reason: string }; isSpent: boolean };

const JOB_MS_MAX = 45_000;
/** As source or bundled, the worker stands beside the program. */
const isSource = import.meta.url.endsWith('.ts');
const WORKER = new URL(isSource ? '../../image-worker.ts' : './image-worker.js', import.meta.url);
const EXEC_ARGV = isSource ? ['--conditions=@parley/source', '--import', 'tsx'] : ['--enable-source-maps'];

/**
 * Renders in a process of its own (image-worker.ts), started when there is something to do and ended when there isn't. It gets
 * nothing of our environment: no address, no key. One that hangs is killed, and one that dies takes one picture's answer with it.
 */
export function createImageRenderer(o: { logger: Logger; jobMsMax?: number; worker?: URL }): ImageRenderer {
  const { logger, jobMsMax = JOB_MS_MAX } = o;
  let child: ChildProcess | undefined;
  let tail: Promise<unknown> = Promise.resolve();
  let nextId = 1;
  let isClosed = false;

  const worker = (): ChildProcess => {
    if (child?.connected) return child;
    const started = fork(o.worker ?? WORKER, { execArgv: EXEC_ARGV, env: { MALLOC_ARENA_MAX: '2' }, stdio: 'ignore' });
    started.once('exit', () => {
      if (child === started) child = undefined;
    });
    child = started;
    return started;
  };

  const run = <R extends RenderResult | SquareResult>(job: RenderJob | SquareJob): Promise<R | Rejected> =>
    new Promise((resolve, reject) => {
      if (isClosed) throw new RendererAway('the service ends', false);
      const id = nextId;
      nextId += 1;
      const at = worker();
      const away = (reason: string, isCrash = false) => {
        logger.warn({ reason, ...about(job) }, 'a picture was not rendered');
        settle(() => reject(new RendererAway(reason, isCrash)));
      };
      const onExit = (code: number | null, signal: string | null) =>
        away(`the image worker ended: ${signal ?? code}`, code !== 0 && !isClosed);
      const onError = (error: Error) => away(String(error));
      const onMessage = (reply: Reply<R>) => {
        if (reply.id !== id) return;
        if (reply.isSpent && child === at) child = undefined;
        const { result } = reply;
        if (result.kind === 'failed') away(result.reason);
        else settle(() => resolve(result));
      };
      const timer = setTimeout(() => {
        // The next picture is not for one that is about to end.
        if (child === at) child = undefined;
        at.kill('SIGKILL');
        logger.warn(about(job), 'a picture took too long');
        settle(() => resolve({ kind: 'rejected', reason: 'The picture takes too long to be read.' }));
      }, jobMsMax);
      const settle = (finish: () => void) => {
        clearTimeout(timer);
        at.off('exit', onExit).off('error', onError).off('message', onMessage);
        finish();
      };
      at.on('exit', onExit).on('error', onError).on('message', onMessage);
      at.send({ ...job, id }, (error) => {
        if (error) onError(error);
      });
    });

  const inTurn = <R extends RenderResult | SquareResult>(job: RenderJob | SquareJob): Promise<R | Rejected> => {
    const turn = tail.then(() => run<R>(job));
    tail = turn.catch(() => undefined);
    return turn;
  };

  return {
    render: (job) => inTurn<RenderResult>(job),
    renderSquare: (job) => inTurn<SquareResult>(job),
    close: () => {
      isClosed = true;
      child?.kill('SIGKILL');
    },
  };
}

const about = (job: RenderJob | SquareJob) =>
  'contentType' in job ? { contentType: job.contentType } : { avatar: true };
