/** What is done to a program: SIGKILL, SIGSTOP until the end, SIGTERM. Killed and ended ones are started again. */
export const PROGRAM_FAULTS = ['kill', 'pause', 'end'] as const;
/** What is done to a link between two parts. */
export const LINK_FAULTS = ['cut', 'stall'] as const;
/** What is done to the pushes between a gateway and its clients. */
export const PUSH_FAULTS = ['drop', 'double', 'shuffle'] as const;

export type ProgramFault = (typeof PROGRAM_FAULTS)[number];
export type LinkFault = (typeof LINK_FAULTS)[number];
export type PushFault = (typeof PUSH_FAULTS)[number];

/** One thing that is broken at `atMs` of the run and made good again `holdMs` later; all its targets at once. */
export type Fault = {
  kind: ProgramFault | LinkFault | PushFault;
  targets: readonly string[];
  atMs: number;
  holdMs: number;
};

export const describeFault = ({ kind, targets, holdMs }: Fault): string =>
  `${kind} ${targets.join(' + ')} for ${(holdMs / 1000).toFixed(1)} s`;
