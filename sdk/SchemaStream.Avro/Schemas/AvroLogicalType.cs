namespace SchemaStream.Avro.Schemas;

/// <summary>What a primitive or fixed stands for.</summary>
public enum AvroLogicalKind
{
    /// <summary>A two's-complement unscaled integer with a fixed scale, in bytes or fixed.</summary>
    Decimal = 1,

    /// <summary>A UUID, as a string or sixteen bytes.</summary>
    Uuid = 2,

    /// <summary>Days since 1970-01-01.</summary>
    Date = 3,

    /// <summary>Milliseconds since midnight, an int.</summary>
    TimeMillis = 4,

    /// <summary>Microseconds since midnight, a long.</summary>
    TimeMicros = 5,

    /// <summary>Milliseconds since the Unix epoch, UTC.</summary>
    TimestampMillis = 6,

    /// <summary>Microseconds since the Unix epoch, UTC.</summary>
    TimestampMicros = 7,

    /// <summary>Nanoseconds since the Unix epoch, UTC.</summary>
    TimestampNanos = 8,

    /// <summary>Milliseconds since 1970-01-01 00:00 of whatever the local clock says.</summary>
    LocalTimestampMillis = 9,

    /// <summary>Microseconds since 1970-01-01 00:00 of whatever the local clock says.</summary>
    LocalTimestampMicros = 10,

    /// <summary>Nanoseconds since 1970-01-01 00:00 of whatever the local clock says.</summary>
    LocalTimestampNanos = 11,

    /// <summary>Months, days and milliseconds: three unsigned little-endian 32-bit numbers in a fixed of twelve.</summary>
    Duration = 12,

    /// <summary>Ours: a count of 100-nanosecond ticks as a signed long, for <see cref="TimeSpan"/>; others read a plain long.</summary>
    TimeSpanTicks = 13,

    /// <summary>A decimal that carries its own scale, in bytes: each value keeps its digits as they are.</summary>
    BigDecimal = 14,
}

/// <summary>A logical type that this library gives meaning to. Unknown or ill-formed ones are kept as text and ignored, as the specification asks.</summary>
/// <param name="Kind">Which one.</param>
/// <param name="Precision">Digits of a decimal; otherwise 0.</param>
/// <param name="Scale">Fractional digits of a decimal; otherwise 0.</param>
public sealed record AvroLogicalType(AvroLogicalKind Kind, int Precision = 0, int Scale = 0);
