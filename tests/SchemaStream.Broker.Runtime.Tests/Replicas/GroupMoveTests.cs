using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Tests.Replicas;

/// <summary>A group's coordinator is wherever its partition is led.</summary>
public sealed class GroupMoveTests
{
    [Fact]
    public async Task Group_KeepsItsOffsets_AfterItsCoordinatorsDeath()
    {
        await using var cluster = await ReplicaCluster.StartAsync(3);
        var coordinator = (await cluster[1].Groups.FindCoordinatorAsync("readers", default)).NodeId;
        (await CommitAsync(cluster[coordinator], 42)).ShouldBe(ErrorCode.None);

        await cluster.KillAsync(coordinator);

        var witness = coordinator == 1 ? 2 : 1;
        var successor = (await cluster[witness].Groups.FindCoordinatorAsync("readers", default)).NodeId;
        successor.ShouldNotBe(coordinator);
        var reply = new OffsetFetchReply(ErrorCode.CoordinatorLoadInProgress, []);
        await RuntimeUnderTest.UntilAsync(async () =>
        {
            reply = await FetchAsync(cluster[successor]);
            return reply.ErrorCode != ErrorCode.CoordinatorLoadInProgress;
        });
        reply.ErrorCode.ShouldBe(ErrorCode.None);
        reply.Topics[0].Partitions[0].CommittedOffset.ShouldBe(42);
        (await CommitAsync(cluster[successor], 43)).ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task OffsetsTopic_HasAReplicaOnEachOfThreeBrokers()
    {
        await using var cluster = await ReplicaCluster.StartAsync(3);

        await cluster[2].Groups.FindCoordinatorAsync("readers", default);

        cluster.Image.TryGetTopic(InternalTopics.ConsumerOffsets, out var topic).ShouldBeTrue();
        topic!.Partitions.ShouldAllBe(partition => partition.Replicas.Length == 3);
    }

    [Fact]
    public async Task OffsetsTopic_WithFewerBrokersThanItsFactor_IsNotAvailableYet()
    {
        await using var cluster = await ReplicaCluster.StartAsync(2, options => options with { OffsetsTopicReplicationFactor = 3 });

        (await cluster[1].Groups.FindCoordinatorAsync("readers", default)).Error.ShouldBe(ErrorCode.CoordinatorNotAvailable);

        await cluster.StartBrokerAsync(3);
        (await cluster[1].Groups.FindCoordinatorAsync("readers", default)).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task Coordinator_ThatIsCutOff_AcknowledgesNothingMore()
    {
        await using var cluster = await ReplicaCluster.StartAsync(
            3, options => options with { OffsetsCommitTimeout = TimeSpan.FromMilliseconds(200) });
        var coordinator = (await cluster[1].Groups.FindCoordinatorAsync("readers", default)).NodeId;
        (await CommitAsync(cluster[coordinator], 42)).ShouldBe(ErrorCode.None);

        await cluster[coordinator].IsolateAsync();

        (await CommitAsync(cluster[coordinator], 43)).ShouldBe(ErrorCode.CoordinatorNotAvailable);
    }

    [Fact]
    public async Task CoordinatorThatLostTheLeadership_SaysThatItIsNone()
    {
        await using var cluster = await ReplicaCluster.StartAsync(3);
        var coordinator = (await cluster[1].Groups.FindCoordinatorAsync("readers", default)).NodeId;
        (await CommitAsync(cluster[coordinator], 42)).ShouldBe(ErrorCode.None);

        await cluster.FenceAsync(coordinator);

        (await CommitAsync(cluster[coordinator], 43)).ShouldBe(ErrorCode.NotCoordinator);
    }

    private static async Task<ErrorCode> CommitAsync(ReplicaNode node, long offset)
    {
        var reply = await node.Groups.SubmitAsync("readers", GroupCommands.Commit("readers", offset), default);
        return reply.Topics[0].Partitions[0].ErrorCode;
    }

    private static async Task<OffsetFetchReply> FetchAsync(ReplicaNode node) => await node.Groups.SubmitAsync(
        "readers", new OffsetFetchCommand { GroupId = "readers", Topics = [new TopicPartitions("orders", [0])] }, default);
}
