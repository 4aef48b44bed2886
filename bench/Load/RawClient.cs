using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Bench.Load;

/// <summary>A client that costs next to nothing, so that what is timed is the broker.</summary>
internal static class RawClient
{
    private const short MetadataVersion = 9;
    private const short ProduceVersion = 9;

    /// <summary>Makes the topic by asking for it, and produces one record with acks=all.</summary>
    public static async Task ProduceFirstAsync(BrokerUnderLoad broker, string topic, CancellationToken cancellation)
    {
        await using var connection = await KafkaConnection.ConnectAsync(broker.Host, broker.Port, null, cancellation);
        await connection.SendAsync(
            new MetadataRequest { Topics = [new() { Name = topic }], AllowAutoTopicCreation = true }, MetadataVersion, cancellation);
        while (true)
        {
            var batch = new RecordBatchBuilder().Add(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), null, new byte[100]).Build();
            var answer = await connection.SendAsync(
                new ProduceRequest
                {
                    Acks = -1,
                    TimeoutMs = 10_000,
                    TopicData = [new() { Name = topic, PartitionData = [new() { Index = 0, Records = batch }] }],
                },
                ProduceVersion,
                cancellation);
            var error = answer.Responses[0].PartitionResponses[0].ErrorCode;
            if (error == ErrorCode.None)
            {
                return;
            }

            if (error is not (ErrorCode.UnknownTopicOrPartition or ErrorCode.LeaderNotAvailable or ErrorCode.NotLeaderOrFollower))
            {
                throw new InvalidOperationException($"the first record was refused: {error}");
            }
        }
    }
}
