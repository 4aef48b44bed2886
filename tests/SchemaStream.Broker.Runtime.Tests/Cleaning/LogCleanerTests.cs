using System.Text;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Cleaning;
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

    private static RuntimeOptions Eager(RuntimeOptions options) =>
        options with { Cleaner = new CleanerOptions { Backoff = TimeSpan.FromMilliseconds(20), MaxBytesPerSecond = 1e9 } };

    private static ValueTask<ProduceResult> ProduceAsync(RuntimeUnderTest runtime, TopicIdPartition topic, string key, int value)
    {
        var bytes = new byte[300_000];
        bytes[0] = (byte)value;
        return runtime.ProduceAsync(
            topic, new RecordBatchBuilder().Add(TestBatch.Now, Encoding.UTF8.GetBytes(key), bytes).Build());
    }

    private static async Task<List<long>> OffsetsAsync(RuntimeUnderTest runtime, TopicIdPartition topic)
    {
        var offsets = new List<long>();
        var next = 0L;
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
