using System.Text.Json;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Text;

/// <summary>Recognises logical types. One that is unknown or does not fit its type is no error: it is ignored.</summary>
internal static class LogicalTypes
{
    private static readonly Dictionary<string, (AvroLogicalKind Kind, AvroSchemaKind On)> Simple = new()
    {
        ["date"] = (AvroLogicalKind.Date, AvroSchemaKind.Int),
        ["time-millis"] = (AvroLogicalKind.TimeMillis, AvroSchemaKind.Int),
        ["time-micros"] = (AvroLogicalKind.TimeMicros, AvroSchemaKind.Long),
        ["timestamp-millis"] = (AvroLogicalKind.TimestampMillis, AvroSchemaKind.Long),
        ["timestamp-micros"] = (AvroLogicalKind.TimestampMicros, AvroSchemaKind.Long),
        ["timestamp-nanos"] = (AvroLogicalKind.TimestampNanos, AvroSchemaKind.Long),
        ["local-timestamp-millis"] = (AvroLogicalKind.LocalTimestampMillis, AvroSchemaKind.Long),
        ["local-timestamp-micros"] = (AvroLogicalKind.LocalTimestampMicros, AvroSchemaKind.Long),
        ["local-timestamp-nanos"] = (AvroLogicalKind.LocalTimestampNanos, AvroSchemaKind.Long),
        ["big-decimal"] = (AvroLogicalKind.BigDecimal, AvroSchemaKind.Bytes),
        ["timespan-ticks"] = (AvroLogicalKind.TimeSpanTicks, AvroSchemaKind.Long),
    };

    /// <summary>The logical type among a schema's properties; null for none that is meant and fits.</summary>
    /// <param name="properties">The schema's properties.</param>
    /// <param name="on">The type that carries it.</param>
    /// <param name="size">The size of a fixed; otherwise 0.</param>
    public static AvroLogicalType? Read(List<AvroProperty> properties, AvroSchemaKind on, int size)
    {
        var name = properties.Find(property => property.Name == "logicalType").Value;
        if (name.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        var word = name.GetString()!;
        if (Simple.TryGetValue(word, out var entry))
        {
            return entry.On == on ? new AvroLogicalType(entry.Kind) : null;
        }

        return word switch
        {
            "uuid" when on == AvroSchemaKind.String || (on == AvroSchemaKind.Fixed && size == 16) =>
                new AvroLogicalType(AvroLogicalKind.Uuid),
            "duration" when on == AvroSchemaKind.Fixed && size == 12 => new AvroLogicalType(AvroLogicalKind.Duration),
            "decimal" when on is AvroSchemaKind.Bytes or AvroSchemaKind.Fixed => ReadDecimal(properties, on, size),
            _ => null,
        };
    }

    private static AvroLogicalType? ReadDecimal(List<AvroProperty> properties, AvroSchemaKind on, int size)
    {
        var precision = Number(properties, "precision", -1);
        var scale = Number(properties, "scale", 0);
        var fits = on == AvroSchemaKind.Bytes || precision <= MaxDigits(size);
        return precision >= 1 && scale >= 0 && scale <= precision && fits
            ? new AvroLogicalType(AvroLogicalKind.Decimal, precision, scale)
            : null;
    }

    private static int Number(List<AvroProperty> properties, string name, int missing)
    {
        var value = properties.Find(property => property.Name == name).Value;
        return value.ValueKind switch
        {
            JsonValueKind.Undefined => missing,
            JsonValueKind.Number when value.TryGetInt32(out var number) => number,
            _ => -1,
        };
    }

    /// <summary>How many decimal digits always fit a two's-complement number of so many bytes.</summary>
    private static double MaxDigits(int size) => Math.Floor(Math.Log10(2) * ((8.0 * size) - 1));
}
