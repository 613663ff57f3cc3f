import { IllegalArgumentException } from "../../errors/spark-error.ts";

/** An option with a value that a reader or writer cannot have; Spark says so without a condition. */
export class SparkIllegalOption extends IllegalArgumentException {
  constructor(message: string) {
    super({ condition: "", message });
    this.name = "IllegalArgumentException";
  }
}
