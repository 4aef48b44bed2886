using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Tests.Partitions;

public sealed class OffsetTests
{
    [Fact]
    public async Task ListOffsets_FindsEndsAndTimes()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders");
        var now = TestBatch.Now;
        await runtime.ProduceAsync(topic, TestBatch.At(now - 3000, "a"));
        await runtime.ProduceAsync(topic, TestBatch.At(now - 1000, "b"));
        await runtime.ProduceAsync(topic, TestBatch.At(now - 2000, "c"));

        (await ListAsync(ListOffsetsTimestamp.Earliest)).Offset.ShouldBe(0);
        (await ListAsync(ListOffsetsTimestamp.Latest)).Offset.ShouldBe(3);
        (await ListAsync(ListOffsetsTimestamp.MaxTimestamp)).ShouldSatisfyAllConditions(
            found => found.Offset.ShouldBe(1), found => found.TimestampMs.ShouldBe(now - 1000));
        (await ListAsync(now - 2500)).ShouldSatisfyAllConditions(
            found => found.Offset.ShouldBe(1), found => found.TimestampMs.ShouldBe(now - 1000));
        (await ListAsync(now)).ShouldSatisfyAllConditions(
            found => found.Error.ShouldBe(ErrorCode.None), found => found.Offset.ShouldBe(-1));
        (await ListAsync(ListOffsetsTimestamp.LatestTiered)).Offset.ShouldBe(-1);

        async Task<ListOffsetsResult> ListAsync(long timestamp) =>
            await runtime.Partitions.ListOffsetsAsync(topic, timestamp, IsolationLevel.ReadUncommitted);
    }

    [Fact]
    public async Task ListOffsets_ByTime_LooksIntoCompressedBatches()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders");
        var now = TestBatch.Now;
        var builder = new RecordBatchBuilder
        {
            Compression = CompressionType.Gzip, Compressor = SchemaStream.Compression.RecordCompression.Compress,
        };
        builder.Add(now - 3, null, "a"u8.ToArray()).Add(now - 2, null, "b"u8.ToArray()).Add(now - 1, null, "c"u8.ToArray());
        await runtime.ProduceAsync(topic, builder.Build());

        var found = await runtime.Partitions.ListOffsetsAsync(topic, now - 2, IsolationLevel.ReadUncommitted);

        (found.Offset, found.TimestampMs).ShouldBe((1, now - 2));
    }

    [Fact]
    public async Task OffsetForLeaderEpoch_KnowsWhereEachEpochEnded()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders");
        await runtime.ProduceAsync(topic, TestBatch.Of("a", "b"));
        runtime.Image.TryGetTopic(topic.TopicId, out var before).ShouldBeTrue();
        await runtime.RestartAsync();
        await runtime.ProduceAsync(topic, TestBatch.Of("c"));
        runtime.Image.TryGetTopic(topic.TopicId, out var after).ShouldBeTrue();
        var (old, current) = (before!.Partitions[0].LeaderEpoch, after!.Partitions[0].LeaderEpoch);

        var newest = await runtime.Partitions.OffsetForLeaderEpochAsync(topic, current);
        (newest.LeaderEpoch, newest.EndOffset).ShouldBe((current, 3));
        if (current > old)
        {
            var ended = await runtime.Partitions.OffsetForLeaderEpochAsync(topic, old);
            (ended.LeaderEpoch, ended.EndOffset).ShouldBe((old, 2));
        }
    }

    [Fact]
    public async Task DeleteRecords_MovesTheStart_AlsoAcrossARestart()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders");
        await runtime.ProduceAsync(topic, TestBatch.Of("a", "b", "c"));

        (await runtime.Partitions.DeleteRecordsAsync(topic, 9)).Error.ShouldBe(ErrorCode.OffsetOutOfRange);
        (await runtime.Partitions.DeleteRecordsAsync(topic, 2)).LowWatermark.ShouldBe(2);
        await runtime.RestartAsync();
        (await runtime.Partitions.ListOffsetsAsync(topic, ListOffsetsTimestamp.Earliest, IsolationLevel.ReadUncommitted)).Offset.ShouldBe(2);
        (await runtime.Partitions.DeleteRecordsAsync(topic, -1)).LowWatermark.ShouldBe(3);
    }
}
