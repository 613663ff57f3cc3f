import { sparkError, unsupported } from "../../errors/spark-error.ts";
import { crc32 } from "./crc32.ts";
import type { AddArtifactsRequest, ArtifactChunk } from "./requests.ts";
import type { ServiceSession } from "./service-session.ts";

export interface ArtifactSummary {
  readonly name: string;
  readonly isCrcSuccessful: boolean;
}

interface Unfinished {
  readonly name: string;
  readonly numChunks: number;
  readonly chunks: Uint8Array[];
  sizeBytes: number;
  isIntact: boolean;
}

/** Puts artifacts together from the messages of an AddArtifacts call. One with a wrong checksum is not kept. */
export class ArtifactReceiver {
  readonly #session: ServiceSession;
  readonly #maxBytes: number;
  readonly #summaries: ArtifactSummary[] = [];
  #unfinished: Unfinished | undefined;

  constructor(session: ServiceSession, maxBytes: number) {
    this.#session = session;
    this.#maxBytes = maxBytes;
  }

  async receive(request: AddArtifactsRequest): Promise<void> {
    if (request.batch !== undefined) {
      if (this.#unfinished !== undefined) throw outOfOrder();
      for (const { name, data } of request.batch.artifacts) {
        checkName(name);
        const chunk = data ?? { data: new Uint8Array(0), crc: 0 };
        await this.#finish({
          name,
          numChunks: 1,
          chunks: [chunk.data],
          sizeBytes: chunk.data.length,
          isIntact: crc32(chunk.data) === Number(chunk.crc),
        });
      }
    } else if (request.beginChunk !== undefined) {
      const { name, numChunks, initialChunk, totalBytes } = request.beginChunk;
      if (this.#unfinished !== undefined || initialChunk === undefined) throw outOfOrder();
      checkName(name);
      if (totalBytes > this.#maxBytes) this.#session.reserveArtifactBytes(totalBytes);
      this.#unfinished = { name, numChunks: Number(numChunks), chunks: [], sizeBytes: 0, isIntact: true };
      await this.#add(this.#unfinished, initialChunk);
    } else if (request.chunk !== undefined) {
      if (this.#unfinished === undefined) throw outOfOrder();
      await this.#add(this.#unfinished, request.chunk);
    } else {
      throw sparkError("UnsupportedOperationException", {
        condition: "",
        message: "The artifact request carries no data.",
      });
    }
  }

  finish(): readonly ArtifactSummary[] {
    if (this.#unfinished !== undefined) throw outOfOrder();
    return this.#summaries;
  }

  async #add(unfinished: Unfinished, chunk: ArtifactChunk): Promise<void> {
    unfinished.isIntact &&= crc32(chunk.data) === Number(chunk.crc);
    unfinished.chunks.push(chunk.data);
    unfinished.sizeBytes += chunk.data.length;
    if (unfinished.sizeBytes > this.#maxBytes) this.#session.reserveArtifactBytes(unfinished.sizeBytes);
    if (unfinished.chunks.length < unfinished.numChunks) return;
    this.#unfinished = undefined;
    await this.#finish(unfinished);
  }

  async #finish(artifact: Unfinished): Promise<void> {
    const { name, chunks, sizeBytes, isIntact } = artifact;
    this.#summaries.push({ name, isCrcSuccessful: isIntact });
    if (!isIntact) return;
    const bytes = new Uint8Array(sizeBytes);
    let offset = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, offset);
      offset += chunk.length;
    }
    await this.#session.putArtifact(name, bytes);
  }
}

function outOfOrder(): Error {
  return sparkError("IllegalArgumentException", {
    condition: "",
    message: "requirement failed: the chunks of an artifact must follow its beginning, all of them",
  });
}

function checkName(name: string): void {
  const parts = name.split("/");
  if (name.startsWith("/") || name.includes("\\") || parts.some((p) => p === "" || p === "." || p === "..")) {
    throw sparkError("SparkRuntimeException", {
      condition: "INVALID_ARTIFACT_PATH",
      messageParameters: { name },
    });
  }
  if (parts[0] === "jars" || parts[0] === "classes") throw unsupported(`artifacts for a JVM (${name})`);
}
