using System.Buffers;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Storage;
using SchemaStream.Broker.Storage.Directories;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Tests.DataDirectories;

/// <summary>
/// A directory that was written before there was a quorum: the metadata log of a controller alone, in epoch 1, with records
/// of their first versions, and no state of a quorum.
/// </summary>
public sealed class OlderDirectoryTests
{
    private static readonly Guid TopicId = new("6f1d5c1e-8f0a-4c6b-9a53-0c9a2d1b7e42");
    private static readonly Guid MetadataTopicId = new("00000000-0000-0000-0000-000000000001");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_OnADirectoryFromBeforeTheQuorum_HasTheSameTopicsAndTheSameData(bool stoppedCleanly)
    {
        var disk = new MemoryDisk();
        Write(disk, stoppedCleanly);

        for (var round = 0; round < 2; round++)
        {
            await using var broker = await StartAsync(disk);
            var image = broker.Metadata.Image;
            image.ClusterId.ShouldBe("an-older-cluster");
            image.NextProducerId.ShouldBe(5000);
            image.TryGetTopic("orders", out var topic).ShouldBeTrue();
            topic!.TopicId.ShouldBe(TopicId);
            topic.ConfigOverrides["retention.ms"].ShouldBe("-1");
            var partition = topic.Partition(0)!;
            partition.Leader.ShouldBe(1);
            partition.LeaderEpoch.ShouldBeGreaterThan(0);

            var id = new TopicIdPartition(TopicId, 0);
            using var fetched = await broker.Partitions.FetchAsync(
                RuntimeUnderTest.Query([new FetchPartition(id, 0, 1 << 20)]), CancellationToken.None);
            RuntimeUnderTest.ValuesOf(fetched.Partitions[0])[..3].ShouldBe(["a", "b", "c"]);
            var produced = await broker.Partitions.ProduceAsync(
                id, TestBatch.Of("d"), new ProduceOptions(RequiredAcks.All, TimeSpan.FromSeconds(5)));
            (produced.Error, produced.BaseOffset).ShouldBe((ErrorCode.None, 3 + round));
        }
    }

    private static Task<BrokerRuntime> StartAsync(MemoryDisk disk) => BrokerRuntime.StartAsync(
        disk.Directory("data"),
        new RuntimeOptions
        {
            NodeId = 1,
            DataDirectory = "data",
            Endpoints = [new BrokerEndpoint("PLAINTEXT", "127.0.0.1", 9092)],
            LaneCount = 1,
        },
        NullLoggerFactory.Instance,
        TimeProvider.System,
        CancellationToken.None);

    private static void Write(MemoryDisk disk, bool stoppedCleanly)
    {
        var root = disk.Directory("data");
        using var data = DataDirectory.Open(root);
        root.ReplaceText(
            "meta.properties", "cluster.id=an-older-cluster\ndirectory.id=YWJjZGVmZ2hpamtsbW5vcA\nnode.id=1\nversion=1\n", durable: true);
        var cache = new LogFileCache(16);
        var metadata = Open(data, cache, new PartitionDirectory(InternalTopics.ClusterMetadata, 0), MetadataTopicId);
        foreach (var batch in MetadataBatches())
        {
            Append(metadata, batch);
        }

        var orders = Open(data, cache, new PartitionDirectory("orders", 0), TopicId);
        Append(orders, TestBatch.Of("a", "b"));
        Append(orders, TestBatch.Of("c"));
        orders.Close();
        metadata.Close();
        data.WriteCheckpoints([new LogCheckpoint(new PartitionDirectory("orders", 0), orders.RecoveryPoint, 0, 0)]);
        if (stoppedCleanly)
        {
            data.MarkCleanShutdown();
        }
    }

    private static PartitionLog Open(DataDirectory data, LogFileCache cache, PartitionDirectory partition, Guid topicId) =>
        data.OpenLog(partition, topicId, new LogConfig { RetentionMs = -1, CleanupPolicy = CleanupPolicy.None }, cache, TestBatch.Now);

    private static void Append(PartitionLog log, byte[] batch)
    {
        log.AppendAsLeader(batch, leaderEpoch: 1, TestBatch.Now, AppendOrigin.Coordinator).IsSuccess.ShouldBeTrue();
        log.Flush();
    }

    private static IEnumerable<byte[]> MetadataBatches()
    {
        yield return Batch(new ClusterRecord { ClusterId = "an-older-cluster" });
        yield return Batch(new RegisterBrokerRecord
        {
            BrokerId = 1,
            IncarnationId = Guid.NewGuid(),
            BrokerEpoch = 1,
            Endpoints = [new() { Listener = "PLAINTEXT", Host = "127.0.0.1", Port = 9092 }],
            Fenced = true,
        });
        yield return Batch(new BrokerFencingRecord { BrokerId = 1, BrokerEpoch = 1, Fenced = false });
        yield return Batch(
            new TopicRecord { Name = "orders", TopicId = TopicId },
            new PartitionRecord { TopicId = TopicId, PartitionId = 0, Replicas = [1], Isr = [1], Leader = 1 },
            new ConfigRecord { ResourceType = 2, ResourceName = "orders", Name = "retention.ms", Value = "-1" });
        yield return Batch(new PartitionChangeRecord { TopicId = TopicId, PartitionId = 0, Leader = 1, LeaderEpoch = 1, PartitionEpoch = 1 });
        yield return Batch(new ProducerIdsRecord { BrokerId = 1, BrokerEpoch = 1, NextProducerId = 5000 });
    }

    private static byte[] Batch(params IRecordMessage[] records)
    {
        var builder = new RecordBatchBuilder();
        foreach (var record in records)
        {
            builder.Add(TestBatch.Now, null, Encode(record));
        }

        return builder.Build();
    }

    /// <summary>Frame version 1, the kind, version 0, and the fields: as it was written then.</summary>
    private static byte[] Encode(IRecordMessage record)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output);
        writer.WriteUnsignedVarint(1);
        writer.WriteUnsignedVarint((uint)record.RecordType);
        writer.WriteUnsignedVarint(0);
        record.Write(ref writer, 0);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }
}
