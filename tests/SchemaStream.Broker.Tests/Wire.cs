using System.Text;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.Protocol.Records;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests;

/// <summary>What tests say to a broker, in few words.</summary>
internal static class Wire
{
    public const short ProduceVersion = 9;
    public const short FetchVersion = 12;

    /// <summary>A batch of these values, as a producer makes it.</summary>
    public static byte[] Batch(params string[] values) => Batch(new RecordBatchBuilder(), values);

    public static byte[] Batch(RecordBatchBuilder builder, params string[] values)
    {
        var timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var value in values)
        {
            builder.Add(timestamp, null, Encoding.UTF8.GetBytes(value));
        }

        return builder.Build();
    }

    /// <summary>The values of all batches, in order.</summary>
    public static List<string> Values(ReadOnlyMemory<byte>? records)
    {
        var values = new List<string>();
        var rest = records.GetValueOrDefault();
        while (rest.Length > 0)
        {
            var size = (int)new RecordBatchHeader(rest.Span).SizeInBytes;
            foreach (var record in RecordBatchReader.OfUncompressed(rest.Span[..size]))
            {
                values.Add(Encoding.UTF8.GetString(record.Value));
            }

            rest = rest[size..];
        }

        return values;
    }

    public static async Task<Guid> CreateTopicAsync(
        this KafkaConnection client, string name, int partitions = 1, short replicationFactor = 1, params (string Name, string Value)[] configs)
    {
        var topic = new CreateTopicsRequest.CreatableTopic
        {
            Name = name,
            NumPartitions = partitions,
            ReplicationFactor = replicationFactor,
            Configs = [.. configs.Select(config => new CreateTopicsRequest.CreatableTopicConfig { Name = config.Name, Value = config.Value })],
        };
        var response = await client.SendAsync(new CreateTopicsRequest { Topics = [topic] }, 7).WaitAsync(TestTime.Limit);
        response.Topics[0].ErrorCode.ShouldBe(ErrorCode.None, response.Topics[0].ErrorMessage);
        return response.Topics[0].TopicId;
    }

    /// <summary>What every client asks before it speaks of a group; the first one has __consumer_offsets created.</summary>
    public static async Task FindCoordinatorAsync(this KafkaConnection client, string groupId)
    {
        var response = await client.SendAsync(new FindCoordinatorRequest { Key = groupId }, 3).WaitAsync(TestTime.Limit);
        response.ErrorCode.ShouldBe(ErrorCode.None);
    }

    public static ProduceRequest ProduceRequest(string topic, ReadOnlyMemory<byte>? records, int partition = 0, short acks = -1) => new()
    {
        Acks = acks,
        TimeoutMs = 10_000,
        TopicData = [new() { Name = topic, PartitionData = [new() { Index = partition, Records = records }] }],
    };

    public static async Task<ProduceResponse.PartitionProduceResponse> ProduceAsync(
        this KafkaConnection client, string topic, ReadOnlyMemory<byte>? records, int partition = 0, short acks = -1)
    {
        var response = await client.SendAsync(ProduceRequest(topic, records, partition, acks), ProduceVersion).WaitAsync(TestTime.Limit);
        return response.Responses[0].PartitionResponses[0];
    }

    public static FetchRequest FetchRequest(string topic, long offset, int partition = 0, int maxWaitMs = 0, int minBytes = 1) => new()
    {
        MaxWaitMs = maxWaitMs,
        MinBytes = minBytes,
        Topics = [new() { Topic = topic, Partitions = [new() { Partition = partition, FetchOffset = offset, PartitionMaxBytes = 1 << 20 }] }],
    };

    public static async Task<FetchResponse.PartitionData> FetchAsync(
        this KafkaConnection client, string topic, long offset, int partition = 0, int maxWaitMs = 0)
    {
        var response = await client.SendAsync(FetchRequest(topic, offset, partition, maxWaitMs), FetchVersion).WaitAsync(TestTime.Limit);
        response.ErrorCode.ShouldBe(ErrorCode.None);
        return response.Responses[0].Partitions[0];
    }

    public static async Task<long> LatestOffsetAsync(this KafkaConnection client, string topic, int partition = 0)
    {
        var request = new ListOffsetsRequest
        {
            ReplicaId = -1,
            Topics = [new() { Name = topic, Partitions = [new() { PartitionIndex = partition, Timestamp = -1 }] }],
        };
        var response = await client.SendAsync(request, 7).WaitAsync(TestTime.Limit);
        response.Topics[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.None);
        return response.Topics[0].Partitions[0].Offset;
    }
}
