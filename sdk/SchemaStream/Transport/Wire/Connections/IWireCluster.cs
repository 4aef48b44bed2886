using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Transport.Wire.Connections;

/// <summary>The brokers, as fetching and producing need them. Whatever fails is tried again, so its exceptions are only told.</summary>
internal interface IWireCluster : IAsyncDisposable
{
    /// <summary>Asks any broker for a topic's leaders.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="mayCreate">Whether a topic that is not there may be made, if the brokers do that.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<TopicLayout> DescribeAsync(string topic, bool mayCreate, CancellationToken cancellationToken);

    /// <summary>Asks any broker, in the newest version that both know.</summary>
    Task<TResponse> AskAnyAsync<TResponse>(IRequestMessage<TResponse> request, CancellationToken cancellationToken)
        where TResponse : IResponseMessage, IApiMessage, new();

    /// <summary>Asks one broker, in the newest version that both know.</summary>
    Task<TResponse> AskAsync<TResponse>(int nodeId, IRequestMessage<TResponse> request, CancellationToken cancellationToken)
        where TResponse : IResponseMessage, IApiMessage, new();

    /// <summary>A connection for records alone: answers come in order, and a long poll would hold up everyone behind it.</summary>
    Task<IWireConnection> ConnectAsync(int nodeId, CancellationToken cancellationToken);
}

/// <summary>A connection to one broker; the caller disposes it.</summary>
internal interface IWireConnection : IAsyncDisposable
{
    /// <summary>Whether it has ended.</summary>
    bool IsClosed { get; }

    /// <summary>The newest version of Fetch that both know.</summary>
    short FetchVersion { get; }

    /// <summary>The newest version of Produce that both know.</summary>
    short ProduceVersion { get; }

    /// <summary>Fetches into the caller's object, whose records lie in memory that is lent.</summary>
    ValueTask<PooledResponse> FetchAsync(
        FetchRequest request, short version, FetchResponse response, CancellationToken cancellationToken);

    /// <summary>Sends records. The result waits for the answer, which is read into the caller's object.</summary>
    /// <remarks>The batches' memory must stay as it is until this has completed; the request and the response until the answer is there.</remarks>
    ValueTask<ValueTask<PooledResponse>> ProduceAsync(
        ProduceRequest request, short version, ProduceResponse response, CancellationToken cancellationToken);

    /// <summary>Sends records that the broker gives no answer to (acks=0).</summary>
    Task ProduceUnansweredAsync(ProduceRequest request, short version, CancellationToken cancellationToken);
}
