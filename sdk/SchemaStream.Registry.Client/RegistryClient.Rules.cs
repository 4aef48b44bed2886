using SchemaStream.Registry.Client.Wire;

namespace SchemaStream.Registry.Client;

/// <summary>What may change between two calls and is therefore always asked for: lists, levels, contracts.</summary>
public sealed partial class RegistryClient
{
    /// <inheritdoc />
    public async ValueTask<CompatibilityVerdict> CheckCompatibilityAsync(
        string subject, SchemaDefinition schema, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(subject);
        ArgumentNullException.ThrowIfNull(schema);
        var verdict = await _connection.SendAsync(
            HttpMethod.Post,
            $"/compatibility/subjects/{Escape(subject)}/versions?verbose=true",
            Body(schema.ToWire(), WireJson.Default.WireSchema),
            WireJson.Default.WireVerdict,
            cancellationToken).ConfigureAwait(false);
        return new CompatibilityVerdict(verdict.IsCompatible, verdict.Messages ?? []);
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<string>> ListSubjectsAsync(CancellationToken cancellationToken = default) =>
        await _connection.SendAsync(
            HttpMethod.Get, "/subjects", null, WireJson.Default.IReadOnlyListString, cancellationToken)
            .ConfigureAwait(false);

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<int>> ListVersionsAsync(
        string subject, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(subject);
        var path = $"/subjects/{Escape(subject)}/versions";
        var reply = await _connection.TrySendAsync(
            HttpMethod.Get, path, null, WireJson.Default.IReadOnlyListInt32, cancellationToken).ConfigureAwait(false);
        return reply.ErrorCode == RegistryErrorCodes.SubjectNotFound
            ? []
            : reply.Value ?? throw RegistryConnection.Refusal(HttpMethod.Get, path, reply);
    }

    /// <inheritdoc />
    public async ValueTask<CompatibilityLevel> GetCompatibilityAsync(
        string? subject, CancellationToken cancellationToken = default)
    {
        var config = await _connection.SendAsync(
            HttpMethod.Get,
            subject is null ? "/config" : $"/config/{Escape(subject)}?defaultToGlobal=true",
            null,
            WireJson.Default.WireConfig,
            cancellationToken).ConfigureAwait(false);
        return WireConversions.LevelOf(config.CompatibilityLevel);
    }

    /// <inheritdoc />
    public async ValueTask SetCompatibilityAsync(
        string? subject, CompatibilityLevel level, CancellationToken cancellationToken = default) =>
        await _connection.SendAsync(
            HttpMethod.Put,
            subject is null ? "/config" : $"/config/{Escape(subject)}",
            Body(new WireConfig { Compatibility = WireConversions.LevelName(level) }, WireJson.Default.WireConfig),
            WireJson.Default.WireConfig,
            cancellationToken).ConfigureAwait(false);

    /// <inheritdoc />
    public async ValueTask<bool> OffersContractsAsync(CancellationToken cancellationToken = default)
    {
        var reply = await _connection.TrySendAsync(
            HttpMethod.Get, "/contracts/topics?limit=1", null, WireJson.Default.IReadOnlyListWireContract, cancellationToken)
            .ConfigureAwait(false);
        return reply.Value is not null;
    }

    /// <inheritdoc />
    public async ValueTask<TopicContract?> GetContractAsync(
        string topic, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic);
        var reply = await _connection.TrySendAsync(
            HttpMethod.Get, ContractPath(topic), null, WireJson.Default.WireContract, cancellationToken)
            .ConfigureAwait(false);

        // 404 is "no contract" here (40420) and "no such route" at a plain Confluent registry: null to the caller.
        return reply.Value?.ToContract();
    }

    /// <inheritdoc />
    public async ValueTask<TopicContract?> PutContractAsync(
        TopicContract contract, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(contract);
        var reply = await _connection.TrySendAsync(
            HttpMethod.Put,
            ContractPath(contract.Topic),
            Body(contract.ToWire(), WireJson.Default.WireContract),
            WireJson.Default.WireContract,
            cancellationToken).ConfigureAwait(false);
        return reply.Value?.ToContract();
    }

    /// <inheritdoc />
    public async ValueTask<TopicContract?> PutSuccessorAsync(
        string topic, TopicContract successor, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(topic);
        ArgumentNullException.ThrowIfNull(successor);
        var reply = await _connection.TrySendAsync(
            HttpMethod.Post,
            ContractPath(topic) + "/successor",
            Body(successor.ToWire(), WireJson.Default.WireContract),
            WireJson.Default.WireContract,
            cancellationToken).ConfigureAwait(false);
        return reply.Value?.ToContract();
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<TopicContract>> ListContractsAsync(
        CancellationToken cancellationToken = default)
    {
        var reply = await _connection.TrySendAsync(
            HttpMethod.Get, "/contracts/topics", null, WireJson.Default.IReadOnlyListWireContract, cancellationToken)
            .ConfigureAwait(false);
        return reply.Value is { } contracts ? [.. contracts.Select(contract => contract.ToContract())] : [];
    }

    private static string ContractPath(string topic) => $"/contracts/topics/{Escape(topic)}";
}
