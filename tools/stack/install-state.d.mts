type Lock = {
  packages?: Record<
    string,
    { version?: string; link?: boolean; optional?: boolean; devOptional?: boolean; peer?: boolean }
  >;
};
export function lockHash(text: string): string;
export function isConsistent(lock: Lock, installed: Lock): boolean;
export function decideInstall(o: {
  lockText: string;
  marker: string | undefined;
  installedText: string | undefined;
}): 'install' | 'mark' | 'ready';
export function readInstallState(root: string): 'install' | 'mark' | 'ready';
export function markInstalled(root: string): void;
