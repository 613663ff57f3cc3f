import "regular-table";
import type { RegularTableElement } from "regular-table";

import { isNumeric } from "../types/data-type.ts";
import { simpleString } from "../types/format.ts";
import { CellReader } from "./cell-text.ts";
import type { TableItem } from "./sandbox/protocol.ts";

const MAX_CELL = 200;
const ROW_HEIGHT = 24;
const HEAD_HEIGHT = 52;
const MAX_ROWS_SHOWN = 16;

/** A table of an Arrow result that draws only the cells in view. */
export function resultGrid(item: TableItem): HTMLElement {
  const { schema } = item;
  const reader = new CellReader(item.chunks, schema, item.timeZone);
  const holder = document.createElement("div");
  holder.className = "grid";
  holder.dataset.testid = "result-grid";
  const rows = Math.min(reader.rowCount, MAX_ROWS_SHOWN);
  holder.style.height = `${HEAD_HEIGHT + Math.max(1, rows) * ROW_HEIGHT + 20}px`;
  const table = document.createElement("regular-table") as RegularTableElement;
  table.setAttribute("role", "grid");
  table.setAttribute("aria-rowcount", String(reader.rowCount));
  const headers = schema.fields.map((f) => [f.name, simpleString(f.dataType)]);
  table.setDataListener((x0, y0, x1, y1) => {
    const columns = schema.fields.slice(x0, x1).map((_, i) => {
      const cells: string[] = [];
      for (let row = y0; row < Math.min(y1, reader.rowCount); row++) {
        const text = reader.cell(row, x0 + i);
        cells.push(text.length > MAX_CELL ? `${text.slice(0, MAX_CELL - 1)}…` : text);
      }
      return cells;
    });
    return Promise.resolve({
      num_rows: reader.rowCount,
      num_columns: schema.fields.length,
      data: columns,
      column_headers: headers.slice(x0, x1),
    });
  });
  table.addStyleListener(() => {
    for (const cell of table.querySelectorAll("td")) {
      const meta = table.getMeta(cell);
      const index = meta !== undefined && "x" in meta && typeof meta.x === "number" ? meta.x : undefined;
      const type = index === undefined ? undefined : schema.fields[index]?.dataType;
      cell.classList.toggle("number", type !== undefined && isNumeric(type));
      cell.classList.toggle("null", cell.textContent === "NULL");
    }
  });
  holder.append(table);
  // The element sets itself up when it is put into the document.
  requestAnimationFrame(() => void table.draw());
  return holder;
}
