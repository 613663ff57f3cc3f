import type { Kernel } from "../kernel.ts";

/**
 * Elementary functions to the last digit of fdlibm, which is what Java's StrictMath prescribes: the steps and constants
 * are part of the result. An engine's own `Math` may differ in the last place.
 */
const view = new DataView(new ArrayBuffer(8));

function high(x: number): number {
  view.setFloat64(0, x);
  return view.getInt32(0);
}
function withHigh(x: number, word: number): number {
  view.setFloat64(0, x);
  view.setInt32(0, word);
  return view.getFloat64(0);
}
/** The number times 2 to the k, where that is a normal number. */
const scaled = (y: number, k: number): number => withHigh(y, (high(y) + (k << 20)) | 0);
const poly = (z: number, coefficients: readonly number[]): number =>
  coefficients.reduceRight((sum, c) => c + z * sum, 0);

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const INVERSE_LN2 = Math.LOG2E;
const EXP_MAX = 709.782712893384;
const EXP = [
  0.16666666666666602, -0.0027777777777015593, 0.00006613756321437934, -0.0000016533902205465252,
  4.1381367970572385e-8,
];
const LOG = [
  0.6666666666666735, 0.3999999999940942, 0.2857142874366239, 0.22222198432149784, 0.1818357216161805,
  0.15313837699209373, 0.14798198605116586,
];
const EXPM1 = [
  1, -0.03333333333333313, 0.0015873015872548146, -0.0000793650757867488, 0.000004008217827329362,
  -2.0109921818362437e-7,
];

/** x less the nearest multiple of ln 2, in two parts. */
function reduced(x: number, isNear: boolean): readonly [hi: number, lo: number, k: number] {
  const sign = x < 0 ? -1 : 1;
  const k = isNear ? sign : Math.trunc(INVERSE_LN2 * x + 0.5 * sign);
  return [x - k * LN2_HIGH, k * LN2_LOW, k];
}

export function exp(given: number): number {
  let x = given;
  if (Number.isNaN(x)) return x;
  if (x > EXP_MAX) return Infinity;
  if (x < -745.1332191019411) return 0;
  const size = high(x) & 0x7fffffff;
  let [hi, lo, k] = [0, 0, 0];
  if (size > 0x3fd62e42) {
    [hi, lo, k] = reduced(x, size < 0x3ff0a2b2);
    x = hi - lo;
  } else if (size < 0x3e300000) return 1 + x;
  const t = x * x;
  const c = x - t * poly(t, EXP);
  if (k === 0) return 1 - ((x * c) / (c - 2) - x);
  const y = 1 - (lo - (x * c) / (2 - c) - hi);
  return k >= -1021 ? (k === 1024 ? y * 2 * 2 ** 1023 : scaled(y, k)) : scaled(y, k + 1000) * 2 ** -1000;
}

export function log(given: number): number {
  let x = given;
  if (Number.isNaN(x) || x < 0) return Number.NaN;
  if (x === 0) return -Infinity;
  if (x === Infinity) return x;
  let k = 0;
  let word = high(x);
  if (word < 0x00100000) {
    k -= 54;
    x *= 2 ** 54;
    word = high(x);
  }
  k += (word >> 20) - 1023;
  word &= 0xfffff;
  const up = (word + 0x95f64) & 0x100000;
  x = withHigh(x, word | (up ^ 0x3ff00000));
  k += up >> 20;
  const f = x - 1;
  if ((0xfffff & (2 + word)) < 3) {
    if (f === 0) return k === 0 ? 0 : k * LN2_HIGH + k * LN2_LOW;
    const r = f * f * (0.5 - 0.3333333333333333 * f);
    return k === 0 ? f - r : k * LN2_HIGH - (r - k * LN2_LOW - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const [l1, l2, l3, l4, l5, l6, l7] = LOG as [number, number, number, number, number, number, number];
  const r = z * (l1 + w * (l3 + w * (l5 + w * l7))) + w * (l2 + w * (l4 + w * l6));
  if (((word - 0x6147a) | (0x6b851 - word)) > 0) {
    const half = 0.5 * f * f;
    return k === 0 ? f - (half - s * (half + r)) : k * LN2_HIGH - (half - (s * (half + r) + k * LN2_LOW) - f);
  }
  return k === 0 ? f - s * (f - r) : k * LN2_HIGH - (s * (f - r) - k * LN2_LOW - f);
}

export function log10(given: number): number {
  let x = given;
  if (!(x > 0) || x === Infinity) return log(x);
  let k = 0;
  if (high(x) < 0x00100000) {
    k -= 54;
    x *= 2 ** 54;
  }
  const word = high(x);
  k += (word >> 20) - 1023;
  const i = k < 0 ? 1 : 0;
  const y = k + i;
  x = withHigh(x, (word & 0xfffff) | ((0x3ff - i) << 20));
  return y * 3.694239077158931e-13 + Math.LOG10E * log(x) + y * 0.30102999566361177;
}

export function log1p(x: number): number {
  if (Number.isNaN(x) || x < -1) return Number.NaN;
  if (x === -1) return -Infinity;
  if (x === Infinity) return x;
  const word = high(x);
  const size = word & 0x7fffffff;
  let [k, f, c, hu] = [1, 0, 0, 1];
  if (word < 0x3fda827a) {
    if (size < 0x3e200000) return size < 0x3c900000 ? x : x - x * x * 0.5;
    if (word > 0 || word <= (0xbfd2bec3 | 0)) {
      k = 0;
      f = x;
      hu = 1;
    }
  }
  if (k !== 0) {
    let u: number;
    if (word < 0x43400000) {
      u = 1 + x;
      hu = high(u);
      k = (hu >> 20) - 1023;
      c = (k > 0 ? 1 - (u - x) : x - (u - 1)) / u;
    } else {
      u = x;
      hu = high(u);
      k = (hu >> 20) - 1023;
    }
    hu &= 0xfffff;
    if (hu < 0x6a09e) u = withHigh(u, hu | 0x3ff00000);
    else {
      k += 1;
      u = withHigh(u, hu | 0x3fe00000);
      hu = (0x00100000 - hu) >> 2;
    }
    f = u - 1;
  }
  const half = 0.5 * f * f;
  if (hu === 0) {
    if (f === 0) return k === 0 ? 0 : k * LN2_HIGH + (c + k * LN2_LOW);
    const r = half * (1 - 0.6666666666666666 * f);
    return k === 0 ? f - r : k * LN2_HIGH - (r - (k * LN2_LOW + c) - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const r = z * poly(z, LOG);
  return k === 0
    ? f - (half - s * (half + r))
    : k * LN2_HIGH - (half - (s * (half + r) + (k * LN2_LOW + c)) - f);
}

export function expm1(given: number): number {
  let x = given;
  if (Number.isNaN(x)) return x;
  const size = high(x) & 0x7fffffff;
  if (size >= 0x4043687a) {
    if (x > EXP_MAX) return Infinity;
    if (x < 0) return -1;
  }
  let [hi, lo, c, k] = [0, 0, 0, 0];
  if (size > 0x3fd62e42) {
    [hi, lo, k] = reduced(x, size < 0x3ff0a2b2);
    x = hi - lo;
    c = hi - x - lo;
  } else if (size < 0x3c900000) return x;
  const hfx = 0.5 * x;
  const hxs = x * hfx;
  const r1 = poly(hxs, EXPM1);
  const t = 3 - r1 * hfx;
  let e = hxs * ((r1 - t) / (6 - x * t));
  if (k === 0) return x - (x * e - hxs);
  e = x * (e - c) - c;
  e -= hxs;
  if (k === -1) return 0.5 * (x - e) - 0.5;
  if (k === 1) return x < -0.25 ? -2 * (e - (x + 0.5)) : 1 + 2 * (x - e);
  if (k <= -2 || k > 56) {
    const y = 1 - (e - x);
    return (k === 1024 ? y * 2 * 2 ** 1023 : scaled(y, k)) - 1;
  }
  if (k < 20) return scaled(1 - 2 ** -k - (e - x), k);
  return scaled(x - (e + 2 ** -k) + 1, k);
}

export function cosh(x: number): number {
  const a = Math.abs(x);
  const size = high(a);
  if (Number.isNaN(x)) return x;
  if (size < 0x3fd62e43) {
    const t = expm1(a);
    return size < 0x3c800000 ? 1 + t : 1 + (t * t) / (1 + t + (1 + t));
  }
  if (size < 0x40360000) {
    const t = exp(a);
    return 0.5 * t + 0.5 / t;
  }
  if (size < 0x40862e42) return 0.5 * exp(a);
  const w = exp(0.5 * a);
  return 0.5 * w * w;
}

export function sinh(x: number): number {
  const a = Math.abs(x);
  const h = x < 0 ? -0.5 : 0.5;
  const size = high(a);
  if (Number.isNaN(x) || !Number.isFinite(x)) return x;
  if (size < 0x40360000) {
    if (size < 0x3e300000) return x;
    const t = expm1(a);
    return size < 0x3ff00000 ? h * (2 * t - (t * t) / (t + 1)) : h * (t + t / (t + 1));
  }
  if (size < 0x40862e42) return h * exp(a);
  const w = exp(0.5 * a);
  return h * w * w;
}

export function tanh(x: number): number {
  const a = Math.abs(x);
  const size = high(a);
  if (Number.isNaN(x)) return x;
  if (size < 0x3c800000) return x * (1 + x);
  let z = 1;
  if (size < 0x40360000) {
    if (size >= 0x3ff00000) z = 1 - 2 / (expm1(2 * a) + 2);
    else {
      const t = expm1(-2 * a);
      z = -t / (t + 2);
    }
  }
  return x < 0 ? -z : z;
}

const LOG_2 = log(2);

export const STRICT_MATH_KERNELS: readonly Kernel[] = Object.entries({
  exp,
  expm1,
  log,
  log10,
  log1p,
  log2: (x: number) => log(x) / LOG_2,
  cosh,
  sinh,
  tanh,
}).map(([name, apply]) => ({
  name: `strict_${name}`,
  args: ["double"],
  result: "double",
  call: (x) => apply(x as number),
}));
