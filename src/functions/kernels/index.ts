import type { Kernel } from "../kernel.ts";

/** Kernels that are loaded together: their names, and the module that has them. */
interface KernelGroup {
  readonly names: readonly string[];
  readonly load: () => Promise<readonly Kernel[]>;
}

const group = (names: string, load: KernelGroup["load"]): KernelGroup => ({ names: names.split(" "), load });

/**
 * Every kernel, by the file it is in. Planning needs only the names; an engine loads a file when a query first calls
 * one of its kernels, so what few programs use costs the others nothing.
 */
const GROUPS: readonly KernelGroup[] = [
  group(
    "double_text decimal_text float_text parse_double parse_float plain_double plain_decimal",
    async () => {
      return (await import("./number-text.ts")).NUMBER_TEXT_KERNELS;
    },
  ),
  group("format_datetime parse_datetime", async () => {
    return (await import("./datetime-pattern.ts")).DATETIME_PATTERN_KERNELS;
  }),
  group(
    "date_text timestamp_text time_text parse_date parse_timestamp parse_timestamp_ntz zone_offset zone_offset_local lossy_utf8",
    async () => (await import("./datetime-text.ts")).DATETIME_TEXT_KERNELS,
  ),
  group(
    "base32_text base32_bytes encode_text decode_text base64_bytes to_binary url_encode url_decode parse_url",
    async () => {
      return (await import("./encodings.ts")).ENCODING_KERNELS;
    },
  ),
  group("format_string format_number", async () => (await import("./formatting.ts")).FORMATTING_KERNELS),
  group(
    "murmur3 xxhash64 rand randn randstr seeded_uuid rows_seen",
    async () => (await import("./hashes.ts")).HASH_KERNELS,
  ),
  group("aes_encrypt aes_decrypt hmac sha2", async () => (await import("./ciphers.ts")).CIPHER_KERNELS),
  group(
    "hll_cell hll_estimate count_min_sketch",
    async () => (await import("./approximations.ts")).APPROXIMATION_KERNELS,
  ),
  group(
    "strict_exp strict_expm1 strict_log strict_log10 strict_log1p strict_log2 strict_cosh strict_sinh strict_tanh",
    async () => (await import("./strict-math.ts")).STRICT_MATH_KERNELS,
  ),
  group("set_sketch", async () => (await import("./set-sketches.ts")).SET_SKETCH_KERNELS),
  group("hll", async () => (await import("./hll.ts")).HLL_KERNELS),
  group("kll", async () => (await import("./kll.ts")).KLL_KERNELS),
  group("shape", async () => (await import("./moments.ts")).MOMENT_KERNELS),
  group("to_number to_char", async () => (await import("./number-formats.ts")).NUMBER_FORMAT_KERNELS),
  group("bitmap_build", async () => (await import("./bitmaps.ts")).BITMAP_KERNELS),
  group(
    "vector_pair vector_norm vector_normalize vector_total",
    async () => (await import("./vectors.ts")).VECTOR_KERNELS,
  ),
  group("histogram_numeric", async () => (await import("./histogram.ts")).HISTOGRAM_KERNELS),
  group(
    "year_month_text day_time_text calendar_interval_text parse_year_month parse_day_time parse_calendar_interval",
    async () => (await import("./interval-text.ts")).INTERVAL_TEXT_KERNELS,
  ),
  group(
    "decimal_arithmetic decimal_total",
    async () => (await import("./decimal-arithmetic.ts")).DECIMAL_ARITHMETIC_KERNELS,
  ),
  group(
    "get_json_object json_tuple json_array_length json_object_keys from_json to_json schema_of_json",
    async () => (await import("./json.ts")).JSON_KERNELS,
  ),
  group(
    "parse_json variant_cast to_variant variant_json is_variant_null is_valid_variant schema_of_variant schema_of_variants variant_explode variant_edit variant_delete variant_strip_nulls",
    async () => (await import("./variants.ts")).VARIANT_KERNELS,
  ),
  group(
    "xpath xpath_string xpath_boolean xpath_double xpath_int xpath_short xpath_long",
    async () => (await import("./xpath.ts")).XPATH_KERNELS,
  ),
  group("from_xml to_xml schema_of_xml", async () => (await import("./xml.ts")).XML_KERNELS),
  group("from_csv to_csv schema_of_csv", async () => (await import("./csv.ts")).CSV_KERNELS),
  group("poisson_count", async () => (await import("./poisson.ts")).POISSON_KERNELS),
  group("rlike", async () => (await import("./matching.ts")).MATCHING_KERNELS),
  group("conv", async () => (await import("./math.ts")).MATH_KERNELS),
  group(
    "regexp_extract regexp_extract_all regexp_replace regexp_count regexp_instr regexp_substr regexp_split",
    async () => (await import("./regular-expressions.ts")).REGULAR_EXPRESSION_KERNELS,
  ),
  group("round_digits", async () => (await import("./rounding.ts")).ROUNDING_KERNELS),
  group("row_counter", async () => (await import("./row-counter.ts")).ROW_COUNTER_KERNELS),
  group(
    "find_occurrence jaro_winkler java_upper java_lower initcap soundex levenshtein translate luhn_check mask crc32 sentences",
    async () => (await import("./text.ts")).TEXT_KERNELS,
  ),
];

const GROUP_OF: ReadonlyMap<string, KernelGroup> = new Map(
  GROUPS.flatMap((each) => each.names.map((name) => [name, each])),
);

/** The names of all kernels. */
export const KERNEL_NAMES: ReadonlySet<string> = new Set(GROUP_OF.keys());

/** Loads the kernels of these names, and with them those of the same files. */
export async function loadKernels(names: Iterable<string>): Promise<readonly Kernel[]> {
  const groups = new Set<KernelGroup>();
  for (const name of names) {
    const found = GROUP_OF.get(name);
    if (found === undefined) throw new Error(`there is no kernel named ${name}`);
    groups.add(found);
  }
  return (await Promise.all([...groups].map((each) => each.load()))).flat();
}
