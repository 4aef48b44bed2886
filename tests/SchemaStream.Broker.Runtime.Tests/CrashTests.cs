using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Tests;

/// <summary>What a start makes of a directory that a broker left without stopping.</summary>
public sealed class CrashTests
{
    [Fact]
    public async Task Start_AfterACrash_CutsATornTailAndKeepsEverythingElse()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders");
        await runtime.ProduceAsync(topic, TestBatch.Of("a", "b"));
        await runtime.Broker.Groups.FindCoordinatorAsync("readers", default);
        await runtime.Broker.Groups.SubmitAsync("readers", GroupCommands.Commit("readers", 2), default);

        await using var afterCrash = await runtime.CrashAsync(directory =>
        {
            // Half of a batch: what a write that was cut short leaves.
            var log = Path.Combine(directory, "orders-0", "00000000000000000000.log");
            using var file = File.Open(log, FileMode.Append);
            file.Write(TestBatch.Of("torn").AsSpan(0, 40));
        });

        (await afterCrash.ProduceAsync(topic, TestBatch.Of("c"))).BaseOffset.ShouldBe(2);
        using var fetched = await afterCrash.FetchAsync(topic, 0);
        RuntimeUnderTest.ValuesOf(fetched.Partitions[0]).ShouldBe(["a", "b", "c"]);
        (await GroupCommands.CommittedAsync(afterCrash, "readers")).ShouldBe(2);
    }

    [Fact]
    public async Task Start_AfterACrash_NeverGivesAProducerIdTwice()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var before = await runtime.Broker.ProducerIds.AllocateAsync(default);

        await using var afterCrash = await runtime.CrashAsync(_ => { });

        (await afterCrash.Broker.ProducerIds.AllocateAsync(default)).ProducerId.ShouldBeGreaterThan(before.ProducerId);
    }

    [Fact]
    public async Task Start_AfterACrashInTheMiddleOfADeletion_HasNoTopicAndServes()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders");
        await runtime.ProduceAsync(topic, TestBatch.Of("a"));
        var kept = Path.Combine(Path.GetTempPath(), "kept-" + Guid.NewGuid().ToString("N"));
        RuntimeUnderTest.Copy(Path.Combine(runtime.DataDirectory, "orders-0"), kept);
        await runtime.DeleteTopicAsync("orders");

        // The metadata knew of the deletion, the directory did not yet.
        await using var afterCrash = await runtime.CrashAsync(
            directory => Directory.Move(kept, Path.Combine(directory, "orders-0")));

        afterCrash.Image.TryGetTopic("orders", out _).ShouldBeFalse();
        var young = await afterCrash.CreateTopicAsync("orders");
        (await afterCrash.ProduceAsync(young, TestBatch.Of("b"))).BaseOffset.ShouldBe(0);
    }

    [Fact]
    public async Task Start_AfterACrash_KeepsTheRecordsOfATopicWhosePredecessorBeganLater()
    {
        var clock = new ManualTimeProvider();
        await using var runtime = await RuntimeUnderTest.StartAsync(timeProvider: clock);
        var old = await runtime.CreateTopicAsync("orders");
        await runtime.ProduceAsync(old, At("a"));
        await runtime.ProduceAsync(old, At("b"));
        (await runtime.Partitions.DeleteRecordsAsync(old, 2)).Error.ShouldBe(ErrorCode.None);
        var checkpoint = Path.Combine(runtime.DataDirectory, "log-start-offset-checkpoint");
        clock.Advance(TimeSpan.FromSeconds(61));
        await RuntimeUnderTest.UntilAsync(async () =>
            File.Exists(checkpoint) && (await File.ReadAllTextAsync(checkpoint)).Contains("orders 0 2", StringComparison.Ordinal));

        await runtime.DeleteTopicAsync("orders");
        var young = await runtime.CreateTopicAsync("orders");
        await runtime.ProduceAsync(young, At("kept"));
        await using var afterCrash = await runtime.CrashAsync(_ => { });

        using var fetched = await afterCrash.FetchAsync(young, 0);
        RuntimeUnderTest.ValuesOf(fetched.Partitions[0]).ShouldBe(["kept"]);

        byte[] At(string value) => TestBatch.At(clock.GetUtcNow().ToUnixTimeMilliseconds(), value);
    }

    [Fact]
    public async Task Start_AfterACrash_ReadsThroughWhatCameSinceTheLastFullSegment_AndNotWhatWasBefore()
    {
        var clock = new ManualTimeProvider();
        await using var runtime = await RuntimeUnderTest.StartAsync(timeProvider: clock);
        var topic = await runtime.CreateTopicAsync("orders", configs: ("segment.bytes", "1048576"));
        var value = new string('x', 600_000);
        for (var i = 0; i < 4; i++)
        {
            var at = clock.GetUtcNow().ToUnixTimeMilliseconds();
            (await runtime.ProduceAsync(topic, TestBatch.At(at, value))).Error.ShouldBe(ErrorCode.None);
        }

        clock.Advance(TimeSpan.FromSeconds(2));
        var checkpoint = Path.Combine(runtime.DataDirectory, "recovery-point-offset-checkpoint");
        await RuntimeUnderTest.UntilAsync(async () =>
            File.Exists(checkpoint) && (await File.ReadAllTextAsync(checkpoint)).Contains("orders 0 4", StringComparison.Ordinal));

        // Only who reads a segment through would notice.
        await using var afterCrash = await runtime.CrashAsync(directory => Damage(directory, "00000000000000000000.log"));

        (await afterCrash.ProduceAsync(topic, TestBatch.Of("next"))).BaseOffset.ShouldBe(4);
        await using var withoutCheckpoint = await runtime.CrashAsync(directory =>
        {
            Damage(directory, "00000000000000000000.log");
            File.Delete(Path.Combine(directory, "recovery-point-offset-checkpoint"));
        });
        (await withoutCheckpoint.ProduceAsync(topic, TestBatch.Of("next"))).BaseOffset.ShouldBe(0);
    }

    [Fact]
    public async Task StartThatFails_LeavesWhatIsKnownOfTheLogs()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders");
        await runtime.ProduceAsync(topic, TestBatch.Of("a", "b"));
        (await runtime.Partitions.DeleteRecordsAsync(topic, 1)).Error.ShouldBe(ErrorCode.None);
        await runtime.Broker.StopAsync();
        var mark = Path.Combine(runtime.DataDirectory, ".kafka_cleanshutdown");
        File.Delete(mark);

        await Should.ThrowAsync<OperationCanceledException>(
            () => runtime.StartSecondAsync(cancellationToken: new CancellationToken(canceled: true)));

        File.Exists(mark).ShouldBeFalse("no one has looked at the logs since the crash");
        await runtime.RestartAsync();
        using var fetched = await runtime.FetchAsync(topic, 0);
        fetched.Partitions[0].Error.ShouldBe(ErrorCode.OffsetOutOfRange, "the record before was deleted");
    }

    private static void Damage(string directory, string segment)
    {
        using var file = File.Open(Path.Combine(directory, "orders-0", segment), FileMode.Open);
        file.Position = 300_000;
        file.WriteByte(0);
    }
}
