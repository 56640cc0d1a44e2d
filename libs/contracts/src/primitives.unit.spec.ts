import { BATCH_IDS_MAX, MESSAGE_TEXT_MAX } from '@parley/domain';
import { describe, expect, it } from 'vitest';
import { idList, messageText, pageLimit, userId } from './primitives.ts';

const ID = '018f3b1e-7c00-7000-8000-000000000001';

describe('userId', () => {
  it('keeps one spelling of an id', () => {
    expect(userId.parse(ID.toUpperCase())).toBe(ID);
  });

  it.each([['$gt'], [''], [{ $gt: '' }], [`${ID} `], [null]])('refuses %j', (input) => {
    expect(userId.safeParse(input).success).toBe(false);
  });
});

describe('messageText', () => {
  it('takes any text of the allowed length as it was typed', () => {
    for (const text of [' padded ', 'e\u0301', '👩‍🚀', 'x'.repeat(MESSAGE_TEXT_MAX)])
      expect(messageText.parse(text)).toBe(text);
  });

  it.each([[''], [' \n\t '], ['\ud800'], ['x'.repeat(MESSAGE_TEXT_MAX + 1)]])('refuses %j', (text) => {
    expect(messageText.safeParse(text).success).toBe(false);
  });
});

describe('pageLimit', () => {
  it.each([
    ['7', 7],
    [undefined, 50],
  ])('reads %j as %i', (input, limit) => {
    expect(pageLimit.parse(input)).toBe(limit);
  });

  it.each([['0'], ['201'], ['1.5'], ['many'], [['1', '2']]])('refuses %j', (input) => {
    expect(pageLimit.safeParse(input).success).toBe(false);
  });
});

describe('idList', () => {
  it('splits at commas and drops doubles', () => {
    expect(idList.parse(`${ID},,${ID}`)).toEqual([ID]);
  });

  it('refuses an empty list, a foreign entry and too many', () => {
    const many = Array.from({ length: BATCH_IDS_MAX + 1 }, (_, i) => ID.slice(0, -3) + String(i).padStart(3, '0')).join(
      ',',
    );
    for (const list of ['', ',', `${ID},x`, many]) expect(idList.safeParse(list).success).toBe(false);
  });
});
