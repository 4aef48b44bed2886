using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;

namespace SchemaStream.Broker.Runtime.Replicas;

/// <summary>The connection to the leader, one after the other for as long as there is something to follow.</summary>
internal sealed partial class LeaderFetcher
{
    private CancellationTokenSource? _connectionEnds;
    private TaskCompletionSource _changed = NewChange();
    private bool _isTroubled;

    private KafkaConnectionOptions ConnectionOptions => new()
    {
        ClientId = $"broker-{_nodeId}-fetcher",
        RequestTimeout = _options.FetchWaitMax + _options.SocketTimeout,
        ConnectTimeout = _options.SocketTimeout,
        TimeProvider = _timeProvider,
    };

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task RunAsync()
    {
        while (true)
        {
            // Looked at in this order: a stop after the look at it completes the change that is waited for.
            var (endpoint, changed) = Target();
            if (_stopping.IsCancellationRequested)
            {
                return;
            }

            if (endpoint is null)
            {
                await changed.ConfigureAwait(false);
                continue;
            }

            try
            {
                await FollowAsync(endpoint).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // Stopping, or the leader is somewhere else now.
            }
            catch (Exception broken)
            {
                // This loop is to its partitions what a lane is: whatever fails here must not end their replication.
                Tell(endpoint, broken);
            }

            using var wait = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            var delay = Task.Delay(_options.FetchBackoff, _timeProvider, wait.Token);
            await WaitWhileUnchangedAsync(endpoint, delay).ConfigureAwait(false);
            await wait.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The endpoint to be connected to, if there is any need, and a task that ends when that may have changed.</summary>
    private (BrokerEndpoint? Endpoint, Task Changed) Target()
    {
        lock (_gate)
        {
            return (_byId.Count == 0 ? null : _endpoint, _changed.Task);
        }
    }

    private void SignalChange()
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            changed = _changed;
            _changed = NewChange();
        }

        changed.TrySetResult();
    }

    private async Task WaitWhileUnchangedAsync(BrokerEndpoint tried, Task delay)
    {
        while (!delay.IsCompleted && !_stopping.IsCancellationRequested)
        {
            var (endpoint, changed) = Target();
            if (endpoint != tried)
            {
                return;
            }

            await Task.WhenAny(delay, changed).ConfigureAwait(false);
        }
    }

    /// <summary>Until the connection ends, which it does with an exception.</summary>
    private async Task FollowAsync(BrokerEndpoint endpoint)
    {
        var connection = await KafkaConnection
            .ConnectAsync(endpoint.Host, endpoint.Port, ConnectionOptions, _stopping.Token).ConfigureAwait(false);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        try
        {
            if (!Connected(endpoint, ends))
            {
                return;
            }

            // A turn that has nothing to ask for waits for a call, whatever becomes of the connection.
            using var waking = ends.Token.UnsafeRegister(static state => ((LeaderFetcher)state!).WakeTurns(), this);
            var poll = TakeTurnsAsync(_poll, connection, ends.Token);
            var nudge = TakeTurnsAsync(_nudge, connection, ends.Token);
            var first = await Task.WhenAny(poll, nudge, connection.Closed).ConfigureAwait(false);
            await ends.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(poll, nudge).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await first.ConfigureAwait(false);
        }
        finally
        {
            // Its reader has ended when this is done, so that nothing is written into what the next connection uses.
            await connection.DisposeAsync().ConfigureAwait(false);
            Disconnected();
        }
    }

    private void WakeTurns()
    {
        _poll.Call.Set();
        _nudge.Call.Set();
    }

    /// <summary>False when the leader has moved meanwhile.</summary>
    private bool Connected(BrokerEndpoint endpoint, CancellationTokenSource ends)
    {
        lock (_gate)
        {
            if (_endpoint != endpoint)
            {
                return false;
            }

            (_connectionEnds, _isConnected) = (ends, true);
            (_poll.At, _nudge.At) = (FetchTurn.Stage.Idle, FetchTurn.Stage.Idle);
            CallTurns();
            return true;
        }
    }

    /// <summary>What was asked for is to be asked for again.</summary>
    private void Disconnected()
    {
        lock (_gate)
        {
            (_connectionEnds, _isConnected) = (null, false);
            RestartSession();
            foreach (var partition in _order)
            {
                if (partition.At == FollowedPartition.Stage.Fetched)
                {
                    BecomeReady(partition);
                }
            }
        }
    }

    private void DropConnection()
    {
        lock (_gate)
        {
            // Under the gate: it is disposed once it is no longer found here.
            _connectionEnds?.Cancel();
        }
    }

    /// <summary>Once per time of trouble, not once per attempt.</summary>
    private void Tell(BrokerEndpoint endpoint, Exception broken)
    {
        if (!_isTroubled)
        {
            _isTroubled = true;
            LeaderLost(LeaderId, endpoint.Host, endpoint.Port, broken.Message);
        }
    }

    [LoggerMessage(
        EventId = 1401,
        Level = LogLevel.Warning,
        Message = "Broker {LeaderId} at {Host}:{Port} cannot be followed, and is tried again until it can: {Why}")]
    private partial void LeaderLost(int leaderId, string host, int port, string why);

    [LoggerMessage(EventId = 1402, Level = LogLevel.Information, Message = "Broker {LeaderId} is followed again")]
    private partial void LeaderFound(int leaderId);

    [LoggerMessage(
        EventId = 1404,
        Level = LogLevel.Information,
        Message = "{Partition} goes on at {EndOffset} instead of {FormerEndOffset}, as its leader {LeaderId} has it")]
    private partial void Truncated(string partition, int leaderId, long formerEndOffset, long endOffset);

    [LoggerMessage(
        EventId = 1405,
        Level = LogLevel.Error,
        Message = "Committed records of {Partition} from {EndOffset} to {HighWatermark} are gone: its leader {LeaderId} does not have them")]
    private partial void CommittedLost(string partition, int leaderId, long endOffset, long highWatermark);

    [LoggerMessage(EventId = 1403, Level = LogLevel.Warning, Message = "An answer for {Partition} from broker {LeaderId} was not taken: {Error}")]
    private partial void NotTaken(string partition, int leaderId, ErrorCode error);
}
