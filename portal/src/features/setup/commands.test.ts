import { describe, expect, it } from 'vitest';
import type { ConnectionView } from '@/api';
import { callCommand, tokenCommand } from './commands';

const connection = (operations: { method: string; path: string }[]) =>
  ({ address: 'http://127.0.0.1:8780/crm', operations }) as unknown as ConnectionView;

describe('commands for the first call', () => {
  it('read, and need nothing in the path where that is possible', () => {
    const offered = [
      { method: 'POST', path: '/v2/leads' },
      { method: 'GET', path: '/v2/leads/{lead}' },
      { method: 'GET', path: '/v2/leads' },
    ];
    expect(callCommand(connection(offered))).toBe(
      'curl -i -H "Authorization: Bearer $TOKEN" "http://127.0.0.1:8780/crm/v2/leads"',
    );
    expect(callCommand(connection(offered.slice(0, 1)))).toContain('-X POST');
    expect(callCommand(connection([]))).toBeNull();
  });

  it('let nothing out of their quotes', () => {
    expect(callCommand(connection([{ method: 'GET', path: '/a";rm -rf $HOME`' }]))).toContain('/a;rm -rf HOME"');
    expect(tokenCommand('https://handrail.example')).toContain('"https://handrail.example/oauth/token"');
  });
});
