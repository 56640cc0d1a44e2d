// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { loopbackNames, onSameLoopback } from './loopback.ts';

describe('loopback', () => {
  it('follows the name that the page was opened with', () => {
    expect(onSameLoopback('http://localhost:5000', '127.0.0.1')).toBe('http://127.0.0.1:5000');
    expect(onSameLoopback('http://127.0.0.1:5000', 'localhost')).toBe('http://localhost:5000');
    expect(onSameLoopback('http://localhost:5000', 'localhost')).toBe('http://localhost:5000');
  });

  it('leaves every other address alone', () => {
    expect(onSameLoopback('https://chat.example.org', 'localhost')).toBe('https://chat.example.org');
    expect(onSameLoopback('http://localhost:5000', 'chat.example.org')).toBe('http://localhost:5000');
    expect(loopbackNames('https://chat.example.org/x')).toEqual(['https://chat.example.org']);
  });

  it('names both for the policy', () => {
    expect(loopbackNames('http://localhost:5000')).toEqual(['http://localhost:5000', 'http://127.0.0.1:5000']);
  });
});
