import { runInBrowser, table } from "../../support/run-in-browser.ts";

interface Measured {
  readonly startMs: number;
  readonly roundTripMs: number;
  readonly perSecond: number;
  readonly replacedMs: number;
  readonly moved16MbMs: number;
}

/** Measures what a task of the pool costs in a browser. */
export async function benchPool(): Promise<void> {
  await runInBrowser("e2e/bench/pool/page.ts", async (bench) => {
    const measured = await bench.call<Measured>("measure");
    console.log(`\nTask pool of 2 workers (Chromium ${bench.browserVersion})\n`);
    console.log(
      table([
        ["first task, with the start of its worker", `${measured.startMs.toFixed(0)} ms`],
        ["a task and its answer", `${measured.roundTripMs.toFixed(2)} ms`],
        ["10,000 tasks at once", `${Math.round(measured.perSecond).toLocaleString("en")} tasks/s`],
        ["16 MB to a worker and back, moved", `${measured.moved16MbMs.toFixed(1)} ms`],
        ["a worker that closes itself, until two new tasks are done", `${measured.replacedMs.toFixed(0)} ms`],
      ]),
    );
  });
}
