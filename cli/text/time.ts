/** "2026-11-25 09:10 UTC". */
export const timeText = (iso: string): string => `${iso.slice(0, 16).replace("T", " ")} UTC`;
