using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Client.Security;
using SchemaStream.Transport;
using SchemaStream.Transport.Wire.Fetching;
using static SchemaStream.Tests.Transport.Wire.Fetching.WireBatches;

namespace SchemaStream.Tests.Transport.Wire.Fetching;

/// <summary>The loops around the state machine, with a broker that does as it is told.</summary>
public sealed class PartitionFetcherTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ScriptedCluster _broker = new();
    private readonly AssignedPartition _partition = new("notes", 0);

    private PartitionFetcher Start(long from = 0)
    {
        var fetcher = new PartitionFetcher(
            "notes", new FetchSettings { ErrorBackoff = TimeSpan.FromMilliseconds(1) }, _broker, null, TimeProvider.System, NullLogger.Instance);
        fetcher.Add([_partition], [from]);
        return fetcher;
    }

    private static async Task<List<long>> ReadAsync(PartitionFetcher fetcher, int count)
    {
        var offsets = new List<long>();
        while (offsets.Count < count)
        {
            using var batch = await fetcher.ReadAsync(default).AsTask().WaitAsync(Limit);
            for (var index = 0; index < batch!.Count; index++)
            {
                offsets.Add(batch.Read(index).Offset);
            }
        }

        return offsets;
    }

    [Fact]
    public async Task Records_ComeInOrder_FromOneAnswerAfterTheOther()
    {
        await using var fetcher = Start(PartitionOffset.Beginning);
        _broker.Answer(0, Batch(0, 600));
        _broker.Answer(600, Batch(600, 600));

        (await ReadAsync(fetcher, 1200)).ShouldBe(Enumerable.Range(0, 1200).Select(n => (long)n));
    }

    [Fact]
    public async Task ConnectionThatIsCut_IsMadeAnew_AndNothingIsLost()
    {
        await using var fetcher = Start();
        _broker.Answer(0, Batch(0, 5));
        _broker.Break(5, new KafkaConnectionClosedException("The connection ended in the middle of a response"));
        _broker.Break(5, new ProtocolException("A length that is none"));
        _broker.Break(5, new TimeoutException());
        _broker.Answer(5, Batch(5, 5));

        (await ReadAsync(fetcher, 10)).ShouldBe(Enumerable.Range(0, 10).Select(n => (long)n));
        _broker.Connections.ShouldBe(4);
    }

    [Fact]
    public async Task DamageOnTheWay_IsMendedByFetchingAgain()
    {
        await using var fetcher = Start();
        var damaged = Join(Batch(0, 3), Batch(3, 3));
        damaged[^2] ^= 1;
        _broker.Answer(0, damaged);
        _broker.Answer(3, Batch(3, 3));

        (await ReadAsync(fetcher, 6)).ShouldBe([0, 1, 2, 3, 4, 5]);
    }

    [Fact]
    public async Task DamageOnTheBroker_EndsReading_WithTheOffset()
    {
        await using var fetcher = Start();
        var damaged = Batch(3, 3);
        damaged[^2] ^= 1;
        _broker.Answer(0, Batch(0, 3));
        for (var tries = 0; tries < 3; tries++)
        {
            _broker.Answer(3, damaged);
        }

        (await ReadAsync(fetcher, 3)).ShouldBe([0, 1, 2]);
        var failure = await Should.ThrowAsync<BrokerException>(() => fetcher.ReadAsync(default).AsTask().WaitAsync(Limit));
        failure.Code.ShouldBe("CORRUPT_MESSAGE");
        failure.Message.ShouldContain("notes[0]");
    }

    [Fact]
    public async Task WhatNoOneExpected_EndsReading_RatherThanLeavingItToWait()
    {
        await using var fetcher = Start();
        _broker.Break(0, new InvalidOperationException("a defect"));

        await Should.ThrowAsync<InvalidOperationException>(() => fetcher.ReadAsync(default).AsTask().WaitAsync(Limit));
    }

    [Fact]
    public async Task Seek_DropsWhatWaits()
    {
        await using var fetcher = Start();
        _broker.Answer(0, Batch(0, 1000));
        using (var first = await fetcher.ReadAsync(default).AsTask().WaitAsync(Limit))
        {
            first!.Read(0).Offset.ShouldBe(0);
        }

        _partition.TryBeginSeek(5000, out var generation).ShouldBeTrue();
        fetcher.Seek(_partition, generation, 5000);
        _broker.Answer(1000, Batch(1000, 2)); // may be on its way
        _broker.Answer(5000, Batch(5000, 2));

        (await ReadAsync(fetcher, 2)).ShouldBe([5000, 5001]);
    }

    [Fact]
    public async Task Seek_WaitsForNoBrokerThatWaitsForRecords()
    {
        await using var fetcher = Start();
        _broker.Answer(0, Batch(0, 5));
        var held = _broker.Hold(5);
        await ReadAsync(fetcher, 5);
        await held.WaitAsync(Limit);

        _broker.Answer(5000, Batch(5000, 2));
        _partition.TryBeginSeek(5000, out var generation).ShouldBeTrue();
        fetcher.Seek(_partition, generation, 5000);

        (await ReadAsync(fetcher, 2)).ShouldBe([5000, 5001]);
        _broker.Connections.ShouldBe(2);
    }

    [Fact]
    public async Task SecondConnectionThatIsRefused_IsTriedAgain_ForTheFirstWasNot()
    {
        await using var fetcher = Start();
        _broker.Answer(0, Batch(0, 5));
        var held = _broker.Hold(5);
        await ReadAsync(fetcher, 5);
        await held.WaitAsync(Limit);

        _broker.Refuse(new KafkaAuthenticationException("the password has just been changed"));
        _broker.Answer(5000, Batch(5000, 2));
        _partition.TryBeginSeek(5000, out var generation).ShouldBeTrue();
        fetcher.Seek(_partition, generation, 5000);

        (await ReadAsync(fetcher, 2)).ShouldBe([5000, 5001]);
        _broker.Connections.ShouldBe(3);
    }

    /// <summary>As brokers do with those that say nothing for ten minutes: that is no trouble which is waited out.</summary>
    [Fact]
    public async Task ConnectionThatIsClosedWhileItRests_IsMadeAnew_AtOnce()
    {
        var broker = new ScriptedCluster();
        await using var fetcher = new PartitionFetcher("notes", new FetchSettings(), broker, null, new ManualTime(), NullLogger.Instance);
        fetcher.Add([_partition], [0]);
        await RestAsync(fetcher, broker, 0, broker.Close);

        await GoOnAsync(fetcher, broker, 1);

        broker.Connections.ShouldBe(2);
    }

    /// <summary>It may have ended without a word.</summary>
    [Fact]
    public async Task ConnectionThatHasRestedLong_IsMadeAnew()
    {
        var (time, broker) = (new ManualTime(), new ScriptedCluster());
        await using var fetcher = new PartitionFetcher("notes", new FetchSettings(), broker, null, time, NullLogger.Instance);
        fetcher.Add([_partition], [0]);
        await RestAsync(fetcher, broker, 0);
        await GoOnAsync(fetcher, broker, 1);
        broker.Connections.ShouldBe(1);

        for (var offset = 2; broker.Connections == 1; offset += 2)
        {
            offset.ShouldBeLessThan(1000, "which is more often than the loop comes to rest after the clock was set");
            await RestAsync(fetcher, broker, offset);
            time.Advance(TimeSpan.FromMinutes(1));
            await GoOnAsync(fetcher, broker, offset + 1);
        }
    }

    /// <summary>The partition is paused while it is asked for: nothing is asked any more.</summary>
    private async Task RestAsync(PartitionFetcher fetcher, ScriptedCluster broker, int offset, Action? meanwhile = null)
    {
        broker.Answer(offset, Batch(offset, 1), meanwhile: () =>
        {
            _partition.Pause(PauseReasons.Application);
            meanwhile?.Invoke();
        });
        (await ReadAsync(fetcher, 1)).ShouldBe([offset]);
    }

    private async Task GoOnAsync(PartitionFetcher fetcher, ScriptedCluster broker, int offset)
    {
        broker.Answer(offset, Batch(offset, 1));
        _partition.Resume(PauseReasons.Application, out _, out _);
        fetcher.Nudge();
        (await ReadAsync(fetcher, 1)).ShouldBe([offset]);
    }

    [Fact]
    public async Task RevokedPartition_GivesNothingMore()
    {
        await using var fetcher = Start();
        _broker.Answer(0, Batch(0, 1000));
        (await fetcher.ReadAsync(default).AsTask().WaitAsync(Limit))!.Dispose();

        _partition.Revoke();
        fetcher.Remove([_partition]);

        fetcher.TryRead().ShouldBeNull();
    }

    [Fact]
    public async Task BrokerThatAsksForAPause_GetsIt_AndNothingIsLost()
    {
        var (time, pause) = (new ManualTime(), TimeSpan.FromSeconds(7));
        var broker = new ScriptedCluster(time);
        broker.Throttle(pause);
        broker.Answer(0, Batch(0, 5));
        broker.Answer(5, Batch(5, 5));
        await using var fetcher = new PartitionFetcher("notes", new FetchSettings(), broker, null, time, NullLogger.Instance);
        fetcher.Add([_partition], [0]);
        (await ReadAsync(fetcher, 5)).ShouldBe([0, 1, 2, 3, 4]);
        fetcher.Nudge();

        // Its wait has begun, and is the only one that ends then.
        await TestKit.Eventually.TrueAsync(() => time.HasTimerAt(7000));
        time.Advance(pause);

        (await ReadAsync(fetcher, 5)).ShouldBe([5, 6, 7, 8, 9]);
        broker.FetchedAtMs[..2].ShouldBe([0, 7000]);
    }

    [Fact]
    public async Task Dispose_WaitsForNoPause()
    {
        var time = new ManualTime();
        var broker = new ScriptedCluster(time);
        broker.Throttle(TimeSpan.FromHours(1));
        broker.Answer(0, Batch(0, 5));
        var fetcher = new PartitionFetcher("notes", new FetchSettings(), broker, null, time, NullLogger.Instance);
        fetcher.Add([_partition], [0]);
        await ReadAsync(fetcher, 5);
        await TestKit.Eventually.TrueAsync(() => time.HasTimerAt(3_600_000));

        await fetcher.DisposeAsync().AsTask().WaitAsync(Limit); // and the clock stands
    }

    [Fact]
    public async Task Dispose_EndsAReaderThatWaits()
    {
        var fetcher = Start();
        var read = fetcher.ReadAsync(default).AsTask();

        await fetcher.DisposeAsync();

        (await read.WaitAsync(Limit)).ShouldBeNull();
        fetcher.TryRead().ShouldBeNull();
    }
}
