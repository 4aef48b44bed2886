using System.Diagnostics.CodeAnalysis;
using SchemaStream.Avro.Codec;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro;

/// <summary>A record for whom there is no C# type: its fields by name or position.</summary>
/// <remarks>
/// <para>
/// Values are what Avro has: null, <see cref="bool"/>, <see cref="int"/>, <see cref="long"/>, <see cref="float"/>,
/// <see cref="double"/>, <see cref="string"/> (also for an enum's symbol), <see cref="byte"/> arrays (also for fixed),
/// <c>List&lt;object?&gt;</c>, <c>Dictionary&lt;string, object?&gt;</c> and <see cref="AvroRecord"/>. Logical types stay as they are stored;
/// <see cref="Get{T}(string)"/> and <see cref="Set{T}(string, T)"/> give and take them as C# types.
/// </para>
/// <para>
/// Two records are equal when their types have one name and their fields hold equal values, looked at in depth. Not
/// thread-safe while it is changed.
/// </para>
/// </remarks>
public sealed class AvroRecord : IEquatable<AvroRecord>
{
    private readonly object?[] _values;

    /// <summary>Makes a record whose fields are all null, whether the schema allows that or not: fill in those that it does not.</summary>
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

    /// <summary>A field's value as it is stored, by its name.</summary>
    /// <param name="name">The field's name.</param>
    /// <exception cref="ArgumentException">The record has no such field.</exception>
    public object? this[string name]
    {
        get => _values[PositionOf(name)];
        set => _values[PositionOf(name)] = value;
    }

    /// <summary>A field's value as it is stored, by its position, from 0.</summary>
    /// <param name="position">The field's position.</param>
    /// <exception cref="IndexOutOfRangeException">The record has no such field.</exception>
    public object? this[int position]
    {
        get => _values[position];
        set => _values[position] = value;
    }

    /// <summary>Makes a record whose fields have the schema's defaults; null where there is none.</summary>
    /// <param name="schema">Its schema.</param>
    [RequiresUnreferencedCode(AvroReflection.Trimming)]
    [RequiresDynamicCode(AvroReflection.DynamicCode)]
    public static AvroRecord WithDefaults(AvroRecordSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var record = new AvroRecord(schema);
        foreach (var field in schema.Fields)
        {
            if (field.Default is not null)
            {
                record._values[field.Position] = StoredValues.Read(field.Schema, DefaultBytes.Of(field));
            }
        }

        return record;
    }

    /// <summary>A value of a C# type as a record.</summary>
    /// <param name="value">The value.</param>
    /// <param name="schema">The record's schema; null for the type's own.</param>
    /// <typeparam name="T">A type whose schema is a record.</typeparam>
    /// <exception cref="AvroSchemaException">The type has no schema, or does not fit the one that is given.</exception>
    [RequiresUnreferencedCode(AvroReflection.Trimming)]
    [RequiresDynamicCode(AvroReflection.DynamicCode)]
    public static AvroRecord From<T>(T value, AvroRecordSchema? schema = null)
    {
        var own = schema ?? AvroSchema.FromType<T>() as AvroRecordSchema
            ?? throw new AvroSchemaException($"{typeof(T).Name} is not a record to Avro");
        return (AvroRecord)StoredValues.From(own, value)!;
    }

    /// <summary>The record as a value of a C# type, by the same rules as data is read.</summary>
    /// <typeparam name="T">The C# type.</typeparam>
    /// <exception cref="AvroSchemaException">The type does not fit the schema.</exception>
    /// <exception cref="AvroDataException">A field's value does not fit its schema.</exception>
    [RequiresUnreferencedCode(AvroReflection.Trimming)]
    [RequiresDynamicCode(AvroReflection.DynamicCode)]
    public T To<T>() => StoredValues.To<T>(Schema, this, Schema.Name.Name);

    /// <summary>A field's value as a C# type: a <see cref="decimal"/>, a <see cref="Guid"/>, a list of records of yours.</summary>
    /// <param name="name">The field's name.</param>
    /// <typeparam name="T">The C# type, which has to fit the field's schema.</typeparam>
    /// <exception cref="ArgumentException">The record has no such field.</exception>
    /// <exception cref="AvroSchemaException">The type does not fit the field's schema.</exception>
    /// <exception cref="AvroDataException">The value does not fit the field's schema.</exception>
    [RequiresUnreferencedCode(AvroReflection.Trimming)]
    [RequiresDynamicCode(AvroReflection.DynamicCode)]
    public T Get<T>(string name)
    {
        var field = Schema.Fields[PositionOf(name)];
        return StoredValues.To<T>(field.Schema, _values[field.Position], $"{Schema.Name.Name}.{name}");
    }

    /// <summary>Sets a field to a value of a C# type, which is stored as the field's schema has it.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="value">The value.</param>
    /// <typeparam name="T">The C# type, which has to fit the field's schema.</typeparam>
    /// <exception cref="ArgumentException">The record has no such field.</exception>
    /// <exception cref="AvroSchemaException">The type does not fit the field's schema.</exception>
    /// <exception cref="AvroDataException">The value does not fit the field's schema.</exception>
    [RequiresUnreferencedCode(AvroReflection.Trimming)]
    [RequiresDynamicCode(AvroReflection.DynamicCode)]
    public void Set<T>(string name, T value)
    {
        var field = Schema.Fields[PositionOf(name)];
        _values[field.Position] = StoredValues.From(field.Schema, value);
    }

    /// <summary>A field's value as it is stored, if there is such a field.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="value">The value; null also when there is no such field.</param>
    /// <returns>Whether there is such a field.</returns>
    public bool TryGetValue(string name, out object? value)
    {
        var field = Schema.FindField(name);
        value = field is null ? null : _values[field.Position];
        return field is not null;
    }

    /// <inheritdoc/>
    public bool Equals(AvroRecord? other) =>
        other is not null && (ReferenceEquals(this, other)
            || (Schema.FullName == other.Schema.FullName && StoredValues.AreEqual(_values, other._values)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AvroRecord);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        // Collections are left out: equal ones have different hashes, and those who need a quick one have none in keys.
        var hash = default(HashCode);
        hash.Add(Schema.FullName);
        foreach (var value in _values)
        {
            hash.Add(value is string or ValueType or AvroRecord ? value.GetHashCode() : 0);
        }

        return hash.ToHashCode();
    }

    /// <summary>The record as JSON, for people: bytes as hexadecimal text.</summary>
    public override string ToString() => StoredText.Of(this);

    private int PositionOf(string name) =>
        Schema.FindField(name)?.Position ?? throw new ArgumentException($"{Schema.FullName} has no field \"{name}\".", nameof(name));
}
