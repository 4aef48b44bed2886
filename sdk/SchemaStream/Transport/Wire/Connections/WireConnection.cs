using System.Runtime.CompilerServices;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Transport.Wire.Connections;

/// <summary>A connection that knows what its broker understands.</summary>
internal sealed class WireConnection : IWireConnection
{
    /// <summary>The first that carries record batches as they are here.</summary>
    private const short FirstProduceVersion = 3;

    private readonly KafkaConnection _connection;
    private readonly Dictionary<ApiKey, (short Min, short Max)> _versions;
    private readonly TimeProvider _time;

    /// <summary>Nothing is asked before this time stamp: the broker wants to be left alone (KIP-219).</summary>
    private long _heldUntil;

    private WireConnection(KafkaConnection connection, Dictionary<ApiKey, (short Min, short Max)> versions, TimeProvider time)
    {
        _connection = connection;
        _versions = versions;
        _time = time;
        _heldUntil = time.GetTimestamp();
    }

    public short FetchVersion => VersionOf<FetchResponse>(FetchResponse.MinVersion);

    public short ProduceVersion => VersionOf<ProduceResponse>(FirstProduceVersion);

    public bool IsClosed => _connection.Closed.IsCompleted;

    /// <summary>Connects and asks for the versions.</summary>
    public static async Task<WireConnection> OpenAsync(
        BrokerAddress address, KafkaConnectionOptions options, CancellationToken cancellationToken)
    {
        var connection = await KafkaConnection.ConnectAsync(address.Host, address.Port, options, cancellationToken).ConfigureAwait(false);
        try
        {
            // In the layout that every broker has.
            var answer = await connection.SendAsync(new ApiVersionsRequest(), 0, cancellationToken).ConfigureAwait(false);
            KafkaErrorException.Require(answer.ErrorCode, $"Versions of {address}");
            var versions = new Dictionary<ApiKey, (short Min, short Max)>();
            foreach (var api in answer.ApiKeys)
            {
                versions[(ApiKey)api.ApiKey] = (api.MinVersion, api.MaxVersion);
            }

            return new WireConnection(connection, versions, options.TimeProvider);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Asks in the newest version that both know, once the broker wants to be asked again.</summary>
    /// <exception cref="KafkaErrorException">There is none.</exception>
    public async Task<TResponse> AskAsync<TResponse>(
        IRequestMessage<TResponse> request, short least, CancellationToken cancellationToken)
        where TResponse : IResponseMessage, IApiMessage, new()
    {
        while (Volatile.Read(ref _heldUntil) - _time.GetTimestamp() is > 0 and var left)
        {
            await Task.Delay(TimeSpan.FromSeconds((double)left / _time.TimestampFrequency), _time, cancellationToken).ConfigureAwait(false);
        }

        var answer = await _connection.SendAsync(request, VersionOf<TResponse>(least), cancellationToken).ConfigureAwait(false);
        if (answer is IThrottledResponse { ThrottleTimeMs: > 0 and var throttleMs })
        {
            Volatile.Write(ref _heldUntil, _time.GetTimestamp() + (throttleMs * (_time.TimestampFrequency / 1000)));
        }

        return answer;
    }

    public ValueTask<PooledResponse> FetchAsync(
        FetchRequest request, short version, FetchResponse response, CancellationToken cancellationToken) =>
        _connection.SendAsync(request, version, response, cancellationToken);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ValueTask<PooledResponse>> ProduceAsync(
        ProduceRequest request, short version, ProduceResponse response, CancellationToken cancellationToken) =>
        (await _connection.SendAheadAsync(request, version, response, cancellationToken).ConfigureAwait(false)).WaitAsync(cancellationToken);

    public Task ProduceUnansweredAsync(ProduceRequest request, short version, CancellationToken cancellationToken) =>
        _connection.SendWithoutResponseAsync(request, version, cancellationToken);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private short VersionOf<TResponse>(short least)
        where TResponse : IResponseMessage, IApiMessage, new()
    {
        var (min, max) = _versions.GetValueOrDefault(TResponse.ApiKey, ((short)-1, (short)-1));
        var version = Math.Min(max, TResponse.MaxVersion);
        return version >= Math.Max(min, least)
            ? version
            : throw new KafkaErrorException(
                ErrorCode.UnsupportedVersion, $"{TResponse.ApiKey}: the broker has versions {min} to {max}, needed are {least} to {TResponse.MaxVersion}");
    }
}
