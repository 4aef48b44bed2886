using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Transport.Wire.Fetching;

/// <summary>The brokers, as a fetcher needs them. Whatever fails is tried again, so its exceptions are only told.</summary>
internal interface IFetchCluster : IAsyncDisposable
{
    /// <summary>Asks any broker for a topic's leaders.</summary>
    Task<TopicLayout> DescribeAsync(string topic, CancellationToken cancellationToken);

    /// <summary>Asks one broker, in the newest version that both know.</summary>
    Task<TResponse> AskAsync<TResponse>(int nodeId, IRequestMessage<TResponse> request, CancellationToken cancellationToken)
        where TResponse : IResponseMessage, IApiMessage, new();

    /// <summary>A connection for fetching alone: answers come in order, and a long poll would hold up everyone behind it.</summary>
    Task<IFetchConnection> ConnectAsync(int nodeId, CancellationToken cancellationToken);
}

/// <summary>A connection to one broker; the caller disposes it.</summary>
internal interface IFetchConnection : IAsyncDisposable
{
    /// <summary>The newest version of Fetch that both know.</summary>
    short FetchVersion { get; }

    /// <summary>Fetches into the caller's object, whose records lie in memory that is lent.</summary>
    ValueTask<PooledResponse> FetchAsync(
        FetchRequest request, short version, FetchResponse response, CancellationToken cancellationToken);
}

/// <summary>Asks the group how far it is.</summary>
internal interface ICommittedOffsets
{
    /// <summary>The committed offsets, one per partition; negative for none.</summary>
    Task<IReadOnlyList<long>> FindAsync(IReadOnlyList<int> partitions, CancellationToken cancellationToken);
}
