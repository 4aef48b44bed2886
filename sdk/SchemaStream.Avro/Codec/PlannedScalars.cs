using System.ComponentModel;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Codec;

/// <summary>Values without parts, read as a plan says: promoted, in the writer's unit and scale. For generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class PlannedScalars
{
    /// <summary>A boolean.</summary>
    public static bool ReadBoolean(ref AvroReader reader, AvroPlan plan)
    {
        _ = plan.Follow(ref reader);
        return reader.ReadBoolean();
    }

    /// <summary>An <see cref="sbyte"/>; a number outside of it is a fault of the data.</summary>
    public static sbyte ReadSByte(ref AvroReader reader, AvroPlan plan) => AvroNumbers.ToSByte(ReadInt64(ref reader, plan));

    /// <summary>A <see cref="byte"/>; a number outside of it is a fault of the data.</summary>
    public static byte ReadByte(ref AvroReader reader, AvroPlan plan) => AvroNumbers.ToByte(ReadInt64(ref reader, plan));

    /// <summary>A <see cref="short"/>; a number outside of it is a fault of the data.</summary>
    public static short ReadInt16(ref AvroReader reader, AvroPlan plan) => AvroNumbers.ToInt16(ReadInt64(ref reader, plan));

    /// <summary>A <see cref="ushort"/>; a number outside of it is a fault of the data.</summary>
    public static ushort ReadUInt16(ref AvroReader reader, AvroPlan plan) => AvroNumbers.ToUInt16(ReadInt64(ref reader, plan));

    /// <summary>An <see cref="int"/>; a number outside of it is a fault of the data.</summary>
    public static int ReadInt32(ref AvroReader reader, AvroPlan plan) => AvroNumbers.ToInt32(ReadInt64(ref reader, plan));

    /// <summary>A <see cref="uint"/>; a number outside of it is a fault of the data.</summary>
    public static uint ReadUInt32(ref AvroReader reader, AvroPlan plan) => AvroNumbers.ToUInt32(ReadInt64(ref reader, plan));

    /// <summary>A long, or an int as one.</summary>
    public static long ReadInt64(ref AvroReader reader, AvroPlan plan) => Integer(ref reader, plan.Follow(ref reader));

    /// <summary>A <see cref="ulong"/> from a decimal; a fraction, or a number outside of it, is a fault of the data.</summary>
    public static ulong ReadUInt64(ref AvroReader reader, AvroPlan plan)
    {
        var value = plan.Follow(ref reader).InBranch();
        return value.Writer is AvroFixedSchema sized
            ? reader.ReadUInt64Fixed(sized.Size, value.Logical!.Scale)
            : value.Logical!.Kind == AvroLogicalKind.BigDecimal ? reader.ReadUInt64BigDecimal()
            : reader.ReadUInt64(value.Logical.Scale);
    }

    /// <summary>A float, or an integer as one.</summary>
    public static float ReadSingle(ref AvroReader reader, AvroPlan plan)
    {
        var value = plan.Follow(ref reader).InBranch();
        return value.Writer.Kind switch
        {
            AvroSchemaKind.Int => reader.ReadInt(),
            AvroSchemaKind.Long => reader.ReadLong(),
            AvroSchemaKind.Double => (float)reader.ReadDouble(),
            _ => reader.ReadFloat(),
        };
    }

    /// <summary>A double, or any other number as one.</summary>
    public static double ReadDouble(ref AvroReader reader, AvroPlan plan)
    {
        var value = plan.Follow(ref reader).InBranch();
        return value.Writer.Kind switch
        {
            AvroSchemaKind.Int => reader.ReadInt(),
            AvroSchemaKind.Long => reader.ReadLong(),
            AvroSchemaKind.Float => reader.ReadFloat(),
            _ => reader.ReadDouble(),
        };
    }

    /// <summary>A string, also from bytes that are UTF-8.</summary>
    public static string ReadString(ref AvroReader reader, AvroPlan plan)
    {
        _ = plan.Follow(ref reader);
        return reader.ReadString();
    }

    /// <summary>Bytes, also of a string.</summary>
    public static byte[] ReadByteArray(ref AvroReader reader, AvroPlan plan) =>
        plan.Follow(ref reader).InBranch().Writer is AvroFixedSchema sized ? reader.ReadFixedBytes(sized.Size) : reader.ReadBytes();

    /// <summary>Bytes, also of a string.</summary>
    public static ReadOnlyMemory<byte> ReadMemory(ref AvroReader reader, AvroPlan plan) => ReadByteArray(ref reader, plan);

    /// <summary>A decimal in the writer's scale, or in its own.</summary>
    public static decimal ReadDecimal(ref AvroReader reader, AvroPlan plan, bool keepScale)
    {
        var value = plan.Follow(ref reader).InBranch();
        return value.Writer is AvroFixedSchema sized
            ? reader.ReadDecimalFixed(sized.Size, value.Logical!.Scale, keepScale)
            : value.Logical!.Kind == AvroLogicalKind.BigDecimal ? reader.ReadBigDecimal()
            : reader.ReadDecimal(value.Logical.Scale, keepScale);
    }

    /// <summary>A UUID, from its text or its sixteen bytes.</summary>
    public static Guid ReadGuid(ref AvroReader reader, AvroPlan plan) =>
        plan.Follow(ref reader).InBranch().Writer is AvroFixedSchema ? reader.ReadGuidBytes() : reader.ReadGuid();

    /// <summary>An instant in the writer's unit, as UTC; a local one of unspecified kind.</summary>
    public static DateTime ReadDateTime(ref AvroReader reader, AvroPlan plan)
    {
        var value = plan.Follow(ref reader).InBranch();
        var count = Integer(ref reader, value);
        return value.Logical?.Kind switch
        {
            AvroLogicalKind.Date => AvroTimes.MidnightFromDays((int)count),
            AvroLogicalKind.TimestampMillis => AvroTimes.UtcFromMillis(count),
            AvroLogicalKind.TimestampNanos => AvroTimes.UtcFromNanos(count),
            AvroLogicalKind.LocalTimestampMillis => AvroTimes.LocalFromMillis(count),
            AvroLogicalKind.LocalTimestampMicros => AvroTimes.LocalFromMicros(count),
            AvroLogicalKind.LocalTimestampNanos => AvroTimes.LocalFromNanos(count),
            _ => AvroTimes.UtcFromMicros(count),
        };
    }

    /// <summary>An instant in the writer's unit, in UTC.</summary>
    public static DateTimeOffset ReadDateTimeOffset(ref AvroReader reader, AvroPlan plan)
    {
        var value = plan.Follow(ref reader).InBranch();
        var count = Integer(ref reader, value);
        return value.Logical?.Kind switch
        {
            AvroLogicalKind.TimestampMillis => AvroTimes.OffsetFromMillis(count),
            AvroLogicalKind.TimestampNanos => AvroTimes.OffsetFromNanos(count),
            _ => AvroTimes.OffsetFromMicros(count),
        };
    }

    /// <summary>A date.</summary>
    public static DateOnly ReadDateOnly(ref AvroReader reader, AvroPlan plan)
    {
        _ = plan.Follow(ref reader);
        return AvroTimes.FromDays(reader.ReadInt());
    }

    /// <summary>A time of day in the writer's unit.</summary>
    public static TimeOnly ReadTimeOnly(ref AvroReader reader, AvroPlan plan)
    {
        var value = plan.Follow(ref reader).InBranch();
        var count = Integer(ref reader, value);
        return value.Logical?.Kind == AvroLogicalKind.TimeMillis ? AvroTimes.TimeFromMillis((int)count) : AvroTimes.TimeFromMicros(count);
    }

    /// <summary>A time span: its ticks, or a duration without months.</summary>
    public static TimeSpan ReadTimeSpan(ref AvroReader reader, AvroPlan plan)
    {
        var value = plan.Follow(ref reader).InBranch();
        if (value.Writer is AvroFixedSchema)
        {
            return reader.ReadDuration();
        }

        var count = Integer(ref reader, value);
        return value.Logical?.Kind switch
        {
            AvroLogicalKind.TimeMillis => AvroTimes.SpanFromMillis((int)count),
            AvroLogicalKind.TimeMicros => AvroTimes.SpanFromMicros(count),
            _ => TimeSpan.FromTicks(count),
        };
    }

    private static long Integer(ref AvroReader reader, AvroPlan plan) =>
        plan.InBranch().Writer.Kind == AvroSchemaKind.Int ? reader.ReadInt() : reader.ReadLong();
}
