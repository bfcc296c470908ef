import { describe, expect, it } from 'vitest';
import { ago, count, initials, inWords, left, list, money, percent, shortDigest } from './format';

const NOW = Date.parse('2026-03-10T12:00:00Z');
const before = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();

describe('times', () => {
  it('says how long ago something was, and the date when that is long', () => {
    expect(ago(before(0), NOW)).toBe('just now');
    expect(ago(before(4), NOW)).toBe('4 min ago');
    expect(ago(before(3 * 60), NOW)).toBe('3 h ago');
    expect(ago(before(5 * 24 * 60), NOW)).toBe('5 d ago');
    expect(ago('2025-10-12T08:00:00Z', NOW)).toBe('12 Oct 2025');
  });

  it('says what is left, and what is overdue', () => {
    expect(left(before(-42 * 60 - 5), NOW)).toBe('42 h');
    expect(left(before(-25), NOW)).toBe('25 min');
    expect(left(before(3 * 60), NOW)).toBe('overdue by 3 h');
  });
});

describe('amounts', () => {
  it('keeps what makes a small amount differ from nothing', () => {
    expect(money({ micros: 38_200_000, currency: 'EUR' })).toBe('38.20 EUR');
    expect(money({ micros: 400, currency: 'EUR' })).toBe('0.00040 EUR');
    expect(money({ micros: 0, currency: 'EUR' })).toBe('0.00 EUR');
  });

  it('shows tenths only where they tell something', () => {
    expect(percent(0.986)).toBe('98.6 %');
    expect(percent(0.41)).toBe('41 %');
    expect(percent(0.004)).toBe('0.4 %');
    expect(percent(1)).toBe('100 %');
  });
});

describe('names', () => {
  it('shortens what people compare', () => {
    expect(shortDigest('c1:sha256:9f4e21b07d5a9c14')).toBe('9f4e 21b0');
    expect(initials('Mara Lindqvist')).toBe('ML');
    expect(initials('priya')).toBe('PR');
  });

  it('counts and lists in words', () => {
    expect(count(1, 'app')).toBe('1 app');
    expect(count(1200, 'app')).toBe('1,200 apps');
    expect(inWords(3)).toBe('Three');
    expect(inWords(40)).toBe('40');
    expect(list(['Mara', 'Jonas', 'Priya'])).toBe('Mara, Jonas and Priya');
  });
});
