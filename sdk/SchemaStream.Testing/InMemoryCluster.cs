using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using SchemaStream.Testing.Fakes;

namespace SchemaStream.Testing;

/// <summary>
/// Topics, groups and a registry in memory: no server, no socket, no file. Clients of it are <see cref="SchemaStreamClient"/>s like
/// any other, so that what is tested with it is the application's own code, unchanged.
/// </summary>
/// <remarks>
/// Producers and consumers are the SDK's own on another transport, and the registry decides by its own rules: values are
/// written and read by the real serializers, contracts and compatibility refuse what they would refuse in production, failure
/// policies and commits behave as they do. A transaction's records are in their topics from its commit on. Not here: retention,
/// time-outs of members and of transactions, reading what is not committed, anything that takes a cluster. For those there is
/// <see cref="SchemaStreamTestHost"/>. A record is acknowledged when it is accepted, and records without a key go to one
/// partition after the other, so that every run is the same.
/// </remarks>
/// <example><code>
/// var cluster = new InMemoryCluster();
/// await using var client = cluster.CreateClient();
/// await client.CreateTopicAsync(Orders.Topic);
/// </code></example>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Memory is all that they hold; clients are disposed by their owners.")]
public sealed class InMemoryCluster
{
    private static readonly SchemaStreamOptions Nowhere = new()
    {
        BootstrapServers = "in-memory:1", RegistryUrl = new Uri("http://in-memory"),
    };

    private readonly MemoryTransport _transport;
    private readonly InMemoryRegistry _registry;

    /// <summary>Makes an empty one.</summary>
    /// <param name="timeProvider">The clock of records' timestamps; null for the system's.</param>
    public InMemoryCluster(TimeProvider? timeProvider = null)
    {
        var clock = timeProvider ?? TimeProvider.System;
        _transport = new MemoryTransport(new MemoryBroker(clock));
        _registry = new InMemoryRegistry(clock);
    }

    /// <summary>A client of these topics and this registry; several share both, as several programs would.</summary>
    /// <param name="configure">Changes the client's options, for example its formats; addresses are not used.</param>
    /// <param name="loggerFactory">Where to log; null logs nowhere.</param>
    public SchemaStreamClient CreateClient(
        Func<SchemaStreamOptions, SchemaStreamOptions>? configure = null, ILoggerFactory? loggerFactory = null) =>
        new(configure?.Invoke(Nowhere) ?? Nowhere, _registry, _transport, _transport, loggerFactory);
}
