/**
 * `npm test`: everything that decides whether this checkout is good, on a machine that has Node and nothing else.
 * Its last line counts what passed and failed: each test, and each step that is not made of tests.
 */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describeBrowser, findBrowser } from "./browser.mjs";
import { root, runProgram, setUp } from "./setup.mjs";

const startedMs = performance.now();
const results = [];

setUp();
note("Set-up", startedMs, {});
const browser = chosenBrowser();
mkdirSync(join(root, ".cache"), { recursive: true });

step("Lint", () => exitCode("node_modules/@biomejs/biome/bin/biome", ["check", "."]));
step("Types", () => exitCode("node_modules/typescript/bin/tsc", ["-p", "."]));
step("Unit tests", () => {
  const report = freshReport("unit");
  const code = runProgram("node_modules/vitest/vitest.mjs", [
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ]);
  return counted(code, report, (r) => ({
    passed: r.numPassedTests,
    failed: r.numFailedTests,
    skipped: r.numPendingTests + r.numTodoTests,
  }));
});
const built = step("Build", () => {
  const page = runProgram("node_modules/vite/bin/vite.js", ["build"]);
  const types = runProgram("node_modules/typescript/bin/tsc", ["-p", "tsconfig.types.json"]);
  return one(page === 0 && types === 0);
});
step("Size", () => (built ? exitCode(".ci/size.mjs", []) : one(false)));
step("End-to-end tests", () => {
  if (!built || !browser) {
    console.error(built ? "There is no browser to run them in." : "There is no build to run them on.");
    return one(false);
  }
  const report = freshReport("e2e");
  const code = runProgram("node_modules/@playwright/test/cli.js", ["test", "--reporter=list,json"], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
  });
  return counted(code, report, ({ stats }) => ({
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: stats.skipped,
  }));
});

summarize();

function chosenBrowser() {
  try {
    const found = findBrowser();
    console.log(`Browser: ${describeBrowser(found)}`);
    return found;
  } catch (error) {
    console.error(error.message);
    return undefined;
  }
}

function step(name, run) {
  console.log(`\n${name}`);
  const beganMs = performance.now();
  const counts = run();
  note(name, beganMs, counts);
  return counts.failed === 0;
}

function note(name, beganMs, { passed = 0, failed = 0, skipped = 0 }) {
  results.push({ name, passed, failed, skipped, seconds: (performance.now() - beganMs) / 1000 });
}

function exitCode(program, args) {
  return one(runProgram(program, args) === 0);
}

function one(good) {
  return good ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** A report is believed only with the exit code: a crash outside of any test is one failure more. */
function counted(code, report, countsOf) {
  let counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    counts = countsOf(JSON.parse(readFileSync(report, "utf8")));
  } catch {
    console.error("The tests ended without a report.");
  }
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function freshReport(name) {
  const path = join(root, `.cache/${name}.json`);
  rmSync(path, { force: true });
  return path;
}

function summarize() {
  const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
  console.log("\nSummary");
  for (const { name, passed, failed, skipped, seconds } of results) {
    const counts = passed + failed === 0 ? "" : `${passed} passed, ${failed} failed`;
    const left = skipped === 0 ? "" : `, ${skipped} skipped`;
    console.log(`  ${name.padEnd(18)}${`${seconds.toFixed(1)} s`.padStart(9)}  ${counts}${left}`);
  }
  console.log(
    `  ${"All".padEnd(18)}${`${((performance.now() - startedMs) / 1000).toFixed(1)} s`.padStart(9)}`,
  );
  console.log(`${total("passed")} passed, ${total("failed")} failed`);
  process.exitCode = total("failed") === 0 ? 0 : 1;
}
