using System.Runtime.CompilerServices;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Protocol.Client.Security;
using SchemaStream.Transport.Wire.Connections;

namespace SchemaStream.Transport.Wire.Fetching;

/// <content>One loop that sees to everything that is not records, and one or two per broker that fetch.</content>
internal sealed partial class PartitionFetcher
{
    private const long LongestWaitMs = 60_000;

    /// <summary>A response of this many bytes is one of many: the broker had more than it was asked for.</summary>
    private const int FlowingBytes = 256 * 1024;

    /// <summary>
    /// How long a connection may rest and still be used: one that says nothing is closed by brokers after a while, and
    /// forgotten by what lies between, without a word to either end.
    /// </summary>
    private const long LongestRestMs = 60_000;

    private readonly Wakeup _wakeup = new();
    private readonly ITimer _clock;
    private readonly Task _loop;

    /// <summary>The first turn of each broker, which knows the second.</summary>
    private readonly Dictionary<int, FetchTurn> _turns = [];
    private readonly HashSet<FetchTurn> _begun = [];
    private readonly HashSet<int> _wantedNodes = [];

    /// <summary>What runs beside the loop, under the lock.</summary>
    private readonly List<Task> _work = [];

    private volatile bool _hasFailed;

    private async Task RunAsync()
    {
        try
        {
            while (!_stopped.IsCancellationRequested)
            {
                lock (_lock)
                {
                    var nowMs = NowMs;
                    _state.HearNews();
                    _work.RemoveAll(static work => work.IsCompletedSuccessfully);
                    StartChores(nowMs);
                    WakeBrokers(nowMs);
                    var wait = Math.Clamp(_state.NextDeadlineMs(nowMs) - nowMs, 1, LongestWaitMs);
                    _clock.Change(TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
                }

                await _wakeup.WaitAsync(_stopped).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
            // The fetcher is disposed of.
        }
        catch (Exception failure)
        {
            // Whatever ends this loop ends the reader's too: it must not wait for records that never come.
            FailWith(failure);
        }
    }

    /// <summary>Under the lock: wakes the loops of the brokers that have something to give, and begins those that are new.</summary>
    private void WakeBrokers(long nowMs)
    {
        _wantedNodes.Clear();
        _state.FindNodes(_wantedNodes, nowMs);
        foreach (var node in _wantedNodes)
        {
            if (!_turns.TryGetValue(node, out var turn))
            {
                _turns.Add(node, turn = new FetchTurn(node));
            }

            Wake(turn);
        }
    }

    /// <summary>Under the lock: wakes the loop that is to ask a broker, or begins it.</summary>
    private void Wake(FetchTurn anyOfBroker)
    {
        if (anyOfBroker.Choose() is not { } turn)
        {
            return;
        }

        if (_begun.Add(turn))
        {
            Start(FetchAsync(turn));
        }

        turn.Wakeup.Set();
    }

    private void WakeBroker(PartitionCursor cursor)
    {
        lock (_lock)
        {
            if (cursor.IsReady(NowMs) && _turns.TryGetValue(cursor.NodeAt(NowMs), out var turn))
            {
                Wake(turn);
            }
        }
    }

    private void WakeAll() => _wakeup.Set();

    /// <summary>Under the lock: begins something that is waited for at the end.</summary>
    private void Start(Task work) => _work.Add(work);

    private Task[] TakeWork()
    {
        lock (_lock)
        {
            return [.. _work];
        }
    }

    private void FailWith(Exception failure)
    {
        _hasFailed = true;
        _logger.PollingFailed(_topic, failure);
        End(failure);
    }

    /// <summary>Fetches from one broker, one request after another, for as long as the fetcher lives.</summary>
    private async Task FetchAsync(FetchTurn turn)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // the caller holds the lock
        var backoff = _settings.Reconnects.Begin();
        IWireConnection? connection = null;
        var usedAtMs = 0L;
        try
        {
            while (!_stopped.IsCancellationRequested)
            {
                await turn.Wakeup.WaitAsync(_stopped).ConfigureAwait(false);
                try
                {
                    while (true)
                    {
                        if (connection is not null && (connection.IsClosed || NowMs - usedAtMs >= LongestRestMs))
                        {
                            await connection.DisposeAsync().ConfigureAwait(false); // no fault of the broker's: it had nothing to do
                            connection = null;
                        }

                        if (connection is null)
                        {
                            connection = await _cluster.ConnectAsync(turn.NodeId, _stopped).ConfigureAwait(false);
                            usedAtMs = NowMs;
                            turn.HasConnected = true;
                        }

                        if (!await FetchOnceAsync(turn, connection).ConfigureAwait(false))
                        {
                            break;
                        }

                        usedAtMs = NowMs;
                        backoff.Reset();
                    }
                }
                catch (KafkaAuthenticationException refused) when (!turn.HasConnected && !_stopped.IsCancellationRequested)
                {
                    FailWith(Refusals.ToException(_topic, refused)); // it never worked, and will not by itself
                    return;
                }
                catch (Exception broken) when (!_stopped.IsCancellationRequested && IsPassing(broken))
                {
                    OnBroken(turn, broken);
                    if (connection is not null)
                    {
                        await connection.DisposeAsync().ConfigureAwait(false);
                        connection = null;
                    }

                    await Task.Delay(backoff.Next(), _time, _stopped).ConfigureAwait(false);
                    AfterChange();
                    WakeAll();
                }
            }
        }
        catch (Exception) when (_stopped.IsCancellationRequested)
        {
            // The fetcher is disposed of: whatever a closing connection says of it is no news.
        }
        catch (Exception failure)
        {
            FailWith(failure);
        }
        finally
        {
            if (connection is not null)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <returns>False when there is nothing to ask this broker for.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> FetchOnceAsync(FetchTurn turn, IWireConnection connection)
    {
        short version;
        lock (_lock)
        {
            version = _state.VersionFor(connection.FetchVersion);
            _state.AsksForEpochs |= version < FetchState.FirstDivergenceVersion;
            if (!_state.TryFill(turn, version, NowMs))
            {
                return false;
            }
        }

        var loan = await connection.FetchAsync(turn.Request, version, turn.Response, _stopped).ConfigureAwait(false);
        if (_settings.ChecksCrcs)
        {
            turn.Check();
        }

        _arrivals.IsFlowing = loan.Length >= FlowingBytes;
        lock (_lock)
        {
            _state.OnResponse(turn, loan, WakeAll, NowMs);
        }

        AfterChange();
        if (turn.Response.ThrottleTimeMs > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(turn.Response.ThrottleTimeMs), _time, _stopped).ConfigureAwait(false);
        }

        return true;
    }

    private void OnBroken(FetchTurn turn, Exception broken)
    {
        lock (_lock)
        {
            _state.OnNodeFailed(turn, NowMs);
        }

        _logger.BrokerLost(_topic, turn.NodeId, Refusals.Explain(broken));
    }

    /// <summary>Everything but what no later attempt would mend.</summary>
    private static bool IsPassing(Exception failure) =>
        KafkaCluster.IsPassing(failure)
        || failure is Protocol.Client.KafkaErrorException or KafkaAuthenticationException or ObjectDisposedException;
}
