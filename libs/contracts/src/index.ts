export * from './primitives.ts';
export * from './http/problem.ts';
export * from './http/auth.ts';
export * from './http/users.ts';
export * from './http/chats.ts';
export * from './socket/socket-events.ts';
export * from './events/broker-events.ts';
export * from './commands/commands.ts';
