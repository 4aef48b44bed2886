using System.Collections.Concurrent;
using SchemaStream.Registry.Client;

namespace SchemaStream.Serialization;

/// <summary>Reads a slot whose bytes name their writer's schema. One compiled deserializer per schema id.</summary>
/// <typeparam name="T">The C# type.</typeparam>
/// <param name="provider">The format.</param>
/// <param name="registry">Has the writers' schemas.</param>
/// <param name="contract">The slot's format and type.</param>
/// <param name="context">The topic and the slot.</param>
internal sealed class SchemaSlotReader<T>(
    ISchemaSerializerProvider provider, IRegistryClient registry, SlotContract contract, SerializationContext context)
    : SlotReader<T>
{
    private readonly ConcurrentDictionary<int, Prepared> _prepared = new();
    private readonly SerializationContext _context = context;

    /// <summary>The schema of the last record, which is nearly always that of the next.</summary>
    private volatile Prepared? _latest;

    public override bool TryRead(ReadOnlySpan<byte> input, out T value, out int missingSchemaId)
    {
        var schemaId = WireFormat.ReadPrefix(input);
        var prepared = _latest;
        if (prepared is null || prepared.SchemaId != schemaId)
        {
            if (!_prepared.TryGetValue(schemaId, out prepared))
            {
                value = default!;
                missingSchemaId = schemaId;
                return false;
            }

            _latest = prepared;
        }

        missingSchemaId = 0;
        value = prepared.Deserializer.Deserialize(input[WireFormat.PrefixBytes..], in _context);
        return true;
    }

    public override async ValueTask PrepareAsync(int schemaId, CancellationToken cancellationToken)
    {
        RegisteredSchema writer;
        IReadOnlyList<RegisteredSchema> references;
        try
        {
            writer = await registry.GetSchemaAsync(schemaId, cancellationToken).ConfigureAwait(false);
            references = await registry.GetReferencesAsync(writer, cancellationToken).ConfigureAwait(false);
        }
        catch (RegistryException cause) when (cause.ErrorCode == RegistryErrorCodes.SchemaNotFound)
        {
            throw new SchemaSerializationException($"no schema has the id {schemaId} that it carries.", cause);
        }

        var typeName = writer.Format == contract.Format ? provider.TypeNameOf(writer, references) : null;
        new TopicContract(_context.Topic, contract, contract)
            .Demand(_context.Slot, new SlotContract(writer.Format, typeName));
        _prepared[schemaId] = new Prepared(schemaId, provider.CreateDeserializer<T>(writer, references));
    }

    private sealed record Prepared(int SchemaId, ISchemaDeserializer<T> Deserializer);
}
