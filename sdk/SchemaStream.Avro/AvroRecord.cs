using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro;

/// <summary>A record for whom there is no C# type: its fields by name or position.</summary>
/// <remarks>
/// Values are what Avro has: null, <see cref="bool"/>, <see cref="int"/>, <see cref="long"/>, <see cref="float"/>,
/// <see cref="double"/>, <see cref="string"/> (also for an enum's symbol), <see cref="byte"/> arrays (also for fixed),
/// <c>List&lt;object?&gt;</c>, <c>Dictionary&lt;string, object?&gt;</c> and <see cref="AvroRecord"/>. Logical types stay as they are stored.
/// </remarks>
public sealed class AvroRecord
{
    private readonly object?[] _values;

    /// <summary>Makes a record whose fields are all null.</summary>
    /// <param name="schema">Its schema.</param>
    public AvroRecord(AvroRecordSchema schema)
        : this(schema, new object?[schema.Fields.Count])
    {
    }

    internal AvroRecord(AvroRecordSchema schema, object?[] values)
    {
        Schema = schema;
        _values = values;
    }

    /// <summary>The schema that says which fields there are.</summary>
    public AvroRecordSchema Schema { get; }

    /// <summary>A field's value by its name.</summary>
    /// <param name="name">The field's name.</param>
    public object? this[string name]
    {
        get => _values[PositionOf(name)];
        set => _values[PositionOf(name)] = value;
    }

    /// <summary>A field's value by its position, from 0.</summary>
    /// <param name="position">The field's position.</param>
    public object? this[int position]
    {
        get => _values[position];
        set => _values[position] = value;
    }

    private int PositionOf(string name) =>
        Schema.FindField(name)?.Position ?? throw new ArgumentException($"{Schema.FullName} has no field \"{name}\".", nameof(name));
}
