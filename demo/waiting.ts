import type { Paper } from "./paper.ts";

/** A line that says that something is going on, and for how long; taken back when it is over. Only where somebody is watching. */
export function waiting({ isLive, write, colour }: Paper) {
  let timer: NodeJS.Timeout | undefined;
  return {
    begin: (): void => {
      if (!isLive) return;
      const since = performance.now();
      const show = (): void =>
        write(
          `\r${colour.dim(`... the functions are at work, ${((performance.now() - since) / 1000).toFixed(1)} s`)}`,
        );
      show();
      timer = setInterval(show, 100).unref();
    },
    end: (): void => {
      if (timer === undefined) return;
      clearInterval(timer);
      timer = undefined;
      write("\r\x1b[K");
    },
  };
}
