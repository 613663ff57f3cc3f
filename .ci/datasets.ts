import { createReadStream, readFileSync, statSync } from "node:fs";
import type { Plugin } from "vite";

/** The real files that the page's examples read; all from the npm package vega-datasets, none in this repository. */
export const DATASETS = [
  "airports.csv",
  "barley.json",
  "birdstrikes.csv",
  "cars.json",
  "co2-concentration.csv",
  "flights-3m.parquet",
  "flights-airport.csv",
  "gapminder.json",
  "github.csv",
  "iowa-electricity.csv",
  "movies.json",
  "penguins.json",
  "seattle-weather.csv",
  "sp500.csv",
  "stocks.csv",
  "us-employment.csv",
  "weather.csv",
] as const;

const pathOf = (name: string): URL => new URL(`../node_modules/vega-datasets/data/${name}`, import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  csv: "text/csv; charset=utf-8",
  json: "application/json",
  parquet: "application/vnd.apache.parquet",
};

/** Serves the datasets under `data/` of the page's own origin, and copies them there when the page is built. */
export function datasets(): Plugin {
  return {
    name: "lakelet:datasets",
    applyToEnvironment: (environment) => environment.name === "client",
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const name = DATASETS.find((dataset) => request.url?.split("?")[0] === `/data/${dataset}`);
        if (name === undefined) return next();
        response.setHeader("Content-Type", TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "");
        response.setHeader("Content-Length", statSync(pathOf(name)).size);
        createReadStream(pathOf(name)).pipe(response);
      });
    },
    generateBundle() {
      for (const name of DATASETS) {
        this.emitFile({ type: "asset", fileName: `data/${name}`, source: readFileSync(pathOf(name)) });
      }
    },
  };
}
