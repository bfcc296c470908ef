import type { ConnectionView } from '@/api';

/** What is safe within double quotes of a shell: everything that could end or open something is left out. */
const plain = (text: string): string => text.replace(/["\\$`\n]/g, '');

/** The command that gets an app's token; the secret is typed, never shown here. */
export function tokenCommand(portal: string): string {
  return `TOKEN=$(curl -s -u CLIENT:SECRET -d grant_type=client_credentials "${plain(portal)}/oauth/token" | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`;
}

/** The operation that is easiest to try: one that reads and needs nothing in its path. */
function easiest(connection: ConnectionView): ConnectionView['operations'][number] | undefined {
  const reads = connection.operations.filter((operation) => operation.method === 'GET');
  return reads.find((operation) => !operation.path.includes('{')) ?? reads[0] ?? connection.operations[0];
}

/** The command that calls a connection at the hub, or null when it offers nothing. */
export function callCommand(connection: ConnectionView): string | null {
  const operation = easiest(connection);
  if (!operation) return null;
  const method = operation.method === 'GET' ? '' : `-X ${operation.method} `;
  return `curl -i ${method}-H "Authorization: Bearer $TOKEN" "${plain(connection.address)}${plain(operation.path)}"`;
}
