using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Tests.Partitions;

/// <summary><c>schemastream.flush=group</c>: what was acknowledged is on the disk.</summary>
public sealed class GroupFlushTests
{
    private readonly MemoryDisk _disk = new();

    [Theory]
    [InlineData(RequiredAcks.All)]
    [InlineData(RequiredAcks.Leader)]
    public async Task Acknowledgement_WaitsForTheDisk_AndOneFlushDoesForAllThatWait(RequiredAcks acks)
    {
        await using var runtime = await RuntimeUnderTest.StartInMemoryAsync(_disk, TimeProvider.System);
        var topic = await runtime.CreateTopicAsync("orders", configs: ("schemastream.flush", "group"));
        using var gate = new ManualResetEventSlim();
        var flushes = 0;
        _disk.Fault = (operation, path) =>
        {
            if (operation == DiskOperation.Flush && path.Contains("orders", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref flushes);
                gate.Wait();
            }

            return null;
        };

        var produces = Enumerable.Range(0, 100)
            .Select(value => runtime.ProduceAsync(topic, TestBatch.Of($"{value}"), acks).AsTask()).ToList();
        await RuntimeUnderTest.UntilAsync(() => Task.FromResult(Volatile.Read(ref flushes) > 0));

        produces.ShouldAllBe(produce => !produce.IsCompleted);
        using (var fetched = await runtime.FetchAsync(topic, 0))
        {
            fetched.Partitions[0].HighWatermark.ShouldBe(0);
        }

        gate.Set();
        (await Task.WhenAll(produces)).ShouldAllBe(result => result.Error == ErrorCode.None);
        flushes.ShouldBeLessThan(20);
    }

    [Fact]
    public async Task FlushThatFails_AcknowledgesNothing()
    {
        await using var runtime = await RuntimeUnderTest.StartInMemoryAsync(_disk, TimeProvider.System);
        var topic = await runtime.CreateTopicAsync("orders", configs: ("schemastream.flush", "group"));
        _disk.Fault = (operation, path) =>
            operation == DiskOperation.Flush && path.Contains("orders", StringComparison.Ordinal) ? "input/output error" : null;

        (await runtime.ProduceAsync(topic, TestBatch.Of("lost"))).Error.ShouldBe(ErrorCode.KafkaStorageError);

        _disk.Fault = null;
        (await runtime.ProduceAsync(topic, TestBatch.Of("late"))).Error.ShouldBe(ErrorCode.KafkaStorageError);
    }

    [Theory]
    [InlineData("schemastream.flush", "group", 1)]
    [InlineData("schemastream.flush", "group", 2)]
    [InlineData("schemastream.flush", "group", 3)]
    [InlineData("flush.messages", "1", 4)]
    [InlineData("flush.messages", "1", 5)]
    public async Task LossOfPower_TakesNothingThatWasAcknowledged(string config, string value, int seed)
    {
        var random = new Random(seed);
        var acknowledged = new List<string>();
        var runtime = await RuntimeUnderTest.StartInMemoryAsync(_disk, TimeProvider.System);
        var topic = await runtime.CreateTopicAsync("orders", configs: [(config, value), ("segment.bytes", "2000")]);
        for (var round = 0; round < 20; round++)
        {
            var sent = Enumerable.Range(0, random.Next(1, 10)).Select(number => $"{round}-{number}").ToList();
            var results = await Task.WhenAll(sent.Select(text => runtime.ProduceAsync(topic, TestBatch.Of(text)).AsTask()));
            acknowledged.AddRange(sent.Zip(results).Where(pair => pair.Second.Error == ErrorCode.None).Select(pair => pair.First));
        }

        // These may be under way when the power goes.
        var late = Enumerable.Range(0, 5).Select(number => runtime.ProduceAsync(topic, TestBatch.Of($"late {number}")).AsTask()).ToList();
        _disk.Fault = (operation, _) => operation is DiskOperation.Read ? null : "the power is gone";
        await Task.WhenAll(late);
        await runtime.Broker.StopAsync();
        _disk.LosePower(random);
        _disk.Fault = null;

        await using var again = await RuntimeUnderTest.StartInMemoryAsync(_disk, TimeProvider.System);
        var read = new List<string>();
        while (true)
        {
            using var fetched = await again.FetchAsync(topic, read.Count, TimeSpan.FromMilliseconds(200));
            var values = RuntimeUnderTest.ValuesOf(fetched.Partitions[0]);
            if (values.Length == 0)
            {
                break;
            }

            read.AddRange(values);
        }

        acknowledged.Count.ShouldBeGreaterThan(20);
        read.Take(acknowledged.Count).ShouldBe(acknowledged);
    }
}
