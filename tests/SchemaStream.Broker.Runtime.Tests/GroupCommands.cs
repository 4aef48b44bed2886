using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Tests;

/// <summary>Commits of one partition, as simple consumers make them.</summary>
internal static class GroupCommands
{
    public static OffsetCommitCommand Commit(string group, long offset) => new()
    {
        GroupId = group,
        Topics = [new TopicCommit("orders", [new PartitionCommit(0, offset, -1, "")])],
    };

    public static async Task<long> CommittedAsync(RuntimeUnderTest runtime, string group)
    {
        var reply = await runtime.Broker.Groups.SubmitAsync(
            group,
            new OffsetFetchCommand { GroupId = group, Topics = [new TopicPartitions("orders", [0])] },
            CancellationToken.None);
        reply.ErrorCode.ShouldBe(ErrorCode.None);
        return reply.Topics[0].Partitions[0].CommittedOffset;
    }
}
