using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Tests.Partitions;

public sealed class ProduceTests
{
    [Theory]
    [InlineData(RequiredAcks.All)]
    [InlineData(RequiredAcks.Leader)]
    [InlineData(RequiredAcks.None)]
    public async Task Produce_WithAnyAcks_AppendsAndCanBeFetched(RequiredAcks acks)
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders");

        var first = await runtime.ProduceAsync(topic, TestBatch.Of("a", "b"), acks);
        var second = await runtime.ProduceAsync(topic, TestBatch.Of("c"), acks);

        (first.Error, first.BaseOffset).ShouldBe((ErrorCode.None, 0));
        (second.Error, second.BaseOffset).ShouldBe((ErrorCode.None, 2));
        using var fetched = await runtime.FetchAsync(topic, 0);
        RuntimeUnderTest.ValuesOf(fetched.Partitions[0]).ShouldBe(["a", "b", "c"]);
        fetched.Partitions[0].HighWatermark.ShouldBe(3);
    }

    [Theory]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public async Task Produce_Compressed_IsKeptAsItIs(CompressionType compression)
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders");
        var batch = TestBatch.Of(compression, "a", "b");

        (await runtime.ProduceAsync(topic, batch)).Error.ShouldBe(ErrorCode.None);

        using var fetched = await runtime.FetchAsync(topic, 0);
        fetched.Partitions[0].Records.ToArray().ShouldBe(batch);
    }

    [Fact]
    public async Task Produce_ToATopicWithItsOwnCompression_IsPackedAnew()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders", configs: ("compression.type", "uncompressed"));

        (await runtime.ProduceAsync(topic, TestBatch.Of(CompressionType.Lz4, "a", "b"))).Error.ShouldBe(ErrorCode.None);

        using var fetched = await runtime.FetchAsync(topic, 0);
        new RecordBatchHeader(fetched.Partitions[0].Records.Span).Compression.ShouldBe(CompressionType.None);
        RecordBatches.Validate(fetched.Partitions[0].Records.Span, out _).ShouldBe(RecordBatchFault.None);
        RuntimeUnderTest.ValuesOf(fetched.Partitions[0]).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Produce_WhatDoesNotDecompress_IsRefusedThoughItsChecksumIsRight()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders");
        var batch = TestBatch.Of(CompressionType.Zstd, "a", "b", "c");
        batch.AsSpan(RecordBatchHeader.Size + 4).Fill(0xFF);
        RecordBatchHeader.WriteCrc(batch);

        var result = await runtime.ProduceAsync(topic, batch);

        result.Error.ShouldBe(ErrorCode.InvalidRecord);
        result.ErrorMessage.ShouldNotBeNull().ShouldContain("decompress");
    }

    [Fact]
    public async Task Produce_WithAWrongChecksum_IsCorrupt()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders");
        var batch = TestBatch.Of("a");
        batch[^2] ^= 1;

        (await runtime.ProduceAsync(topic, batch)).Error.ShouldBe(ErrorCode.CorruptMessage);
        (await runtime.ProduceAsync(topic, batch.AsMemory(0, 40))).Error.ShouldBe(ErrorCode.CorruptMessage);
    }

    [Fact]
    public async Task Produce_OfTwoBatchesAtOnce_IsInvalid()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders");
        byte[] two = [.. TestBatch.Of("a"), .. TestBatch.Of("b")];

        (await runtime.ProduceAsync(topic, two)).Error.ShouldBe(ErrorCode.InvalidRecord);
        (await runtime.ProduceAsync(topic, default)).Error.ShouldBe(ErrorCode.InvalidRecord);
    }

    [Fact]
    public async Task Produce_AgainstTheTopicsRules_IsRefusedWithTheirErrors()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var small = await runtime.CreateTopicAsync("small", configs: ("max.message.bytes", "100"));
        var compacted = await runtime.CreateTopicAsync("compacted", configs: ("cleanup.policy", "compact"));
        var recent = await runtime.CreateTopicAsync("recent", configs: ("message.timestamp.before.max.ms", "1000"));

        (await runtime.ProduceAsync(small, TestBatch.Of(new string('x', 100)))).Error.ShouldBe(ErrorCode.MessageTooLarge);
        (await runtime.ProduceAsync(compacted, TestBatch.WithoutKey("a"))).Error.ShouldBe(ErrorCode.InvalidRecord);
        (await runtime.ProduceAsync(recent, TestBatch.At(TestBatch.Now - 60_000, "a"))).Error.ShouldBe(ErrorCode.InvalidTimestamp);
        (await runtime.ProduceAsync(recent, TestBatch.At(TestBatch.Now + 7_200_000, "a"))).Error.ShouldBe(ErrorCode.InvalidTimestamp);
    }

    [Fact]
    public async Task Produce_WithTheBrokersTime_IsStamped()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders", configs: ("message.timestamp.type", "LogAppendTime"));

        var result = await runtime.ProduceAsync(topic, TestBatch.At(1, "a"));

        result.LogAppendTimeMs.ShouldBeGreaterThan(1);
        using var fetched = await runtime.FetchAsync(topic, 0);
        var header = new RecordBatchHeader(fetched.Partitions[0].Records.Span);
        header.TimestampType.ShouldBe(TimestampType.LogAppendTime);
        header.MaxTimestamp.ShouldBe(result.LogAppendTimeMs);
        RecordBatches.Validate(fetched.Partitions[0].Records.Span, out _).ShouldBe(RecordBatchFault.None);
    }

    [Fact]
    public async Task Produce_OfAnIdempotentProducer_IsAppendedOnceAndInOrder()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders");
        var id = (await runtime.Broker.ProducerIds.AllocateAsync(CancellationToken.None)).ProducerId;

        (await runtime.ProduceAsync(topic, TestBatch.Idempotent(id, 0, "a"))).BaseOffset.ShouldBe(0);
        (await runtime.ProduceAsync(topic, TestBatch.Idempotent(id, 1, "b"))).BaseOffset.ShouldBe(1);
        (await runtime.ProduceAsync(topic, TestBatch.Idempotent(id, 1, "b"))).BaseOffset.ShouldBe(1);
        (await runtime.ProduceAsync(topic, TestBatch.Idempotent(id, 5, "f"))).Error.ShouldBe(ErrorCode.OutOfOrderSequenceNumber);

        using var fetched = await runtime.FetchAsync(topic, 0);
        RuntimeUnderTest.ValuesOf(fetched.Partitions[0]).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Produce_ToWhatIsNotThere_NamesTheReason()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders");
        await runtime.Broker.Groups.FindCoordinatorAsync("group", CancellationToken.None);
        runtime.Image.TryGetTopic(InternalTopics.ConsumerOffsets, out var offsets).ShouldBeTrue();

        (await runtime.ProduceAsync(topic with { Partition = 1 }, TestBatch.Of("a"))).Error.ShouldBe(ErrorCode.UnknownTopicOrPartition);
        (await runtime.ProduceAsync(new TopicIdPartition(Guid.NewGuid(), 0), TestBatch.Of("a"))).Error
            .ShouldBe(ErrorCode.UnknownTopicOrPartition);
        (await runtime.ProduceAsync(new TopicIdPartition(offsets!.TopicId, 0), TestBatch.Of("a"))).Error
            .ShouldBe(ErrorCode.InvalidTopicException);
        (await runtime.Partitions.ProduceAsync(
            topic, TestBatch.Of("a"), new ProduceOptions(RequiredAcks.All, TimeSpan.FromSeconds(1), CurrentLeaderEpoch: 99)))
            .Error.ShouldBe(ErrorCode.UnknownLeaderEpoch);
    }

    [Fact]
    public async Task Produce_FromManyCallers_GivesEveryBatchItsOwnOffsets()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders");

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var offsets = new List<long>();
            for (var i = 0; i < 100; i++)
            {
                offsets.Add((await runtime.ProduceAsync(topic, TestBatch.Of("x"))).BaseOffset);
            }

            offsets.ShouldBe(offsets.Order());
            return offsets;
        })));

        results.SelectMany(offsets => offsets).Order().ShouldBe(Enumerable.Range(0, 800).Select(i => (long)i));
    }
}
