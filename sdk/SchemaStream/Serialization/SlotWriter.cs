using SchemaStream.Transport;

namespace SchemaStream.Serialization;

/// <summary>Writes one slot of a topic: prefix, where the format has one, and payload.</summary>
/// <typeparam name="T">The C# type.</typeparam>
internal sealed class SlotWriter<T>
{
    private readonly ISchemaSerializer<T> _serializer;
    private readonly SerializationContext _context;
    private readonly int _schemaId;
    private readonly SlotKind _kind;

    /// <summary>Makes the writer of a slot.</summary>
    /// <param name="serializer">Writes the payload.</param>
    /// <param name="context">The topic and the slot.</param>
    /// <param name="schemaId">The schema's id; 0 for a primitive.</param>
    public SlotWriter(ISchemaSerializer<T> serializer, SerializationContext context, int schemaId)
    {
        _serializer = serializer;
        _context = context;
        _schemaId = schemaId;
        _kind = serializer.Format == SchemaFormat.None ? SlotKind.Nothing
            : SchemaFormatNames.HasSchema(serializer.Format) ? SlotKind.Schema
            : SlotKind.Primitive;
    }

    private enum SlotKind
    {
        Nothing,
        Primitive,
        Schema,
    }

    /// <summary>Writes a value.</summary>
    /// <returns>False for null, which is not written but left out.</returns>
    public bool Write(T value, EncodedRecord output)
    {
        if (value is null || _kind == SlotKind.Nothing)
        {
            return false;
        }

        if (_kind == SlotKind.Schema)
        {
            WireFormat.WritePrefix(output.GetSpan(WireFormat.PrefixBytes), _schemaId);
            output.Advance(WireFormat.PrefixBytes);
        }

        _serializer.Serialize(value, in _context, output);
        return true;
    }
}
