using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SchemaStream.Registry.Client;

namespace SchemaStream.Contracts;

/// <summary>The SDK's gate: nothing is sent to or read from a topic before its types agree with the topic's contract.</summary>
/// <param name="registry">Keeps the contracts.</param>
/// <param name="formats">Name the types of schemas.</param>
/// <param name="unknownSchema">What to do with a schema that the registry does not know.</param>
/// <param name="logger">Where bindings are logged.</param>
internal sealed class ContractGate(
    IRegistryClient registry, FormatTable formats, UnknownSchema unknownSchema, ILogger logger)
{
    /// <summary>What this program has said about topics: it cannot say otherwise later, whatever the registry knows.</summary>
    private readonly ConcurrentDictionary<string, TopicContract> _said = new(StringComparer.Ordinal);

    /// <summary>Whether the registry is one of ours; null until it was asked.</summary>
    private bool? _offersContracts;

    private int _hasWarned;

    /// <summary>Checks what a program says about a topic, and binds the topic's contract if it has none.</summary>
    /// <param name="offered">What the program says.</param>
    /// <param name="unbound">Whether to bind a topic without a contract.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="TopicContractException">The topic carries other types.</exception>
    public async Task AdmitAsync(TopicContract offered, UnboundTopic unbound, CancellationToken cancellationToken)
    {
        if (_said.TryGetValue(offered.Topic, out var said))
        {
            Demand(said, offered);
        }

        await AgreeAsync(offered, unbound, cancellationToken).ConfigureAwait(false);
        Demand(_said.GetOrAdd(offered.Topic, offered), offered);
    }

    /// <summary>The id of a serializer's schema under its subject.</summary>
    /// <param name="offered">What the program says about the topic.</param>
    /// <param name="slot">Key or value.</param>
    /// <param name="serializer">Has the schema, and those that it references, which are registered first.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The id; 0 for a primitive.</returns>
    /// <exception cref="RegistryException">The registry refuses the schema, for example as incompatible.</exception>
    public async Task<int> SchemaIdAsync<T>(
        TopicContract offered, RecordSlot slot, ISchemaSerializer<T> serializer, CancellationToken cancellationToken)
    {
        if (serializer.SchemaText is not { } schemaText || offered[slot] is not { Subject: { } subject } type)
        {
            return 0;
        }

        try
        {
            var references = await ReferencesAsync(type.Format, serializer.References, cancellationToken).ConfigureAwait(false);
            var definition = new SchemaDefinition(type.Format, schemaText, references);
            if (unknownSchema == UnknownSchema.Reject)
            {
                return (await FindAsync(subject, definition, type.Describe(), cancellationToken).ConfigureAwait(false)).Id;
            }

            return (await registry.RegisterAsync(subject, definition, cancellationToken).ConfigureAwait(false)).Id;
        }
        catch (RegistryException refusal) when (refusal.ErrorCode == RegistryErrorCodes.ContractViolated)
        {
            throw await ExplainAsync(offered, refusal, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Registers what a schema references, depth first: a reference names a version, which has to be there.</summary>
    private async ValueTask<IReadOnlyList<SchemaReference>?> ReferencesAsync(
        SchemaFormat format, IReadOnlyList<ReferencedSchema> referenced, CancellationToken cancellationToken)
    {
        if (referenced.Count == 0)
        {
            return null;
        }

        var references = new List<SchemaReference>(referenced.Count);
        foreach (var schema in referenced)
        {
            var inner = await ReferencesAsync(format, schema.References, cancellationToken).ConfigureAwait(false);
            var definition = new SchemaDefinition(format, schema.Text, inner);
            if (unknownSchema == UnknownSchema.Register)
            {
                await registry.RegisterAsync(schema.Subject, definition, cancellationToken).ConfigureAwait(false);
            }

            // Registering tells the id; only looking up tells the version in every registry.
            var known = await FindAsync(schema.Subject, definition, schema.Name, cancellationToken).ConfigureAwait(false);
            references.Add(new SchemaReference(schema.Name, schema.Subject, known.Version));
        }

        return references;
    }

    private async ValueTask<RegisteredSchema> FindAsync(
        string subject, SchemaDefinition definition, string name, CancellationToken cancellationToken) =>
        await registry.FindSchemaAsync(subject, definition, cancellationToken).ConfigureAwait(false)
            ?? throw new SchemaSerializationException(
                $"Subject '{subject}' does not hold the schema of {name}, and this client registers none "
                + $"({nameof(UnknownSchema)}.{nameof(UnknownSchema.Reject)}). Register it first: {definition.Text}");

    private static void Demand(TopicContract bound, TopicContract offered)
    {
        bound.Demand(RecordSlot.Key, offered.Key!);
        bound.Demand(RecordSlot.Value, offered.Value!);
    }

    private async Task AgreeAsync(TopicContract offered, UnboundTopic unbound, CancellationToken cancellationToken)
    {
        var bound = await registry.GetContractAsync(offered.Topic, cancellationToken).ConfigureAwait(false);
        if (bound is not null)
        {
            Demand(bound, offered);
        }
        else if (!(_offersContracts ??= await registry.OffersContractsAsync(cancellationToken).ConfigureAwait(false)))
        {
            await AgreeWithFirstVersionsAsync(offered, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (unbound == UnboundTopic.Leave || bound is { Key: not null, Value: not null })
        {
            return;
        }

        try
        {
            await registry.PutContractAsync(offered, cancellationToken).ConfigureAwait(false);
            logger.ContractBound(offered.Topic, offered.Key!.Describe(), offered.Value!.Describe());
        }
        catch (RegistryException refusal) when (refusal.ErrorCode == RegistryErrorCodes.ContractViolated)
        {
            throw await ExplainAsync(offered, refusal, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A plain Confluent registry keeps no contracts: the type of a subject's first version that is left stands for it.</summary>
    private async Task AgreeWithFirstVersionsAsync(TopicContract offered, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _hasWarned, 1) == 0)
        {
            logger.RegistryWithoutContracts(registry.Address);
        }

        var key = await FirstVersionAsync(offered.Topic + "-key", offered.Key!, cancellationToken).ConfigureAwait(false);
        var value = await FirstVersionAsync(offered.Topic + "-value", offered.Value!, cancellationToken).ConfigureAwait(false);
        Demand(new TopicContract(offered.Topic, key, value), offered);
    }

    private async Task<SlotContract?> FirstVersionAsync(string subject, SlotContract offered, CancellationToken cancellationToken)
    {
        var first = await registry.GetVersionAsync(subject, 1, cancellationToken).ConfigureAwait(false);
        if (first is null && await registry.ListVersionsAsync(subject, cancellationToken).ConfigureAwait(false) is [var lowest, ..])
        {
            // The first may have been deleted: the topic's records are of the type of those after it.
            first = await registry.GetVersionAsync(subject, lowest, cancellationToken).ConfigureAwait(false);
        }

        if (first is null)
        {
            return null;
        }

        if (first.Format != offered.Format)
        {
            return new SlotContract(first.Format, Subject: subject);
        }

        var references = await registry.GetReferencesAsync(first, cancellationToken).ConfigureAwait(false);
        return new SlotContract(first.Format, formats.Of(first.Format).TypeNameOf(first, references), subject);
    }

    /// <summary>Someone else was first: says by what the topic is bound now, or else passes on the registry's own words.</summary>
    private async Task<TopicContractException> ExplainAsync(
        TopicContract offered, RegistryException refusal, CancellationToken cancellationToken)
    {
        var bound = await registry.GetContractAsync(offered.Topic, cancellationToken).ConfigureAwait(false);
        foreach (var slot in Enum.GetValues<RecordSlot>())
        {
            if (bound?[slot] is { } expected && !expected.IsSameType(offered[slot]!))
            {
                return new TopicContractException(
                    offered.Topic, slot, expected.Describe(), offered[slot]!.Describe(), refusal);
            }
        }

        return new TopicContractException(refusal.Message, refusal);
    }
}
