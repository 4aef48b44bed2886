using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.Formats;
using SchemaStream.Registry.Endpoints;
using SchemaStream.Registry.Forwarding;
using SchemaStream.Registry.Http;
using SchemaStream.Registry.Logs;
using SchemaStream.Registry.Logs.Kafka;

namespace SchemaStream.Registry;

/// <summary>A schema registry: HTTP in front, rules in the middle, the log behind.</summary>
public sealed class RegistryHost : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly RegistryWriter _writer;
    private readonly Peers? _peers;
    private readonly ILogger _logger;
    private int _stopped;

    private RegistryHost(WebApplication web, RegistryWriter writer, Peers? peers, ILogger logger, Uri baseAddress)
    {
        _web = web;
        _writer = writer;
        _peers = peers;
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
        var role = new ClusterRole(writer, peers is not null);
        WebApplication? web = null;
        try
        {
            var address = await ResolveAsync(options.Host, cancellationToken).ConfigureAwait(false);
            web = Build(options, loggers, writer, role, logger, address);
            await web.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            if (web is not null)
            {
                await web.DisposeAsync().ConfigureAwait(false);
            }

            await writer.DisposeAsync().ConfigureAwait(false);
            if (failure is IOException or SocketException)
            {
                throw new IOException(
                    $"The registry cannot listen at {options.Host}:{options.Port}: {failure.Message} " +
                    "Choose another port, or 0 for a free one.", failure);
            }

            throw;
        }

        var host = new RegistryHost(web, writer, peers, logger, AddressOf(web));
        peers?.Join(host.BaseAddress, role);
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
            if (_peers is not null)
            {
                await _peers.DisposeAsync().ConfigureAwait(false);
            }

            await _writer.DisposeAsync().ConfigureAwait(false);
            RegistryMessages.Stopped(_logger);
        }
    }

    /// <summary>Ends as a killed process does, as far as others can see: no request is finished, the group is not left.</summary>
    internal async Task VanishAsync()
    {
        _stopped = 1;
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
        if (log is not KafkaLog topics || options.Kafka is not { Election: LeaderElection.Group } store)
        {
            return null;
        }

        var peers = new Peers(topics, store, options.GroupId, writer, time, logger);
        writer.LedBy(peers);
        return peers;
    }

    private static WebApplication Build(
        RegistryOptions options, ILoggerFactory loggers, RegistryWriter writer, ClusterRole role, ILogger logger, IPAddress address)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Larger bodies are read to their end and refused politely; those far larger lose their connection.
            kestrel.Limits.MaxRequestBodySize = options.LargestRequestBytes * 8;
            kestrel.Limits.MaxConcurrentConnections = options.MostConnections;
            kestrel.Listen(address, options.Port);
        });

        // The host that brings broker and registry together owns the process's signals.
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        var web = builder.Build();
        var pipeline = new RequestPipeline(writer, logger, options.LargestRequestBytes, role);
        web.Use(next => context => pipeline.RunAsync(context, next));
        web.UseRouting();
        Map(web, writer, options);
        return web;
    }

    private static void Map(IEndpointRouteBuilder routes, RegistryWriter writer, RegistryOptions options)
    {
        new ServerEndpoints(writer, options).Map(routes);
        new SchemaEndpoints(writer).Map(routes);
        new SubjectEndpoints(writer).Map(routes);
        new VersionEndpoints(writer).Map(routes);
        new DataContractEndpoints(writer).Map(routes);
        new CompatibilityEndpoints(writer).Map(routes);
        new ConfigEndpoints(writer).Map(routes);
        new ModeEndpoints(writer).Map(routes);
        new ContractEndpoints(writer, options.Topics).Map(routes);
        new OpenApiEndpoints().Map(routes);
    }

    private static async Task<IPAddress> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            return address;
        }

        var found = await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        return found.FirstOrDefault(candidate => candidate.AddressFamily == AddressFamily.InterNetwork) ?? found[0];
    }

    private static Uri AddressOf(WebApplication web)
    {
        var listening = web.Services.GetRequiredService<IServer>().Features
            .Get<IServerAddressesFeature>()!.Addresses.First();
        var uri = new UriBuilder(listening);
        if (uri.Host is "0.0.0.0" or "[::]")
        {
            uri.Host = "127.0.0.1";
        }

        return uri.Uri;
    }

    /// <summary>Waits for nothing and reacts to no signal: whoever started the registry stops it.</summary>
    private sealed class SilentLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
