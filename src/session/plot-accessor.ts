import { unsupported } from "../errors/spark-error.ts";

/** The charts of PySpark's `df.plot` by name. Lakelet draws none: each raises UNSUPPORTED_FEATURE. */
export class PlotAccessor {
  get plot_data_map(): never {
    throw unsupported("DataFrame.plot.plot_data_map");
  }
  area(): never {
    throw unsupported("DataFrame.plot.area");
  }
  bar(): never {
    throw unsupported("DataFrame.plot.bar");
  }
  barh(): never {
    throw unsupported("DataFrame.plot.barh");
  }
  box(): never {
    throw unsupported("DataFrame.plot.box");
  }
  hist(): never {
    throw unsupported("DataFrame.plot.hist");
  }
  kde(): never {
    throw unsupported("DataFrame.plot.kde");
  }
  line(): never {
    throw unsupported("DataFrame.plot.line");
  }
  pie(): never {
    throw unsupported("DataFrame.plot.pie");
  }
  scatter(): never {
    throw unsupported("DataFrame.plot.scatter");
  }
}
