import { PySparkTypeError, unsupported } from "../errors/spark-error.ts";
import { expectString } from "./argument-errors.ts";
import { INTERNAL } from "./internal.ts";
import type { SessionRuntime } from "./session-runtime.ts";
import type { DataTypeLike } from "./types/index.ts";
import { isUdf, makeUdf, type UdfFunction, type UserDefinedFunction } from "./udf.ts";

/** Makes functions known to SQL by name: `spark.udf`. */
export class UDFRegistration {
  readonly #runtime: SessionRuntime;

  /** @internal */
  constructor(runtime: SessionRuntime) {
    this.#runtime = runtime;
  }

  /**
   * Makes a JavaScript function, or one of `functions.udf`, known under a name, and returns it as a function over
   * columns. The session does this in order with its commands. Throws CANNOT_SPECIFY_RETURN_TYPE_FOR_UDF.
   *
   * @example
   * ```ts
   * spark.udf.register("len", (text: string) => text.length, "int");
   * await spark.sql("SELECT len('abc')").show();
   * ```
   */
  register(
    name: string,
    f: UdfFunction | UserDefinedFunction,
    returnType?: DataTypeLike | string,
  ): UserDefinedFunction {
    expectString("name", name);
    if (isUdf(f) && returnType !== undefined) {
      throw new PySparkTypeError({
        condition: "CANNOT_SPECIFY_RETURN_TYPE_FOR_UDF",
        messageParameters: { arg_name: "f", return_type: String(returnType) },
      });
    }
    const registered = isUdf(f)
      ? makeUdf(f.func, f[INTERNAL].outputType, { name, deterministic: f.deterministic })
      : makeUdf(f, returnType ?? "string", { name });
    const { id, outputType, attachment } = registered[INTERNAL];
    this.#runtime.enqueueCommand(
      {
        kind: "RegisterFunction",
        function: {
          kind: "UserDefinedFunction",
          functionName: name,
          deterministic: registered.deterministic,
          arguments: [],
          function: { language: "javascript", outputType, id },
        },
      },
      [attachment],
    );
    return registered;
  }

  /** There is no Java here. Throws UNSUPPORTED_FEATURE. */
  registerJavaFunction(_name: string, _javaClassName: string, _returnType?: DataTypeLike | string): never {
    throw unsupported("UDFRegistration.registerJavaFunction");
  }

  /** There is no Java here. Throws UNSUPPORTED_FEATURE. */
  registerJavaUDAF(_name: string, _javaClassName: string): never {
    throw unsupported("UDFRegistration.registerJavaUDAF");
  }
}

/** Table functions of one's own, which Lakelet has not: `spark.udtf`. */
export class UDTFRegistration {
  /** Throws UNSUPPORTED_FEATURE. */
  register(_name: string, _f: unknown): never {
    throw unsupported("UDTFRegistration.register");
  }
}
