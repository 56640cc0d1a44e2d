import { describe, expect, it } from 'vitest';
import { decideUpstream } from './decide-upstream.ts';

describe('decideUpstream', () => {
  it.each([
    ['/api/v1/auth/register', 'auth'],
    ['/api/v1/auth', 'auth'],
    ['/api/v1/users?ids=a,b', 'users'],
    ['/api/v1/users/search?q=%C3%A9t%C3%A9', 'users'],
    ['/api/v1/chat/message/1/reactions/%F0%9F%91%8D', 'chat'],
    ['/api/v1/chat/all?next=/../../internal', 'chat'],
    ['/.well-known/jwks.json', 'auth'],
  ])('%s is of %s', (target, upstream) => {
    expect(decideUpstream(target)).toBe(upstream);
  });

  it.each([
    '/',
    '',
    '*',
    '/health/ready',
    '/metrics',
    '/internal/users/1',
    '/internal/avatars/0197d3a0-0000-7000-8000-00000000000c',
    '/api/v1/chat/../../../internal/avatars/0197d3a0-0000-7000-8000-00000000000c',
    '/api/v1/authority',
    '/api/v1/authx/login',
    '/api/v2/auth/login',
    '/API/v1/auth/login',
    '/.well-known/jwks.json/x',
    '/.well-known/openid-configuration',
    '/api/v1/auth/../../../internal/users/1',
    '/api/v1/auth/%2e%2e/%2E%2e/internal/users/1',
    '/api/v1/auth\\..\\..\\internal',
    '//evil.example/api/v1/auth/login',
    'http://evil.example/api/v1/auth/login',
    '/api/v1/auth/\u0000',
    '/api/v1/auth/#x',
  ])('%j is not public', (target) => {
    expect(decideUpstream(target)).toBeUndefined();
  });
});
