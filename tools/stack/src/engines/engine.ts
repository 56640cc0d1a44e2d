import type { StackEnv } from '../env.ts';
import type { StackListener } from '../events.ts';
import type { ProgramSpec } from '../supervised.ts';

export type EngineName = 'mongodb' | 'redis' | 'rabbitmq';

/** Where an engine is, and the programs that have to run for it: none where it runs already. */
export type Engine = {
  name: EngineName;
  url: string;
  /** RabbitMQ only: base URL of its management API, where it has one. */
  managementUrl?: string;
  /** What the screen says of it. */
  detail: string;
  /** In the order in which they start. */
  programs: ProgramSpec[];
};

/** What the finding of an engine may use. */
export type EngineContext = {
  dataDir: string;
  env: StackEnv;
  listen: StackListener;
  /** Preferred port; undefined for any free one. */
  port(name: EngineName): number | undefined;
  /** RabbitMQ with its management API, through which tests make virtual hosts. */
  withManagement: boolean;
  /** RabbitMQ with the login `guest:guest`, so that a service started by hand needs no setting. */
  guestBroker: boolean;
  /** Resolves when the bundle of the embedded engine is built; undefined to run it from its sources. */
  bundled: Promise<void> | undefined;
};
