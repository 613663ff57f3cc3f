import { PySparkException, sparkError } from "../../errors/spark-error.ts";
import type { ConfigRequest, Pair } from "./requests.ts";
import type { HostConf } from "./session-host.ts";

/** Answers Config: pairs in the order asked, and warnings about what was not set. */
export function configure(
  conf: HostConf,
  request: ConfigRequest,
): { readonly pairs: readonly Pair[]; readonly warnings: readonly string[] } {
  const operation = request.operation ?? {};
  const warnings: string[] = [];
  const pair = (key: string, value: string | undefined): Pair =>
    value === undefined ? { key } : { key, value };
  if (operation.set !== undefined) {
    for (const { key, value } of operation.set.pairs) {
      try {
        conf.set(key, value ?? "");
      } catch (error) {
        if (operation.set.silent !== true || !(error instanceof PySparkException)) throw error;
        warnings.push(`The value of the config '${key}' was not set: ${error.message}`);
      }
    }
    return { pairs: [], warnings };
  }
  if (operation.get !== undefined) {
    return { pairs: operation.get.keys.map((key) => pair(key, conf.get(key) ?? missing(key))), warnings };
  }
  if (operation.getWithDefault !== undefined) {
    return {
      pairs: operation.getWithDefault.pairs.map(({ key, value }) => pair(key, conf.getSet(key) ?? value)),
      warnings,
    };
  }
  if (operation.getOption !== undefined) {
    return { pairs: operation.getOption.keys.map((key) => pair(key, conf.get(key))), warnings };
  }
  if (operation.getAll !== undefined) {
    const all = Object.entries(conf.all(operation.getAll.prefix ?? ""));
    return { pairs: all.map(([key, value]) => pair(key, value)), warnings };
  }
  if (operation.unset !== undefined) {
    for (const key of operation.unset.keys) conf.unset(key);
    return { pairs: [], warnings };
  }
  if (operation.isModifiable !== undefined) {
    return {
      pairs: operation.isModifiable.keys.map((key) => pair(key, String(conf.isModifiable(key)))),
      warnings,
    };
  }
  throw sparkError("UnsupportedOperationException", {
    condition: "",
    message: "The config request names no operation.",
  });
}

function missing(key: string): never {
  throw sparkError("SparkNoSuchElementException", {
    condition: "SQL_CONF_NOT_FOUND",
    messageParameters: { sqlConf: `"${key}"` },
  });
}
