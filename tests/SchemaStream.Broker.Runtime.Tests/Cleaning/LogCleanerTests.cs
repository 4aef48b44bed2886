using System.Text;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Cleaning;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Tests.Cleaning;

public sealed class LogCleanerTests
{
    private static readonly (string, string)[] s_compacted =
        [("cleanup.policy", "compact"), ("segment.bytes", "1048576"), ("min.cleanable.dirty.ratio", "0.01")];

    [Fact]
    public async Task CompactedTopic_LosesWhatWasSuperseded_AndNothingElse()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync(Eager);
        var topic = await runtime.CreateTopicAsync("states", configs: s_compacted);
        for (var i = 0; i < 12; i++)
        {
            await ProduceAsync(runtime, topic, $"key-{i % 2}", i);
        }

        await RuntimeUnderTest.UntilAsync(async () => (await OffsetsAsync(runtime, topic)).Count < 6);
        await runtime.RestartAsync(Eager);

        // What lies in the active segment is not compacted.
        var offsets = await OffsetsAsync(runtime, topic);
        offsets.ShouldContain(10);
        offsets.ShouldContain(11);
        (await ProduceAsync(runtime, topic, "key-0", 12)).BaseOffset.ShouldBe(12);
    }

    [Fact]
    public async Task LogThatCannotBeCompacted_IsServedAsItIs_AndOthersAreCompacted()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync(options => options with { Cleaner = new() { IsEnabled = false } });
        var damaged = await runtime.CreateTopicAsync("damaged", configs: s_compacted);
        var sound = await runtime.CreateTopicAsync("sound", configs: s_compacted);
        for (var i = 0; i < 12; i++)
        {
            await ProduceAsync(runtime, damaged, "key", i);
            await ProduceAsync(runtime, sound, "key", i);
        }

        await runtime.Broker.StopAsync();
        await using (var file = File.OpenWrite(Path.Combine(runtime.DataDirectory, "damaged-0", "00000000000000000000.log")))
        {
            file.Seek(1000, SeekOrigin.Begin);
            file.WriteByte(0xFF);
        }

        await runtime.RestartAsync(Eager);
        await RuntimeUnderTest.UntilAsync(async () => (await OffsetsAsync(runtime, sound)).Count < 6);

        (await OffsetsAsync(runtime, damaged)).Count.ShouldBe(12);
        (await ProduceAsync(runtime, damaged, "key", 12)).BaseOffset.ShouldBe(12);
    }

    [Fact]
    public async Task LogThatLosesItsBeginning_WhileItIsCompacted_IsCompactedAnew()
    {
        var clock = new ManualTimeProvider();
        await using var runtime = await RuntimeUnderTest.StartAsync(
            options => options with
            {
                Cleaner = new CleanerOptions { MaxBytesPerSecond = 1e5 },
                RetentionCheckInterval = TimeSpan.FromSeconds(1),
            },
            clock);
        var topic = await runtime.CreateTopicAsync(
            "states", configs: [("cleanup.policy", "compact,delete"), ("retention.ms", "-1"), .. s_compacted[1..]]);
        for (var i = 0; i < 12; i++)
        {
            await ProduceAsync(runtime, topic, "key", i, clock);
        }

        // The compaction has begun to write, and waits for its rate: what it reads goes within that time.
        var directory = Path.Combine(runtime.DataDirectory, "states-0");
        await UntilAsync(() => Task.FromResult(Directory.GetFiles(directory, "*.cleaned").Length > 0));
        (await runtime.Partitions.DeleteRecordsAsync(topic, 6)).Error.ShouldBe(ErrorCode.None);
        clock.Advance(TimeSpan.FromSeconds(1));
        await RuntimeUnderTest.UntilAsync(() => Task.FromResult(!File.Exists(Path.Combine(directory, "00000000000000000000.log"))));

        await UntilAsync(async () => (await OffsetsAsync(runtime, topic, 6)) is [8, 9, 10, 11]);

        Task UntilAsync(Func<Task<bool>> happened) => RuntimeUnderTest.UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            return happened();
        });
    }

    [Fact]
    public async Task CompactionThatCannotBeNoted_IsTriedAgainLater()
    {
        var clock = new ManualTimeProvider();
        var disk = new MemoryDisk();
        await using var runtime = await RuntimeUnderTest.StartInMemoryAsync(disk, clock);
        var topic = await runtime.CreateTopicAsync("states", configs: s_compacted);
        for (var i = 0; i < 12; i++)
        {
            await ProduceAsync(runtime, topic, "key", i, clock);
        }

        var refused = 0;
        disk.Fault = (_, path) => path.Contains("cleaner-offset-checkpoint", StringComparison.Ordinal) && Interlocked.Increment(ref refused) > 0
            ? "no space left on device"
            : null;
        await UntilAsync(() => Volatile.Read(ref refused) > 0);
        disk.Fault = null;
        for (var i = 0; i < 6; i++)
        {
            await ProduceAsync(runtime, topic, "key", i, clock);
        }

        await UntilAsync(() => disk.Directory("data").Exists("cleaner-offset-checkpoint"));

        Task UntilAsync(Func<bool> happened) => RuntimeUnderTest.UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(happened());
        });
    }

    private static RuntimeOptions Eager(RuntimeOptions options) =>
        options with { Cleaner = new CleanerOptions { Backoff = TimeSpan.FromMilliseconds(20), MaxBytesPerSecond = 1e9 } };

    private static ValueTask<ProduceResult> ProduceAsync(
        RuntimeUnderTest runtime, TopicIdPartition topic, string key, int value, TimeProvider? clock = null)
    {
        var timestamp = clock?.GetUtcNow().ToUnixTimeMilliseconds() ?? TestBatch.Now;
        var bytes = new byte[300_000];
        bytes[0] = (byte)value;
        return runtime.ProduceAsync(
            topic, new RecordBatchBuilder().Add(timestamp, Encoding.UTF8.GetBytes(key), bytes).Build());
    }

    private static async Task<List<long>> OffsetsAsync(RuntimeUnderTest runtime, TopicIdPartition topic, long next = 0)
    {
        var offsets = new List<long>();
        while (true)
        {
            using var fetched = await runtime.FetchAsync(topic, next);
            fetched.Partitions[0].Error.ShouldBe(ErrorCode.None);
            if (fetched.Partitions[0].Records.IsEmpty)
            {
                return offsets;
            }

            foreach (var batch in RecordBatches.Split(fetched.Partitions[0].Records))
            {
                foreach (var record in new RecordBatchReader(batch.Header, batch.Records.Span))
                {
                    offsets.Add(record.Offset);
                }

                next = batch.Header.NextOffset;
            }
        }
    }
}
