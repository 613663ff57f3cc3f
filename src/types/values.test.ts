import { describe, expect, it } from "vitest";
import { civilFromDays, daysFromCivil } from "./civil.ts";
import {
  findTimeZone,
  instantToLocalMicros,
  localToInstantMicros,
  parseOffset,
  timeZone,
} from "./time-zone.ts";
import {
  CalendarInterval,
  DayTimeInterval,
  Decimal,
  LocalDate,
  LocalTimestamp,
  row,
  rowFactory,
  safeLong,
  Timestamp,
  YearMonthInterval,
} from "./values.ts";

// Expected texts are those of Spark 4.3: CAST(... AS STRING) with session time zone UTC.
describe("values print as Spark prints them", () => {
  it("prints dates of any year", () => {
    expect(String(LocalDate.of(9999, 12, 31))).toBe("9999-12-31");
    expect(String(new LocalDate(LocalDate.of(9999, 12, 31).epochDay + 1))).toBe("+10000-01-01");
    expect(String(new LocalDate(LocalDate.of(1, 1, 1).epochDay - 3))).toBe("0000-12-29");
    expect(String(new LocalDate(LocalDate.of(1, 1, 1).epochDay - 400))).toBe("-0001-11-28");
  });

  it("prints timestamps with microseconds", () => {
    expect(String(new Timestamp(-99_999_999_999_123_000n))).toBe("-1199-02-15 14:13:20.877");
    expect(String(new Timestamp(9_223_372_036_854_775_807n))).toBe("+294247-01-10 04:00:54.775807");
    expect(String(new Timestamp(-9_223_372_036_854_775_808n))).toBe("-290308-12-21 19:59:05.224192");
    expect(String(Timestamp.fromString("2020-01-01 00:00:00.120"))).toBe("2020-01-01 00:00:00.12");
    expect(JSON.stringify(LocalTimestamp.fromString("2020-01-01T10:00"))).toBe('"2020-01-01T10:00:00"');
  });

  it("prints intervals", () => {
    expect(String(new YearMonthInterval(-15))).toBe("INTERVAL '-1-3' YEAR TO MONTH");
    expect(String(new YearMonthInterval(3, 1, 1))).toBe("INTERVAL '3' MONTH");
    expect(String(new DayTimeInterval(93_784_500_000n))).toBe("INTERVAL '1 02:03:04.5' DAY TO SECOND");
    expect(String(new DayTimeInterval(7_380_000_000n, 1, 2))).toBe("INTERVAL '02:03' HOUR TO MINUTE");
    expect(String(new DayTimeInterval(10_800_000_000n, 1, 1))).toBe("INTERVAL '03' HOUR");
    expect(String(new CalendarInterval(14, 25, 18_367_890_000n))).toBe(
      "1 years 2 months 25 days 5 hours 6 minutes 7.89 seconds",
    );
    expect(String(new CalendarInterval(14, 25, -17_632_110_000n))).toBe(
      "1 years 2 months 25 days -4 hours -53 minutes -52.11 seconds",
    );
    expect(String(new CalendarInterval(0, 0, -500_000n))).toBe("-0.5 seconds");
    expect(String(new CalendarInterval(0, 0, 0n))).toBe("0 seconds");
  });
});

describe("Decimal", () => {
  it("reads and prints exactly", () => {
    for (const text of ["0", "-0.001", "12345678901234567890123456789012345678", "1.50", "0.10"]) {
      expect(String(Decimal.fromString(text))).toBe(text);
    }
    expect(String(Decimal.fromString("1.5e3"))).toBe("1500");
    expect(String(Decimal.of(0.1))).toBe("0.1");
    expect(String(Decimal.of(1e21))).toBe("1000000000000000000000");
    expect(Decimal.tryFromString("1.2.3")).toBeUndefined();
  });

  it("compares and rounds by value", () => {
    expect(Decimal.fromString("1.50").equals(Decimal.fromString("1.5"))).toBe(true);
    expect(Decimal.fromString("-2").compare(Decimal.fromString("1.5"))).toBe(-1);
    expect(String(Decimal.fromString("2.345").setScale(2))).toBe("2.35");
    expect(String(Decimal.fromString("-2.345").setScale(2))).toBe("-2.35");
    expect(String(Decimal.fromString("2.345").setScale(2, "half_even"))).toBe("2.34");
    expect(String(Decimal.fromString("2.349").setScale(2, "down"))).toBe("2.34");
  });

  it("never rounds behind the user's back", () => {
    expect(Decimal.fromString("1.5") > Decimal.fromString("1.25")).toBe(true);
    expect(() => +(Decimal.fromString("1234567890123456.78") as unknown as number)).toThrow(/toNumber/);
  });
});

describe("dates", () => {
  it("agree with JavaScript's calendar", () => {
    for (let day = -1_000_000; day <= 3_000_000; day += 997) {
      const js = new Date(day * 86_400_000);
      const civil = civilFromDays(day);
      expect([civil.year, civil.month, civil.day]).toEqual([
        js.getUTCFullYear(),
        js.getUTCMonth() + 1,
        js.getUTCDate(),
      ]);
      expect(daysFromCivil(civil.year, civil.month, civil.day)).toBe(day);
    }
  });

  it("refuse days that do not exist", () => {
    expect(() => LocalDate.of(2023, 2, 29)).toThrow(RangeError);
    expect(() => Timestamp.fromString("2023-01-01 25:00:00")).toThrow(RangeError);
  });
});

describe("time zones", () => {
  it("know fixed offsets in Java's spellings", () => {
    expect(
      ["Z", "UTC", "+1", "-01:30", "+0130", "GMT+5", "UTC-03:00:30", "+19:00", "x"].map(parseOffset),
    ).toEqual([0, 0, 3600, -5400, 5400, 18000, -10830, undefined, undefined]);
    expect(findTimeZone("Nowhere/Land")).toBeUndefined();
    expect(findTimeZone("europe/berlin")).toBeUndefined();
    expect(timeZone("PST").offsetAt(0)).toBe(-8 * 3600);
  });

  // Java: ZoneId.of("America/Los_Angeles"), LocalDateTime.atZone.
  it("settle gaps and overlaps as Java does", () => {
    const zone = timeZone("America/Los_Angeles");
    const instant = (text: string): string =>
      String(new Timestamp(localToInstantMicros(LocalTimestamp.fromString(text).localMicros, zone)));
    expect(instant("2024-03-10 01:59:59")).toBe("2024-03-10 09:59:59");
    expect(instant("2024-03-10 02:30:00")).toBe("2024-03-10 10:30:00");
    expect(instant("2024-03-10 03:00:00")).toBe("2024-03-10 10:00:00");
    expect(instant("2024-11-03 01:30:00")).toBe("2024-11-03 08:30:00");
    expect(instant("2024-11-03 02:00:00")).toBe("2024-11-03 10:00:00");
    expect(instant("2500-07-01 00:00:00")).toBe("2500-07-01 07:00:00");
  });

  it("use local mean time before there were zones", () => {
    const zone = timeZone("Europe/Berlin");
    expect(zone.offsetAt(-5_000_000_000)).toBe(3208);
    expect(instantToLocalMicros(0n, zone)).toBe(3_600_000_000n);
  });
});

describe("Row", () => {
  it("gives values by position and name", () => {
    const make = rowFactory(["age", "name", "length"]);
    const alice = make([2, "Alice", 7]);
    expect([alice[0], alice.age, alice.name, alice.get("length"), alice.length]).toEqual([
      2,
      2,
      "Alice",
      7,
      3,
    ]);
    expect([...alice]).toEqual([2, "Alice", 7]);
    expect(alice.asDict()).toEqual({ age: 2, name: "Alice", length: 7 });
    expect(() => alice.get("nope")).toThrow(RangeError);
  });

  it("prints as in PySpark", () => {
    const inner = row({ d: Decimal.fromString("1.50"), t: LocalDate.of(2020, 1, 2) });
    expect(String(row({ a: 1, b: "it's", c: null, r: inner, l: [true, 1.5], m: new Map([["k", 1]]) }))).toBe(
      "Row(a=1, b=\"it's\", c=None, r=Row(d=Decimal('1.50'), t=datetime.date(2020, 1, 2)), l=[True, 1.5], m={'k': 1})",
    );
    expect(String(row({ t: Timestamp.fromString("2020-01-02 03:04:00") }))).toBe(
      "Row(t=datetime.datetime(2020, 1, 2, 3, 4))",
    );
  });

  it("compares deeply", () => {
    expect(
      row({ a: [1, Number.NaN], m: new Map([["x", 1n]]) }).equals(
        row({ a: [1, Number.NaN], m: new Map([["x", 1n]]) }),
      ),
    ).toBe(true);
    expect(row({ a: 1 }).equals(row({ b: 1 }))).toBe(false);
  });
});

describe("safeLong", () => {
  it("keeps every digit", () => {
    expect(safeLong(9_007_199_254_740_991n)).toBe(9_007_199_254_740_991);
    expect(safeLong(-9_007_199_254_740_993n)).toBe(-9_007_199_254_740_993n);
  });
});
