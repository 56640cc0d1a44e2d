export function findProgram(name: string, path?: string): string | undefined;
export function findRabbit(): string | undefined;
export function hasApt(): boolean;
export function aptInstall(packages: string[]): Promise<string | undefined>;
