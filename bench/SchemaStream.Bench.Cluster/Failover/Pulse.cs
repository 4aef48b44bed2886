using System.Diagnostics;
using SchemaStream.Bench.Cluster.Clusters;
using SchemaStream.Bench.Cluster.Wire;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Bench.Cluster.Failover;

/// <summary>
/// Produces one record after the other to a partition, acks=all, wherever its leader is, and remembers when each was sent
/// and acknowledged. It asks for the leader again a few milliseconds after a failure, so that what it waits for is the
/// cluster and not its own patience.
/// </summary>
internal sealed class Pulse : IAsyncDisposable
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<Beat> _beats = [];
    private readonly ClusterClient _client;
    private readonly string _topic;
    private readonly Task _loop;

    public Pulse(IReadOnlyList<BrokerAddress> brokers, string topic)
    {
        _client = new ClusterClient(brokers);
        _topic = topic;
        _loop = Task.Run(RunAsync);
    }

    private readonly record struct Beat(long SentAt, long AckedAt);

    /// <summary>From a time to the first acknowledgement of what was sent after it.</summary>
    public async Task<TimeSpan> NextAfterAsync(long start, CancellationToken cancellation)
    {
        while (true)
        {
            lock (_lock)
            {
                var next = _beats.FindIndex(beat => beat.SentAt >= start);
                if (next >= 0)
                {
                    return Stopwatch.GetElapsedTime(start, _beats[next].AckedAt);
                }
            }

            if (_loop.IsCompleted)
            {
                await _loop;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), cancellation);
        }
    }

    /// <summary>The longest time without an acknowledgement since then, and when it began.</summary>
    public (TimeSpan Began, TimeSpan Length) LongestGapSince(long start)
    {
        lock (_lock)
        {
            var (last, began, longest) = (start, TimeSpan.Zero, TimeSpan.Zero);
            foreach (var beat in _beats.Where(beat => beat.AckedAt >= start))
            {
                var gap = Stopwatch.GetElapsedTime(last, beat.AckedAt);
                if (gap > longest)
                {
                    (began, longest) = (Stopwatch.GetElapsedTime(start, last), gap);
                }

                last = beat.AckedAt;
            }

            return (began, longest);
        }
    }

    /// <summary>Forgets what was: the next round begins.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _beats.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _client.DisposeAsync();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var batch = Frames.Batch(1, 100);
        var leader = -1;
        while (!_stop.IsCancellationRequested)
        {
            if (leader < 0)
            {
                leader = (await _client.PartitionsAsync([_topic], _stop.Token))[0].LeaderId;
            }

            var sent = Stopwatch.GetTimestamp();
            if (leader >= 0 && await TryProduceAsync(leader, batch))
            {
                lock (_lock)
                {
                    _beats.Add(new Beat(sent, Stopwatch.GetTimestamp()));
                }

                continue;
            }

            leader = -1;
            await Task.Delay(RetryPause, _stop.Token);
        }
    }

    private async Task<bool> TryProduceAsync(int leader, byte[] batch)
    {
        var request = new ProduceRequest
        {
            Acks = -1,
            TimeoutMs = 30_000,
            TopicData = [new() { Name = _topic, PartitionData = [new() { Records = batch }] }],
        };
        try
        {
            var response = await _client.AskAsync(leader, request, Frames.ProduceVersion, _stop.Token);
            return response.Responses[0].PartitionResponses[0].ErrorCode == ErrorCode.None;
        }
        catch (Exception gone) when (ClusterClient.IsGone(gone))
        {
            return false;
        }
    }
}
