/** Replaced by the generated client as soon as the route is there. */
export async function confirmPassword(password: string): Promise<void> {
  const answer = await fetch('/api/v1/me/confirm', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ password }),
  });
  if (!answer.ok) throw await answer.json();
}
