/** What a line of the screen is about. */
export type Group = 'engine' | 'build' | 'app';

export type ServiceState = 'waiting' | 'starting' | 'ready' | 'restarting' | 'stopped' | 'failed';

export type StackEvent =
  | { type: 'state'; group: Group; name: string; state: ServiceState; detail?: string }
  | { type: 'note'; text: string };

export type StackListener = (event: StackEvent) => void;
