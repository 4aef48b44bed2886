using System.Runtime.CompilerServices;
using SchemaStream.Cli.Kafka.Options;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Cli.Kafka.Connecting;

/// <summary>A cluster as a tool asks it: each request in the newest version that the asked broker and this program share.</summary>
internal sealed class ToolCluster : IAsyncDisposable
{
    private readonly KafkaCluster _cluster;
    private readonly ConditionalWeakTable<KafkaConnection, Dictionary<ApiKey, short>> _newest = [];

    private ToolCluster(KafkaCluster cluster) => _cluster = cluster;

    /// <summary>The connections themselves: leaders, coordinators, the controller.</summary>
    public KafkaCluster Brokers => _cluster;

    /// <summary>The cluster that <c>--bootstrap-server</c> names, connected to as further settings say.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="settings">Settings by Kafka's names.</param>
    /// <param name="tool">The tool's name.</param>
    /// <param name="requestTimeout">Where an answer may take longer than settings allow for: joining a group waits for the others.</param>
    /// <exception cref="ToolUsageException">The servers are missing or no addresses.</exception>
    public static ToolCluster Open(ToolArguments arguments, IReadOnlyDictionary<string, string> settings, string tool, TimeSpan? requestTimeout = null)
    {
        var servers = arguments.Value("bootstrap-server") ?? arguments.Value("broker-list") ?? settings.GetValueOrDefault("bootstrap.servers")
            ?? throw new ToolUsageException("--bootstrap-server must be specified");
        return Open(servers, settings, tool, requestTimeout);
    }

    /// <summary>The cluster that some of its brokers' addresses lead to.</summary>
    /// <inheritdoc cref="Open(ToolArguments, IReadOnlyDictionary{string, string}, string, TimeSpan?)"/>
    public static ToolCluster Open(string servers, IReadOnlyDictionary<string, string> settings, string tool, TimeSpan? requestTimeout = null)
    {
        try
        {
            return new ToolCluster(new KafkaCluster(BrokerAddress.ParseAll(servers), ClientProperties.ToOptions(settings, tool) with
            {
                RequestTimeout = requestTimeout ?? ClientProperties.ToOptions(settings, tool).RequestTimeout,
            }));
        }
        catch (FormatException wrong)
        {
            throw new ToolUsageException($"--bootstrap-server {servers}: {wrong.Message}", wrong);
        }
    }

    /// <summary>Asks any broker.</summary>
    public async Task<TResponse> AskAnyAsync<TResponse>(IRequestMessage<TResponse> request, CancellationToken cancellationToken)
        where TResponse : IResponseMessage, IApiMessage, new() =>
        await AskAsync(await _cluster.AnyAsync(cancellationToken), request, cancellationToken);

    /// <summary>Asks the controller, or a broker that passes on what it has to answer.</summary>
    public async Task<TResponse> AskControllerAsync<TResponse>(IRequestMessage<TResponse> request, CancellationToken cancellationToken)
        where TResponse : IResponseMessage, IApiMessage, new() =>
        await AskAsync(await _cluster.ControllerAsync(cancellationToken), request, cancellationToken);

    /// <summary>Asks one broker.</summary>
    public async Task<TResponse> AskAsync<TResponse>(
        KafkaConnection connection, IRequestMessage<TResponse> request, CancellationToken cancellationToken)
        where TResponse : IResponseMessage, IApiMessage, new() =>
        await AskAsync(connection, request, short.MaxValue, cancellationToken);

    /// <summary>Asks one broker, in no newer version than is said: the newest ones name topics by ids that have to be looked up.</summary>
    public async Task<TResponse> AskAsync<TResponse>(
        KafkaConnection connection, IRequestMessage<TResponse> request, short newest, CancellationToken cancellationToken)
        where TResponse : IResponseMessage, IApiMessage, new()
    {
        var version = await VersionAsync<TResponse>(connection, newest, cancellationToken);
        return await connection.SendAsync(request, version, cancellationToken);
    }

    /// <summary>The newest version up to one that is said that a broker and this program share.</summary>
    public async Task<short> VersionAsync<TResponse>(KafkaConnection connection, short newest, CancellationToken cancellationToken)
        where TResponse : IResponseMessage, IApiMessage, new()
    {
        var offered = await NewestAsync(connection, cancellationToken);
        return offered.TryGetValue(TResponse.ApiKey, out var theirs) && theirs >= TResponse.MinVersion
            ? Math.Min(Math.Min(theirs, TResponse.MaxVersion), newest)
            : throw new ToolFailedException($"The broker does not serve {TResponse.ApiKey} in a version that this program speaks");
    }

    /// <summary>Whether a broker serves an API at all.</summary>
    public async Task<bool> OffersAsync(KafkaConnection connection, ApiKey api, CancellationToken cancellationToken) =>
        (await NewestAsync(connection, cancellationToken)).ContainsKey(api);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private async Task<Dictionary<ApiKey, short>> NewestAsync(KafkaConnection connection, CancellationToken cancellationToken)
    {
        if (!_newest.TryGetValue(connection, out var newest))
        {
            var answer = await connection.SendAsync(new ApiVersionsRequest(), 0, cancellationToken);
            newest = answer.ApiKeys.ToDictionary(api => (ApiKey)api.ApiKey, api => api.MaxVersion);
            _newest.AddOrUpdate(connection, newest);
        }

        return newest;
    }
}
