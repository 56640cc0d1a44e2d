/** An entry of its own (`@parley/service-kit/process`): engines and the stack, which use it, start without the loggers and metrics of a service. */
export { FolderInUseError, isFolderInUse, lockFolder, OWNER_FILE } from './folder-lock.ts';
export { identify, isRunning, type ProcessIdentity } from './process-identity.ts';
