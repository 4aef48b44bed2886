using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.Formats;
using SchemaStream.Registry.Forwarding;
using SchemaStream.Registry.Logs;
using SchemaStream.Registry.Logs.Kafka;
using SchemaStream.Registry.Observation;
using SchemaStream.Registry.Topics;

namespace SchemaStream.Registry;

/// <summary>A schema registry: HTTP in front, rules in the middle, the log behind.</summary>
public sealed class RegistryHost : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly RegistryWriter _writer;
    private readonly Peers? _peers;
    private readonly TopicTypes _topics;
    private readonly RegistryMetrics? _metrics;
    private readonly ILogger _logger;
    private int _stopped;

    private RegistryHost(
        WebApplication web,
        RegistryWriter writer,
        Peers? peers,
        TopicTypes topics,
        RegistryMetrics? metrics,
        ILogger logger,
        Uri baseAddress)
    {
        _web = web;
        _metrics = metrics;
        _writer = writer;
        _peers = peers;
        _topics = topics;
        _logger = logger;
        BaseAddress = baseAddress;
    }

    /// <summary>Where it serves, as clients of this machine reach it.</summary>
    public Uri BaseAddress { get; }

    /// <summary>Completes when the log is read; fails with the reason why it cannot be.</summary>
    public Task Opened { get; private set; } = Task.CompletedTask;

    /// <summary>Starts a registry upon its own SQLite log, or a cluster's topics; it serves when the task completes.</summary>
    /// <exception cref="Core.Records.RegistryLogException">The log cannot be used; the message names it and what to do.</exception>
    /// <exception cref="IOException">The address cannot be listened at.</exception>
    public static Task<RegistryHost> StartAsync(
        RegistryOptions options, ILoggerFactory loggers, CancellationToken cancellationToken = default) =>
        StartAsync(options, loggers, TimeProvider.System, cancellationToken);

    /// <summary>Starts a registry with a clock of the caller's.</summary>
    public static Task<RegistryHost> StartAsync(
        RegistryOptions options, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return StartAsync(options, LogOf(options, loggers, time), loggers, time, cancellationToken);
    }

    /// <summary>Starts a registry upon a log of the caller's making, which the registry closes.</summary>
    public static async Task<RegistryHost> StartAsync(
        RegistryOptions options,
        IRegistryLog log,
        ILoggerFactory loggers,
        TimeProvider time,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(log);
        var logger = loggers.CreateLogger("SchemaStream.Registry");
        RegistryWriter writer;
        try
        {
            var rules = new RegistryRules(options.Settings, new SchemaFormats(new AvroFormat(), new JsonFormat(), new ProtobufFormat()));
            writer = RegistryWriter.Open(log, rules, time, logger, cancellationToken);
            if (options.LogOpening == LogOpening.BeforeListening)
            {
                await writer.Opened.ConfigureAwait(false);
            }
        }
        catch
        {
            await log.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        var peers = PeersOf(options, log, writer, time, logger);
        var role = new ClusterRole(writer, peers?.Log);
        var metrics = options.Metrics == MetricsPage.Served ? new RegistryMetrics(writer, time) : null;
        var topics = new TopicTypes(
            options.Topics ?? (log is KafkaLog onCluster ? new ClusterTopics(onCluster.Cluster) : null), writer, time, logger);
        WebApplication? web = null;
        try
        {
            web = await RegistryWeb.BuildAsync(options, loggers, writer, topics, role, metrics, logger, cancellationToken).ConfigureAwait(false);
            await web.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            if (web is not null)
            {
                await web.DisposeAsync().ConfigureAwait(false);
            }

            metrics?.Dispose();
            await writer.DisposeAsync().ConfigureAwait(false);
            if (failure is IOException or SocketException)
            {
                throw new IOException(
                    $"The registry cannot listen at {Listening(options)}: {failure.Message} " +
                    "Choose another port, or 0 for a free one: --set listeners=http://HOST:PORT, for schemastream up --registry-port PORT.", failure);
            }

            throw;
        }

        var host = new RegistryHost(web, writer, peers, topics, metrics, logger, RegistryWeb.AddressOf(web, options));
        peers?.Listen(host.BaseAddress, role);
        topics.Start();
        host.Opened = host.OpenedAsync();
        return host;
    }

    private async Task OpenedAsync()
    {
        await _writer.Opened.ConfigureAwait(false);
        RegistryMessages.Started(
            _logger, BaseAddress, _writer.Image.Subjects.Count, _writer.Image.Contracts.ByTopic.Count);
    }

    /// <summary>Ends requests in flight, then the writer, then the log.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
        {
            return;
        }

        try
        {
            await _web.StopAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Whoever runs out of patience with requests in flight still gets the log closed.
            await _web.DisposeAsync().ConfigureAwait(false);
            await _topics.DisposeAsync().ConfigureAwait(false);
            if (_peers is not null)
            {
                await _peers.DisposeAsync().ConfigureAwait(false);
            }

            await _writer.DisposeAsync().ConfigureAwait(false);
            _metrics?.Dispose();
            RegistryMessages.Stopped(_logger);
        }
    }

    /// <summary>Ends as a killed process does, as far as others can see: no request is finished, the group is not left.</summary>
    internal async Task VanishAsync()
    {
        _stopped = 1;
        await _topics.DisposeAsync().ConfigureAwait(false);
        if (_peers is not null)
        {
            await _peers.VanishAsync().ConfigureAwait(false);
        }

        await _writer.CutOffAsync().ConfigureAwait(false);
        using var now = new CancellationTokenSource();
        await now.CancelAsync().ConfigureAwait(false);
        await _web.StopAsync(now.Token).ConfigureAwait(false);
        await _web.DisposeAsync().ConfigureAwait(false);
        await _writer.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    private static IRegistryLog LogOf(RegistryOptions options, ILoggerFactory loggers, TimeProvider time) =>
        options.Kafka is { } store
            // The jitter need not be unpredictable, only different from other instances'.
            ? new KafkaLog(store, Random.Shared.NextDouble, time, loggers.CreateLogger("SchemaStream.Registry"))
            : SqliteLog.Open(options.DataDirectory, time);

    /// <summary>Those that share the log, where its leader is elected; from here on nothing is written but by the leader.</summary>
    private static Peers? PeersOf(
        RegistryOptions options, IRegistryLog log, RegistryWriter writer, TimeProvider time, ILogger logger)
    {
        if (log is not KafkaLog topics || options.Kafka is not { Election: not LeaderElection.Omitted } store)
        {
            return null;
        }

        var peers = new Peers(topics, store, options.GroupId, writer, time, logger);
        writer.LedBy(peers);
        return peers;
    }

    private static string Listening(RegistryOptions options) =>
        string.Join(", ", RegistryWeb.ListenersOf(options).Select(listener => $"{listener.Host}:{listener.Port}"));
}
