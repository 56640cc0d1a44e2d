export { APP_PORTS, APPS, type AppName, type InstanceUrls, type StackUrls } from './apps.ts';
export { buildApps } from './build.ts';
export { controlStack, serveControl, type ControlAddress, type StackControl } from './control.ts';
export type { StackEvent, StackListener } from './events.ts';
export { StackError } from './stack-error.ts';
export { startStack, type Stack, type StackOptions } from './stack.ts';
