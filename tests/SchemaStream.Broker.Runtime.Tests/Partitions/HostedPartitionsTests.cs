using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Runtime.Partitions;

namespace SchemaStream.Broker.Runtime.Tests.Partitions;

public sealed class HostedPartitionsTests : IDisposable
{
    private readonly Lane _lane = new("test", 64, new ManualTimeProvider(), NullLogger.Instance);

    public void Dispose() => _lane.Dispose();

    /// <summary>A look for metrics may fall between a partition's coming and the image that has it being shown.</summary>
    [Fact]
    public void Traffic_IsForgottenWithTheLastPartitionOfItsTopic_AndNotBefore()
    {
        var hosted = new HostedPartitions([_lane]);
        var partition = new HostedPartition(new TopicIdPartition(Guid.NewGuid(), 0), "orders", _lane, 0, TopicConfig.Default);
        hosted.Add(partition);

        hosted.ForgetTopics();
        partition.Traffic!.Produced(bytes: 100, records: 5);

        hosted.Counts.Topics.ShouldHaveSingleItem().RecordsReceived.ShouldBe(5);
        hosted.Remove(partition);
        hosted.ForgetTopics();
        hosted.Counts.Topics.ShouldBeEmpty();
    }
}
