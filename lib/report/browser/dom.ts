/** Every element that a selector finds. */
export const all = (selector: string, within: ParentNode = document): readonly HTMLElement[] => [
  ...within.querySelectorAll<HTMLElement>(selector),
];

export const one = (selector: string): HTMLElement | null =>
  document.querySelector<HTMLElement>(selector);
