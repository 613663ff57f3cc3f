import { lineSeparatorOf } from "../../functions/text/csv-options.ts";
import { booleanOption } from "../../functions/text/read-mode.ts";
import { linesOf, wholeText } from "./lines.ts";
import type { ReadRequest, RowReader } from "./text-file.ts";

/** Lines of text, or whole files with `wholetext`. */
export function textReader({ wanted, options }: ReadRequest): RowReader {
  const lineSeparator = lineSeparatorOf(options.linesep);
  const charset = options.encoding ?? options.charset ?? "UTF-8";
  const whole = booleanOption(options.wholetext, false);
  const rowOf = (value: string): readonly unknown[] => wanted.map(() => value);
  return {
    read: async (file, add, checkpoint) => {
      if (whole) {
        const content = await wholeText(file.source, charset);
        if (content !== "") add(rowOf(content));
        return;
      }
      const lines = linesOf(file.source, {
        charset,
        ...(lineSeparator === undefined ? {} : { lineSeparator }),
      });
      for await (const batch of lines) {
        await checkpoint();
        for (const line of batch) add(rowOf(line));
      }
    },
  };
}
