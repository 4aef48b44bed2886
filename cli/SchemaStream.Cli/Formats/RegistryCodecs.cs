using SchemaStream.Registry.Client;

namespace SchemaStream.Cli.Formats;

/// <summary>The codecs of a registry's schemas, each made once. Not for several threads at once.</summary>
/// <param name="registry">Where schemas are asked for.</param>
/// <param name="style">How Avro's values look.</param>
internal sealed class RegistryCodecs(RegistryClient registry, JsonStyle style)
{
    // A topic has few writers' schemas. One that has more costs memory no further than this, and time.
    private const int Most = 1000;

    private readonly Dictionary<int, ISchemaCodec> _byId = [];
    private readonly Dictionary<Guid, ISchemaCodec> _byGuid = [];

    /// <summary>The codec of the schema that an id in a message names.</summary>
    /// <exception cref="RegistryException">There is no such schema, or the registry refuses to say.</exception>
    /// <exception cref="RegistryUnreachableException">No answer comes.</exception>
    /// <exception cref="CodecException">The schema cannot be understood.</exception>
    public async ValueTask<ISchemaCodec> OfIdAsync(int id, CancellationToken cancellationToken)
    {
        if (_byId.TryGetValue(id, out var known))
        {
            return known;
        }

        var codec = await OfAsync(await registry.GetSchemaAsync(id, cancellationToken), null, cancellationToken);
        if (_byId.Count >= Most)
        {
            _byId.Clear();
        }

        return _byId[id] = codec;
    }

    /// <summary>The codec of the schema that a header of a message names; null: the registry has none.</summary>
    /// <inheritdoc cref="OfIdAsync"/>
    public async ValueTask<ISchemaCodec?> OfGuidAsync(Guid guid, CancellationToken cancellationToken)
    {
        if (_byGuid.TryGetValue(guid, out var known))
        {
            return known;
        }

        if (await registry.FindSchemaAsync(guid, cancellationToken) is not { } schema)
        {
            return null;
        }

        var codec = await OfAsync(schema, null, cancellationToken);
        if (_byGuid.Count >= Most)
        {
            _byGuid.Clear();
        }

        return _byGuid[guid] = codec;
    }

    /// <summary>The codec of a schema that is known already.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="message">The Protobuf message that is written; null: the file's first.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<ISchemaCodec> OfAsync(RegisteredSchema schema, string? message, CancellationToken cancellationToken) =>
        SchemaCodecs.Create(
            schema,
            schema.References.Count == 0 ? [] : await registry.GetReferencesAsync(schema, cancellationToken),
            style,
            message);
}
