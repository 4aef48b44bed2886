using System.Net.Sockets;
using SchemaStream.Broker.Raft;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;

namespace SchemaStream.Broker.Runtime.Quorum;

/// <summary>Opens connections to other nodes' controller listeners.</summary>
internal interface IQuorumConnector
{
    /// <exception cref="SocketException">Nothing listens there.</exception>
    /// <exception cref="TimeoutException">It does not accept.</exception>
    Task<IQuorumConnection> ConnectAsync(HostAndPort endpoint, CancellationToken cancellationToken);
}

/// <summary>One connection. Answers come in the order of the requests.</summary>
internal interface IQuorumConnection : IAsyncDisposable
{
    /// <exception cref="KafkaConnectionClosedException">The connection ended first.</exception>
    Task<TResponse> SendAsync<TResponse>(IRequestMessage<TResponse> request, short version, CancellationToken cancellationToken)
        where TResponse : IResponseMessage, IApiMessage, new();
}

/// <summary>Real ones.</summary>
internal sealed class QuorumConnector(int nodeId, TimeProvider timeProvider) : IQuorumConnector
{
    // A fetch's first batch comes however large it is, with what a response has around it.
    private const int MaxResponseBytes = QuorumBatches.MaxBatchBytes + 64 * 1024;

    // The quorum has one request at a time on a connection; brokers' commands to the controller share one.
    private const int MaxInFlightRequests = 256;

    public async Task<IQuorumConnection> ConnectAsync(HostAndPort endpoint, CancellationToken cancellationToken)
    {
        var options = new KafkaConnectionOptions
        {
            ClientId = $"node-{nodeId}",
            MaxResponseBytes = MaxResponseBytes,
            MaxInFlightRequests = MaxInFlightRequests,
            TimeProvider = timeProvider,
        };
        return new Connection(
            await KafkaConnection.ConnectAsync(endpoint.Host, endpoint.Port, options, cancellationToken).ConfigureAwait(false));
    }

    private sealed class Connection(KafkaConnection connection) : IQuorumConnection
    {
        public Task<TResponse> SendAsync<TResponse>(
            IRequestMessage<TResponse> request, short version, CancellationToken cancellationToken)
            where TResponse : IResponseMessage, IApiMessage, new() => connection.SendAsync(request, version, cancellationToken);

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}
