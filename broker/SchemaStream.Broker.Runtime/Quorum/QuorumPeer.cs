using System.Net.Sockets;
using System.Threading.Channels;
using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Raft.Messages;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;
using FetchRequest = SchemaStream.Broker.Raft.Messages.FetchRequest;

namespace SchemaStream.Broker.Runtime.Quorum;

/// <summary>What a peer needs of its node: where others are, and where to put what they answer.</summary>
internal interface IQuorumPeerOwner
{
    string ClusterId { get; }

    /// <summary>Where a node may be reached, the likeliest first.</summary>
    IReadOnlyList<HostAndPort> EndpointsOf(NodeId node);

    void Received(RaftMessage message);

    /// <summary>Someone who leads, or led, is said to be at an endpoint.</summary>
    void Learned(NodeId node, HostAndPort endpoint);

    /// <summary>Nothing listens at any of its endpoints.</summary>
    void Unreachable(NodeId node);

    /// <summary>What came from there cannot be used.</summary>
    void Refused(NodeId node, string reason);

    /// <summary>Not the network's fault but ours.</summary>
    void Failed(Exception cause);
}

/// <summary>
/// The way to another node: one connection for fetches, which wait at the leader, and one for all else. On each of them one
/// request at a time; what waits is bounded, and the oldest is dropped, as all of it is said again when it matters.
/// </summary>
internal sealed class QuorumPeer : IAsyncDisposable
{
    /// <summary>A newer fetch stands for the older ones.</summary>
    private const int QueuedFetches = 1;

    private const int QueuedMessages = 16;

    private static readonly TimeSpan ShortestBackoff = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMilliseconds(500);

    private readonly NodeId _node;
    private readonly IQuorumPeerOwner _owner;
    private readonly IQuorumConnector _connector;
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _fetchTimeout;
    private readonly TimeSpan _messageTimeout;
    private readonly int _fetchMaxBytes;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<RaftMessage> _fetches = NewQueue(QueuedFetches);
    private readonly Channel<RaftMessage> _messages = NewQueue(QueuedMessages);
    private readonly Task _fetching;
    private readonly Task _telling;

    public QuorumPeer(
        NodeId node, IQuorumPeerOwner owner, IQuorumConnector connector, QuorumOptions options, RaftOptions raft, TimeProvider timeProvider)
    {
        _node = node;
        _owner = owner;
        _connector = connector;
        _timeProvider = timeProvider;
        _fetchTimeout = TimeSpan.FromMilliseconds(raft.FetchMaxWaitMs + raft.RetryMs);
        _messageTimeout = options.ElectionTimeout;
        _fetchMaxBytes = options.FetchMaxBytes;
        _fetching = Task.Run(() => RunAsync(_fetches.Reader, _fetchTimeout));
        _telling = Task.Run(() => RunAsync(_messages.Reader, _messageTimeout));
    }

    public void Send(RaftMessage message) => (message is FetchRequest ? _fetches : _messages).Writer.TryWrite(message);

    /// <summary>Takes no more, and returns when all but fetches has been answered, or given up.</summary>
    public Task DrainAsync()
    {
        _fetches.Writer.TryComplete();
        _messages.Writer.TryComplete();
        return _telling;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(DrainAsync(), _fetching).ConfigureAwait(false);
        _stop.Dispose();
    }

    private static Channel<RaftMessage> NewQueue(int capacity) => Channel.CreateBounded<RaftMessage>(
        new BoundedChannelOptions(capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    private async Task RunAsync(ChannelReader<RaftMessage> messages, TimeSpan timeout)
    {
        try
        {
            await SendAllAsync(messages, timeout).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            _owner.Failed(fault);
        }
    }

    private async Task SendAllAsync(ChannelReader<RaftMessage> messages, TimeSpan timeout)
    {
        IQuorumConnection? connection = null;
        await foreach (var message in messages.ReadAllAsync().ConfigureAwait(false))
        {
            using var late = new CancellationTokenSource(timeout, _timeProvider);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _stop.Token);
            var isSaid = false;
            var losses = 0;
            while (!isSaid && !either.IsCancellationRequested)
            {
                try
                {
                    connection ??= await ConnectAsync(message is FetchRequest, either.Token).ConfigureAwait(false);
                    await ExchangeAsync(connection, message, either.Token).ConfigureAwait(false);
                    isSaid = true;
                }
                catch (Exception lost) when (IsLoss(lost))
                {
                    // Said again while there is time, and at once: where the other's process is gone, that is found out so.
                    // The connection may owe an answer, so it goes.
                    await CloseAsync(connection).ConfigureAwait(false);
                    connection = null;
                    await PauseAsync(losses++, either.Token).ConfigureAwait(false);
                }
            }
        }

        await CloseAsync(connection).ConfigureAwait(false);
    }

    /// <summary>None after the first loss; after further ones a node that accepts and closes must not be hammered.</summary>
    private async Task PauseAsync(int losses, CancellationToken cancellationToken) =>
        await Task.Delay(ShortestBackoff * losses, _timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static ValueTask CloseAsync(IQuorumConnection? connection) => connection?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>What a network does; anything else is a fault of ours.</summary>
    internal static bool IsLoss(Exception exception) => exception is OperationCanceledException or TimeoutException
        or SocketException or IOException or ProtocolException or ObjectDisposedException;

    private async Task<IQuorumConnection> ConnectAsync(bool isFetch, CancellationToken cancellationToken)
    {
        for (var backoff = ShortestBackoff; ; backoff = backoff * 2 < LongestBackoff ? backoff * 2 : LongestBackoff)
        {
            var endpoints = _owner.EndpointsOf(_node);
            var refused = 0;
            foreach (var endpoint in endpoints)
            {
                try
                {
                    return await _connector.ConnectAsync(endpoint, cancellationToken).ConfigureAwait(false);
                }
                catch (Exception failed) when (failed is SocketException or TimeoutException)
                {
                    refused += failed is SocketException { SocketErrorCode: SocketError.ConnectionRefused } ? 1 : 0;
                }
            }

            if (isFetch && refused > 0 && refused == endpoints.Count)
            {
                _owner.Unreachable(_node);
            }

            await Task.Delay(backoff, _timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ExchangeAsync(IQuorumConnection connection, RaftMessage message, CancellationToken cancellationToken)
    {
        const short Version = 0;
        switch (message)
        {
            case FetchRequest fetch:
                var request = QuorumWire.ToWire(fetch, _owner.ClusterId, _fetchMaxBytes);
                Take(await connection.SendAsync(request, Version, cancellationToken).ConfigureAwait(false), fetch);
                break;
            case VoteRequest vote:
                var answer = await connection
                    .SendAsync(QuorumWire.ToWire(vote, _owner.ClusterId), Version, cancellationToken).ConfigureAwait(false);
                if (!IsRefused(answer.ErrorCode))
                {
                    _owner.Received(QuorumWire.FromWire(answer, vote));
                }

                break;
            case BeginEpochRequest begin:
                IsRefused((await connection
                    .SendAsync(QuorumWire.ToWire(begin, _owner.ClusterId), Version, cancellationToken).ConfigureAwait(false)).ErrorCode);
                break;
            case EndEpochRequest end:
                IsRefused((await connection
                    .SendAsync(QuorumWire.ToWire(end, _owner.ClusterId), Version, cancellationToken).ConfigureAwait(false)).ErrorCode);
                break;
            default:
                throw new InvalidOperationException($"{message.GetType().Name} is an answer, and goes with its request");
        }
    }

    private void Take(FetchQuorumLogResponse response, FetchRequest fetch)
    {
        if (QuorumWire.FromWire(response, fetch, out var reason) is { } message)
        {
            if (message.Leader is { } leader && response.LeaderEndpoint is { Host.Length: > 0 } endpoint)
            {
                _owner.Learned(leader, new HostAndPort(endpoint.Host, endpoint.Port));
            }

            _owner.Received(message);
        }
        else if (response.ErrorCode != ErrorCode.RequestTimedOut)
        {
            _owner.Refused(_node, reason!);
        }
    }

    private bool IsRefused(ErrorCode error)
    {
        if (error is not (ErrorCode.None or ErrorCode.RequestTimedOut))
        {
            _owner.Refused(_node, error.ToString());
        }

        return error != ErrorCode.None;
    }
}
