using System.ComponentModel;

namespace SchemaStream.Avro.Codec;

/// <summary>.NET's dates and times as Avro's counts, and back.</summary>
/// <remarks>
/// Finer ticks than the unit are dropped towards the past, so order is kept. A <see cref="DateTime"/> of unspecified
/// kind counts as UTC for timestamps; for local timestamps its clock reading is taken as it is.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class AvroTimes
{
    private const long TicksPerMicro = TimeSpan.TicksPerMicrosecond;
    private const long TicksPerMilli = TimeSpan.TicksPerMillisecond;
    private const long NanosPerTick = 100;
    private const int EpochDay = 719162;

    /// <summary>Milliseconds since the Unix epoch.</summary>
    public static long ToMillis(DateTimeOffset value) => FloorDivide(value.UtcTicks - DateTime.UnixEpoch.Ticks, TicksPerMilli);

    /// <summary>Microseconds since the Unix epoch.</summary>
    public static long ToMicros(DateTimeOffset value) => FloorDivide(value.UtcTicks - DateTime.UnixEpoch.Ticks, TicksPerMicro);

    /// <summary>Nanoseconds since the Unix epoch; an instant outside of 1677 to 2262 is refused.</summary>
    public static long ToNanos(DateTimeOffset value, string path) => Nanos(value.UtcTicks - DateTime.UnixEpoch.Ticks, path);

    /// <summary>Milliseconds since the Unix epoch.</summary>
    public static long ToMillis(DateTime value) => FloorDivide(UtcTicks(value) - DateTime.UnixEpoch.Ticks, TicksPerMilli);

    /// <summary>Microseconds since the Unix epoch.</summary>
    public static long ToMicros(DateTime value) => FloorDivide(UtcTicks(value) - DateTime.UnixEpoch.Ticks, TicksPerMicro);

    /// <summary>Nanoseconds since the Unix epoch; an instant outside of 1677 to 2262 is refused.</summary>
    public static long ToNanos(DateTime value, string path) => Nanos(UtcTicks(value) - DateTime.UnixEpoch.Ticks, path);

    /// <summary>Milliseconds from 1970-01-01 00:00 to the clock reading, of whatever kind.</summary>
    public static long ToLocalMillis(DateTime value) => FloorDivide(value.Ticks - DateTime.UnixEpoch.Ticks, TicksPerMilli);

    /// <summary>Microseconds from 1970-01-01 00:00 to the clock reading, of whatever kind.</summary>
    public static long ToLocalMicros(DateTime value) => FloorDivide(value.Ticks - DateTime.UnixEpoch.Ticks, TicksPerMicro);

    /// <summary>Nanoseconds from 1970-01-01 00:00 to the clock reading, of whatever kind.</summary>
    public static long ToLocalNanos(DateTime value, string path) => Nanos(value.Ticks - DateTime.UnixEpoch.Ticks, path);

    /// <summary>Days since 1970-01-01.</summary>
    public static int ToDays(DateOnly value) => value.DayNumber - EpochDay;

    /// <summary>Milliseconds since midnight.</summary>
    public static int ToMillis(TimeOnly value) => (int)(value.Ticks / TicksPerMilli);

    /// <summary>Microseconds since midnight.</summary>
    public static long ToMicros(TimeOnly value) => value.Ticks / TicksPerMicro;

    /// <summary>Days from 1970-01-01 to the date of the clock reading.</summary>
    public static int ToDays(DateTime value) => ToDays(DateOnly.FromDateTime(value));

    /// <summary>Milliseconds since midnight; a span that is no time of day is refused.</summary>
    public static int ToMillis(TimeSpan value, string path) => (int)(TimeOfDay(value, path) / TicksPerMilli);

    /// <summary>Microseconds since midnight; a span that is no time of day is refused.</summary>
    public static long ToMicros(TimeSpan value, string path) => TimeOfDay(value, path) / TicksPerMicro;

    /// <summary>The instant, in UTC.</summary>
    public static DateTimeOffset OffsetFromMillis(long value) => new(Ticks(value, TicksPerMilli), TimeSpan.Zero);

    /// <summary>The instant, in UTC.</summary>
    public static DateTimeOffset OffsetFromMicros(long value) => new(Ticks(value, TicksPerMicro), TimeSpan.Zero);

    /// <summary>The instant, in UTC.</summary>
    public static DateTimeOffset OffsetFromNanos(long value) => new(NanoTicks(value), TimeSpan.Zero);

    /// <summary>The instant as a UTC time.</summary>
    public static DateTime UtcFromMillis(long value) => new(Ticks(value, TicksPerMilli), DateTimeKind.Utc);

    /// <summary>The instant as a UTC time.</summary>
    public static DateTime UtcFromMicros(long value) => new(Ticks(value, TicksPerMicro), DateTimeKind.Utc);

    /// <summary>The instant as a UTC time.</summary>
    public static DateTime UtcFromNanos(long value) => new(NanoTicks(value), DateTimeKind.Utc);

    /// <summary>The clock reading, of unspecified kind.</summary>
    public static DateTime LocalFromMillis(long value) => new(Ticks(value, TicksPerMilli), DateTimeKind.Unspecified);

    /// <summary>The clock reading, of unspecified kind.</summary>
    public static DateTime LocalFromMicros(long value) => new(Ticks(value, TicksPerMicro), DateTimeKind.Unspecified);

    /// <summary>The clock reading, of unspecified kind.</summary>
    public static DateTime LocalFromNanos(long value) => new(NanoTicks(value), DateTimeKind.Unspecified);

    /// <summary>The date; one that C# does not have is a fault of the data.</summary>
    public static DateOnly FromDays(int value)
    {
        var day = (long)value + EpochDay;
        return day >= 0 && day <= DateOnly.MaxValue.DayNumber
            ? DateOnly.FromDayNumber((int)day)
            : throw OutOfRange($"day {value} since 1970-01-01", nameof(DateOnly));
    }

    /// <summary>The date at midnight, of unspecified kind.</summary>
    public static DateTime MidnightFromDays(int value) => FromDays(value).ToDateTime(TimeOnly.MinValue);

    /// <summary>The time since midnight; more than a day is a fault of the data.</summary>
    public static TimeSpan SpanFromMillis(int value) => TimeFromMillis(value).ToTimeSpan();

    /// <summary>The time since midnight; more than a day is a fault of the data.</summary>
    public static TimeSpan SpanFromMicros(long value) => TimeFromMicros(value).ToTimeSpan();

    /// <summary>The time of day; more than a day is a fault of the data.</summary>
    public static TimeOnly TimeFromMillis(int value) => TimeFrom(value, TicksPerMilli);

    /// <summary>The time of day; more than a day is a fault of the data.</summary>
    public static TimeOnly TimeFromMicros(long value) => TimeFrom(value, TicksPerMicro);

    private static TimeOnly TimeFrom(long value, long ticksPerUnit) =>
        value >= 0 && value < TimeSpan.TicksPerDay / ticksPerUnit
            ? new TimeOnly(value * ticksPerUnit)
            : throw OutOfRange($"{value} units after midnight", nameof(TimeOnly));

    private static long TimeOfDay(TimeSpan value, string path) =>
        value >= TimeSpan.Zero && value < TimeSpan.FromDays(1)
            ? value.Ticks
            : throw new AvroDataException($"{path}: {value} is no time of day, which the schema has; without [AvroLogicalType] any span is written");

    private static long UtcTicks(DateTime value) =>
        value.Kind == DateTimeKind.Local ? value.ToUniversalTime().Ticks : value.Ticks;

    private static long FloorDivide(long value, long divisor)
    {
        var quotient = value / divisor;
        return quotient * divisor > value ? quotient - 1 : quotient;
    }

    private static long Nanos(long ticks, string path)
    {
        var nanos = Math.BigMul(ticks, NanosPerTick, out var low);
        return nanos == low >> 63
            ? low
            : throw new AvroDataException($"{path}: the time is outside of 1677 to 2262, where 64 bits count nanoseconds; microseconds reach further");
    }

    private static long Ticks(long value, long ticksPerUnit)
    {
        // The bounds in units first: the product then cannot overflow.
        if (value < -DateTime.UnixEpoch.Ticks / ticksPerUnit
            || value > (DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) / ticksPerUnit)
        {
            throw OutOfRange($"{value} units since 1970-01-01", nameof(DateTime));
        }

        return (value * ticksPerUnit) + DateTime.UnixEpoch.Ticks;
    }

    private static long NanoTicks(long value) => FloorDivide(value, NanosPerTick) + DateTime.UnixEpoch.Ticks;

    private static AvroDataException OutOfRange(string found, string type) =>
        new($"{found} is outside of what a {type} can be", isAfterValue: true);
}
