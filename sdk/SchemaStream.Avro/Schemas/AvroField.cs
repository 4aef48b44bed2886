using System.Text.Json;

namespace SchemaStream.Avro.Schemas;

/// <summary>A field of a record.</summary>
public sealed class AvroField
{
    internal AvroField(string name, int position, AvroSchema schema)
    {
        Name = name;
        Position = position;
        Schema = schema;
    }

    /// <summary>The field's name.</summary>
    public string Name { get; }

    /// <summary>Its place in the record, from 0.</summary>
    public int Position { get; }

    /// <summary>The type of its value.</summary>
    public AvroSchema Schema { get; }

    /// <summary>The value, as JSON, that a reader takes when the writer has no such field; null when there is none.</summary>
    public JsonElement? Default { get; internal init; }

    /// <summary>Documentation for people; null for none.</summary>
    public string? Doc { get; internal init; }

    /// <summary>How the field takes part in the order of records.</summary>
    public AvroFieldOrder Order { get; internal init; }

    /// <summary>Other names under which a reader accepts a writer's field.</summary>
    public IReadOnlyList<string> Aliases { get; internal init; } = [];

    /// <summary>Attributes that Avro does not define, in the order written.</summary>
    public IReadOnlyList<AvroProperty> Properties { get; internal init; } = [];
}
