/** The words of fields and small parts that several pages use. */
export const fields = {
  personHint: 'Begin to write a name',
  personNone: 'Nobody of that name can sign in here',
  clear: (label: string) => `Clear: ${label}`,
  copy: 'Copy',
  copied: 'Copied',
  copyWhat: (label: string) => `Copy: ${label}`,
};
