using System.Buffers.Binary;
using SchemaStream;
using SchemaStream.Registry.Client;

namespace Shop.Demo.Auditing;

/// <summary>Makes objects of values in Confluent's wire format: a zero, the schema's id, the payload.</summary>
internal sealed class ValueReader<T>(IRegistryClient registry, ISchemaSerializerProvider format)
{
    private const int PrefixBytes = 5;

    private readonly Dictionary<int, ISchemaDeserializer<T>> _readers = [];

    public async Task<List<T>> ReadAsync(IEnumerable<RawRecord> records, CancellationToken cancellationToken)
    {
        var values = new List<T>();
        foreach (var record in records)
        {
            var value = record.Value is { Length: >= PrefixBytes } bytes && bytes[0] == 0
                ? bytes
                : throw new DemoFailedException($"{record.Topic}[{record.Partition}] at {record.Offset} is not in the wire format");
            var id = BinaryPrimitives.ReadInt32BigEndian(value.AsSpan(1));
            if (!_readers.TryGetValue(id, out var reader))
            {
                var schema = await registry.GetSchemaAsync(id, cancellationToken);
                var references = await registry.GetReferencesAsync(schema, cancellationToken);
                _readers[id] = reader = format.CreateDeserializer<T>(schema, references);
            }

            values.Add(reader.Deserialize(value.AsSpan(PrefixBytes), new SerializationContext(record.Topic, RecordSlot.Value)));
        }

        return values;
    }
}
