export const clock = {
  left: (text: string) => `${text} left`,
  of: (hours: number) => `of ${hours} h`,
  label: (text: string, hours: number) => `Review time: ${text} of ${hours} hours left`,
};
