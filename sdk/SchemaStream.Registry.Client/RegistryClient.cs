using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SchemaStream.Registry.Client.Caching;
using SchemaStream.Registry.Client.Wire;

namespace SchemaStream.Registry.Client;

/// <summary>The registry over HTTP, with what never changes kept in memory.</summary>
/// <example>
/// <code>
/// using var registry = new RegistryClient(new Uri("http://127.0.0.1:8081"));
/// var schema = await registry.RegisterAsync("orders-value", new SchemaDefinition(SchemaFormat.Avro, text));
/// </code>
/// </example>
public sealed partial class RegistryClient : IRegistryClient
{
    private const int DeepestReference = 64;

    private readonly RegistryConnection _connection;
    private readonly BoundedCache<int, RegisteredSchema> _byId;
    private readonly BoundedCache<SchemaKey, RegisteredSchema> _registered;
    private readonly BoundedCache<SchemaKey, RegisteredSchema> _found;
    private readonly BoundedCache<(string Subject, int Version), RegisteredSchema> _byVersion;

    /// <summary>Makes a client of the registry at an address.</summary>
    /// <param name="address">The address, such as <c>http://127.0.0.1:8081</c>.</param>
    public RegistryClient(Uri address)
        : this(new RegistryClientOptions { Address = address })
    {
    }

    /// <summary>Makes a client. It connects when it is first used.</summary>
    /// <param name="options">How to reach the registry.</param>
    /// <param name="handler">The HTTP stack to send through, which the caller keeps; null makes one.</param>
    public RegistryClient(RegistryClientOptions options, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Retries);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CacheCapacity, 1);
        Address = options.Address;
        _connection = new RegistryConnection(options, handler);
        _byId = new(options.CacheCapacity);
        _registered = new(options.CacheCapacity);
        _found = new(options.CacheCapacity);
        _byVersion = new(options.CacheCapacity);
    }

    /// <inheritdoc />
    public Uri Address { get; }

    /// <inheritdoc />
    public ValueTask<RegisteredSchema> RegisterAsync(
        string subject, SchemaDefinition schema, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(subject);
        ArgumentNullException.ThrowIfNull(schema);
        var key = SchemaKey.Of(subject, schema);
        return _registered.TryGet(key, out var known)
            ? ValueTask.FromResult(known)
            : Sure(_registered.GetAsync(key, () => PostSchemaAsync(subject, schema), cancellationToken));
    }

    /// <inheritdoc />
    public ValueTask<RegisteredSchema> GetSchemaAsync(int id, CancellationToken cancellationToken = default) =>
        _byId.TryGet(id, out var known)
            ? ValueTask.FromResult(known)
            : Sure(_byId.GetAsync(id, () => FetchByIdAsync(id), cancellationToken));

    /// <inheritdoc />
    public ValueTask<RegisteredSchema?> FindSchemaAsync(
        string subject, SchemaDefinition schema, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(subject);
        ArgumentNullException.ThrowIfNull(schema);
        return _found.GetAsync(SchemaKey.Of(subject, schema), () => LookUpAsync(subject, schema), cancellationToken);
    }

    /// <summary>
    /// Finds a schema by its GUID, by which Confluent's newer clients name it in a header of the message. The same schema has
    /// the same GUID in every registry. Nothing is remembered: keep what is found.
    /// </summary>
    /// <param name="guid">The GUID.</param>
    /// <param name="cancellationToken">Gives up waiting for the registry.</param>
    /// <returns>The schema, whose id is 0, for the answer has none; null where the registry has no such schema, or knows no GUIDs.</returns>
    /// <exception cref="RegistryException">The registry refused.</exception>
    /// <exception cref="RegistryUnreachableException">No answer came.</exception>
    public async ValueTask<RegisteredSchema?> FindSchemaAsync(Guid guid, CancellationToken cancellationToken = default)
    {
        var reply = await _connection.TrySendAsync(
            HttpMethod.Get, $"/schemas/guids/{guid}", null, WireJson.Default.WireSchema, cancellationToken).ConfigureAwait(false);
        return reply.Value?.ToRegistered(id: 0);
    }

    /// <inheritdoc />
    public async ValueTask<RegisteredSchema?> GetVersionAsync(
        string subject, int version, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(subject);
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        return await FetchVersionAsync(subject, $"{version}", cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask<RegisteredSchema?> GetLatestAsync(
        string subject, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(subject);
        return await FetchVersionAsync(subject, "latest", cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<RegisteredSchema>> GetReferencesAsync(
        RegisteredSchema schema, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var ordered = new List<RegisteredSchema>();
        var visited = new HashSet<(string, int)>();
        await CollectAsync(schema, depth: 0).ConfigureAwait(false);
        return ordered;

        async Task CollectAsync(RegisteredSchema referrer, int depth)
        {
            if (depth > DeepestReference)
            {
                throw new RegistryException(
                    $"The references of schema {schema.Id} go deeper than {DeepestReference} levels.");
            }

            foreach (var reference in referrer.References)
            {
                if (!visited.Add((reference.Subject, reference.Version)))
                {
                    continue;
                }

                var referenced = await ReferencedAsync(reference, cancellationToken).ConfigureAwait(false)
                    ?? throw new RegistryException(
                        RegistryErrorCodes.VersionNotFound, 404,
                        $"Schema {referrer.Id} references '{reference.Name}' in subject {reference.Subject} " +
                        $"version {reference.Version}, which {Address} does not hold.");
                await CollectAsync(referenced, depth + 1).ConfigureAwait(false);
                ordered.Add(referenced);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => _connection.Dispose();

    private static async ValueTask<RegisteredSchema> Sure(ValueTask<RegisteredSchema?> schema) =>
        (await schema.ConfigureAwait(false))!;

    /// <summary>A referenced version is held by its referrer: it cannot be deleted, so its number never means another.</summary>
    private ValueTask<RegisteredSchema?> ReferencedAsync(SchemaReference reference, CancellationToken cancellationToken) =>
        _byVersion.GetAsync(
            (reference.Subject, reference.Version),
            () => FetchVersionAsync(reference.Subject, $"{reference.Version}", CancellationToken.None),
            cancellationToken);

    private async Task<RegisteredSchema?> PostSchemaAsync(string subject, SchemaDefinition schema)
    {
        var reply = await _connection.SendAsync(
            HttpMethod.Post,
            $"/subjects/{Escape(subject)}/versions",
            Body(schema.ToWire(), WireJson.Default.WireSchema),
            WireJson.Default.WireSchema,
            CancellationToken.None).ConfigureAwait(false);

        // Registries before Confluent's 8 answer with the id alone.
        return (reply with
        {
            Schema = reply.Schema ?? schema.Text,
            SchemaType = reply.SchemaType ?? SchemaFormatNames.NameOf(schema.Format),
            References = reply.References ?? schema.ToWire().References,
            Subject = subject,
        }).ToRegistered();
    }

    private async Task<RegisteredSchema?> FetchByIdAsync(int id)
    {
        var reply = await _connection.SendAsync(
            HttpMethod.Get, $"/schemas/ids/{id}", null, WireJson.Default.WireSchema, CancellationToken.None)
            .ConfigureAwait(false);
        return reply.ToRegistered(id);
    }

    private async Task<RegisteredSchema?> LookUpAsync(string subject, SchemaDefinition schema)
    {
        var path = $"/subjects/{Escape(subject)}";
        var reply = await _connection.TrySendAsync(
            HttpMethod.Post,
            path,
            Body(schema.ToWire(), WireJson.Default.WireSchema),
            WireJson.Default.WireSchema,
            CancellationToken.None).ConfigureAwait(false);
        return Found(HttpMethod.Post, path, reply);
    }

    private async Task<RegisteredSchema?> FetchVersionAsync(
        string subject, string version, CancellationToken cancellationToken)
    {
        var path = $"/subjects/{Escape(subject)}/versions/{version}";
        var reply = await _connection.TrySendAsync(
            HttpMethod.Get, path, null, WireJson.Default.WireSchema, cancellationToken).ConfigureAwait(false);
        return Found(HttpMethod.Get, path, reply);
    }

    /// <summary>The registry's own "unknown" is null; any other 404 means that this is no registry.</summary>
    private static RegisteredSchema? Found(HttpMethod method, string path, RegistryReply<WireSchema> reply)
    {
        if (reply.Value is { } schema)
        {
            return schema.ToRegistered();
        }

        return reply.ErrorCode is RegistryErrorCodes.SubjectNotFound or RegistryErrorCodes.VersionNotFound
            or RegistryErrorCodes.SchemaNotFound
            ? null
            : throw RegistryConnection.Refusal(method, path, reply);
    }

    private static string Escape(string segment) => Uri.EscapeDataString(segment);

    private static byte[] Body<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);
}
