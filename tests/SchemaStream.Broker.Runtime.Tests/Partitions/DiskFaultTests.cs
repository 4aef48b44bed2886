using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Tests.Partitions;

public sealed class DiskFaultTests
{
    [Fact]
    public async Task FullDisk_RefusesAppends_GoesOnReading_AndTakesAppendsAgainOnceThereIsRoom()
    {
        var clock = new ManualTimeProvider();
        var disk = new MemoryDisk();
        await using var runtime = await RuntimeUnderTest.StartInMemoryAsync(disk, clock);
        var topic = await runtime.CreateTopicAsync("orders");
        (await ProduceAsync("a")).Error.ShouldBe(ErrorCode.None);

        disk.Fault = (operation, path) =>
            operation == DiskOperation.Write && path.EndsWith(".log", StringComparison.Ordinal) ? "no space left on device" : null;
        (await ProduceAsync("b")).Error.ShouldBe(ErrorCode.KafkaStorageError);
        (await ProduceAsync("b")).Error.ShouldBe(ErrorCode.KafkaStorageError);
        using (var fetched = await runtime.FetchAsync(topic, 0))
        {
            RuntimeUnderTest.ValuesOf(fetched.Partitions[0]).ShouldBe(["a"]);
        }

        disk.Fault = null;
        clock.Advance(TimeSpan.FromSeconds(6));

        await RuntimeUnderTest.UntilAsync(async () => (await ProduceAsync("c")).Error == ErrorCode.None);
        using var all = await runtime.FetchAsync(topic, 0);
        RuntimeUnderTest.ValuesOf(all.Partitions[0]).ShouldBe(["a", "c"]);

        ValueTask<ProduceResult> ProduceAsync(string value) =>
            runtime.ProduceAsync(topic, TestBatch.At(clock.GetUtcNow().ToUnixTimeMilliseconds(), value));
    }

    [Fact]
    public async Task DiskThatFailsWritesAndThenReads_IsToldToTheReader_OnceAndNotForEver()
    {
        var clock = new ManualTimeProvider();
        var disk = new MemoryDisk();
        await using var runtime = await RuntimeUnderTest.StartInMemoryAsync(disk, clock);
        var topic = await runtime.CreateTopicAsync("orders");
        await ProduceAsync("a");
        await ProduceAsync("b");
        disk.Fault = (operation, path) =>
            operation is DiskOperation.Write or DiskOperation.Read && path.Contains("orders", StringComparison.Ordinal) ? "input/output error" : null;
        (await ProduceAsync("c")).Error.ShouldBe(ErrorCode.KafkaStorageError);

        // Inside the log, so that its place is looked for on the lane.
        using var fetched = await runtime.FetchAsync(topic, 1).AsTask().WaitAsync(TimeSpan.FromSeconds(20));

        fetched.Partitions[0].Error.ShouldBe(ErrorCode.KafkaStorageError);

        ValueTask<ProduceResult> ProduceAsync(string value) =>
            runtime.ProduceAsync(topic, TestBatch.At(clock.GetUtcNow().ToUnixTimeMilliseconds(), value));
    }

    [Fact]
    public async Task FullSegment_ThatCannotBeSynced_TakesTheLogOfflineForGood()
    {
        var clock = new ManualTimeProvider();
        var disk = new MemoryDisk();
        await using var runtime = await RuntimeUnderTest.StartInMemoryAsync(disk, clock);
        var topic = await runtime.CreateTopicAsync("orders", configs: ("segment.bytes", "1048576"));
        disk.Fault = (operation, path) =>
            operation == DiskOperation.Flush && path.Contains("orders", StringComparison.Ordinal) ? "input/output error" : null;
        var value = new string('x', 600_000);
        (await ProduceAsync(value)).Error.ShouldBe(ErrorCode.None);
        (await ProduceAsync(value)).Error.ShouldBe(ErrorCode.None);

        clock.Advance(TimeSpan.FromSeconds(2));
        await RuntimeUnderTest.UntilAsync(async () => (await ProduceAsync("late")).Error == ErrorCode.KafkaStorageError);

        disk.Fault = null;
        clock.Advance(TimeSpan.FromSeconds(60));
        (await ProduceAsync("no one knows what the disk holds")).Error.ShouldBe(ErrorCode.KafkaStorageError);

        ValueTask<ProduceResult> ProduceAsync(string value) =>
            runtime.ProduceAsync(topic, TestBatch.At(clock.GetUtcNow().ToUnixTimeMilliseconds(), value));
    }

    [Fact]
    public async Task BrokenMetadataLog_StopsTheBroker_AndIsNotActedOn()
    {
        var disk = new MemoryDisk();
        await using var runtime = await RuntimeUnderTest.StartInMemoryAsync(disk, TimeProvider.System);

        disk.Fault = (operation, path) =>
            operation == DiskOperation.Flush && path.Contains("__cluster_metadata", StringComparison.Ordinal) ? "input/output error" : null;
        (await runtime.TryCreateTopicAsync("orders")).ErrorCode.ShouldBe(ErrorCode.KafkaStorageError);

        runtime.Image.TryGetTopic("orders", out _).ShouldBeFalse();
        // The command's sender may hear of it first.
        await Record.ExceptionAsync(() => runtime.Broker.Fault.WaitAsync(TimeSpan.FromSeconds(30)));
        runtime.Broker.Fault.IsFaulted.ShouldBeTrue();
        disk.Fault = null;
        (await runtime.TryCreateTopicAsync("other")).ErrorCode.ShouldBe(ErrorCode.KafkaStorageError);
    }
}
