using System.Diagnostics.CodeAnalysis;

namespace SchemaStream;

/// <summary>The names of formats as contracts and registries write them: <c>AVRO</c>, <c>string</c>, <c>int64</c>.</summary>
public static class SchemaFormatNames
{
    private static readonly (SchemaFormat Format, string Name)[] Table =
    [
        (SchemaFormat.None, "none"),
        (SchemaFormat.Avro, "AVRO"),
        (SchemaFormat.Json, "JSON"),
        (SchemaFormat.Protobuf, "PROTOBUF"),
        (SchemaFormat.String, "string"),
        (SchemaFormat.Bytes, "bytes"),
        (SchemaFormat.Int32, "int32"),
        (SchemaFormat.Int64, "int64"),
        (SchemaFormat.Float32, "float32"),
        (SchemaFormat.Float64, "float64"),
        (SchemaFormat.Uuid, "uuid"),
    ];

    /// <summary>All names, in the order in which messages list them.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Table.Select(row => row.Name)];

    /// <summary>The format's name.</summary>
    /// <param name="format">A format.</param>
    public static string NameOf(SchemaFormat format)
    {
        foreach (var row in Table)
        {
            if (row.Format == format)
            {
                return row.Name;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(format), format, "not a format");
    }

    /// <summary>Reads a format's name; upper and lower case are the same.</summary>
    /// <param name="name">The name as written.</param>
    /// <param name="format">The format.</param>
    /// <returns>Whether there is a format of this name.</returns>
    public static bool TryParse([NotNullWhen(true)] string? name, out SchemaFormat format)
    {
        foreach (var row in Table)
        {
            if (string.Equals(row.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                format = row.Format;
                return true;
            }
        }

        format = default;
        return false;
    }

    /// <summary>Whether values of the format follow a schema that lives in the registry.</summary>
    /// <param name="format">A format.</param>
    public static bool HasSchema(SchemaFormat format) =>
        format is SchemaFormat.Avro or SchemaFormat.Json or SchemaFormat.Protobuf;
}
