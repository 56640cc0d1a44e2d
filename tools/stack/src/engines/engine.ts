import type { StackEnv } from '../env.ts';
import type { StackListener } from '../events.ts';
import type { ProgramSpec } from '../supervised.ts';

export type EngineName = 'mongodb' | 'redis' | 'rabbitmq' | 's3';

/** Where an engine is, and the programs that have to run for it: none where it runs already. */
export type Engine = {
  name: EngineName;
  url: string;
  /** RabbitMQ only: base URL of its management API, where it has one. */
  managementUrl?: string;
  /** S3 only: its bucket and login, as apps get them beside the URL. */
  env?: Record<string, string>;
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
  /** RabbitMQ and S3 with the logins that services use by default, so that one started by hand needs no setting. */
  defaultLogins: boolean;
  /** Resolves when the bundles of the embedded engines are built; undefined to run them from their sources. */
  bundled: Promise<void> | undefined;
};
